/** Identify of a day that lies in a folder, without the tables that it looks merchant numbers up in. */
import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { writeJson } from '../../functions/reconciliation/files.ts';
import { frameStatement } from '../../functions/reconciliation/frame-statement.ts';
import { sourceOf } from '../../functions/reconciliation/reading/byte-source.ts';
import { formatNamed } from '../../functions/reconciliation/reading/catalogue.ts';
import { openContainer, startOf } from '../../functions/reconciliation/reading/container.ts';
import { endBytes } from '../../functions/reconciliation/reading/file-start.ts';
import { recogniseFiles } from '../../functions/reconciliation/reading/recognition.ts';
import { isRejection, type Rejection } from '../../functions/reconciliation/rejection.ts';
import type { IdentifiedRun } from '../../functions/reconciliation/run.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import type { LocalFiles } from './local-files.ts';

export interface OurDay {
  /** holds the two sides under `statements/`; working files go beside it */
  readonly folder: string;
  readonly format: string;
  readonly statementKey: string;
  readonly ownKey: string;
  readonly merchantNo: string;
  readonly date: string;
}

/** The run as Identify leaves it. @throws Error where it would turn the file away */
export async function identifyDay(files: LocalFiles, day: OurDay): Promise<IdentifiedRun> {
  const { format: name, merchantNo, date, folder, statementKey } = day;
  const { size } = statSync(join(folder, 'statements', statementKey));
  const statement = { channel: 'sandbox-wallet', merchantNo, date: date as AccountingDate }; // a real day
  const file = { bucket: 'statements', key: statementKey, size, sha256: '' };
  const reconciliationId = idFrom('recon', 'bench');
  const container = accepted(await openContainer(sourceOf(files, file), statementKey));
  const seen = await Promise.all(
    container.entries.map(async (each) => ({ ...each, head: await startOf(each, endBytes) })),
  );
  // as if the channel delivered every format: the file has to look like its own, and like no other
  const delivered = await Promise.all(formatNames.map(formatNamed));
  const { format, parts } = accepted(await recogniseFiles(seen, { delivered, known: formatNames }));
  if (format.name !== name) throw new Error(`${statementKey} looks like ${format.name}, not like ${name}`);
  const found = { run: { file, reconciliationId }, format, packing: container.packing, parts };
  const context = { ...statement, currency, fileName: statementKey, timeZone } as const;
  const { frame, content } = accepted(await frameStatement(files, found, context));
  const { frame: frameKey } = workingKeys(reconciliationId);
  await writeJson(files, frameKey, frame);
  return {
    reconciliationId,
    statement,
    version: 1,
    file,
    identified: {
      format: name,
      content,
      frameKey,
      settlementAccountId: idFrom('acct', 'bench'),
      institutionId: idFrom('inst', 'bench'),
      currency,
      policy: { fees: 'per_line', carryOver: { windowMinutes: 0, days: 0 }, unfinishedDay: 'wait' },
      timeZone,
    },
  };
}

const formatNames = readdirSync(join(import.meta.dirname, '..', '..', 'functions', 'reconciliation', 'formats')).map(
  (file) => file.replace(/\.ts$/, ''),
);

const [currency, timeZone] = ['CNY', 'Asia/Shanghai'] as const;

/** @throws Error with the rejection */
export function accepted<Outcome extends object>(outcome: Outcome | Rejection): Outcome {
  if (isRejection(outcome)) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return outcome;
}
