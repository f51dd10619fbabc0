/** Identify: whose statement it is and in which format, or why it is turned away. */
import { findChannel, findMerchant, findReconciliationPolicy } from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import type { ArchiveRead } from './batch.ts';
import { noteFormat, noteOwner } from './batch-store.ts';
import { deliveredFormats, keepProfile } from './delivered-formats.ts';
import { writeJson } from './files.ts';
import { frameStatement } from './frame-statement.ts';
import { sourceOf } from './reading/byte-source.ts';
import { type Container, openContainer, type PackedFile, startOf } from './reading/container.ts';
import { endBytes } from './reading/file-start.ts';
import { recogniseFiles, type SeenFile } from './reading/recognition.ts';
import { Unpackable } from './reading/unpacking.ts';
import type { Reconciliation } from './reconciliation.ts';
import { isRejection, type Rejection, reject } from './rejection.ts';
import type { Identified, Run } from './run.ts';
import { workingKeys } from './working-keys.ts';

type Needs = Pick<Reconciliation, 'table' | 'files' | 'channels' | 'clock' | 'formatNames'>;

export async function identifyStatement(
  dependencies: Needs,
  run: Run,
): Promise<Identified | { readonly rejection: Rejection }> {
  const outcome = await identify(dependencies, run).catch(turnedAway);
  if (isRejection(outcome)) return { rejection: outcome };
  const { identified, archive } = outcome;
  await noteFormat(dependencies.table, run.reconciliationId, { format: identified.format, archive });
  return identified;
}

/** A container may turn out damaged wherever it is read. */
function turnedAway(error: unknown): Rejection {
  if (error instanceof Unpackable) return error.rejection;
  throw error;
}

interface Found {
  readonly identified: Identified;
  readonly archive?: ArchiveRead | undefined;
}

async function identify(dependencies: Needs, run: Run): Promise<Found | Rejection> {
  const { files, channels, clock } = dependencies;
  const { statement, file, rejection } = run;
  if (rejection) return rejection;
  if (!statement) return reject('unreadable_key', `The key ${file.key} names no channel, merchant number and day.`);

  const channel = await findChannel(channels, statement.channel);
  if (!channel) return reject('unknown_channel', `There is no channel ${statement.channel}.`);
  const merchant = await findMerchant(channels, statement.channel, statement.merchantNo);
  if (!merchant) {
    return reject('unknown_merchant', `Nobody registered the merchant number ${statement.merchantNo}.`);
  }
  await noteOwner(dependencies.table, run.reconciliationId, merchant);
  if (statement.date > accountingDateAt(clock(), channel.timeZone)) {
    return reject('wrong_day', `${statement.date} has not come yet.`);
  }
  if (file.size === 0) return reject('empty_file', 'The file has no byte.');

  const fileName = file.key.slice(file.key.lastIndexOf('/') + 1);
  const container = await openContainer(sourceOf(files, file), fileName);
  if (isRejection(container)) return container;
  const delivered = await deliveredFormats(dependencies, merchant.statementFormats ?? channel.statementFormats);
  if (isRejection(delivered)) return delivered;
  const seen: (PackedFile & SeenFile)[] = [];
  // one at a time: each holds a few megabytes while it is looked into
  for (const entry of container.entries) seen.push({ ...entry, head: await startOf(entry, endBytes) });
  const recognised = await recogniseFiles(seen, {
    delivered: delivered.map(({ format }) => format),
    known: dependencies.formatNames,
  });
  if (isRejection(recognised)) return recognised;

  const { format, parts, passedOver } = recognised;
  const { merchantNo, date } = statement;
  const { currency } = merchant;
  const context = { merchantNo, date, currency, fileName: parts[0]?.fileName ?? fileName, timeZone: channel.timeZone };
  const framed = await frameStatement(files, { run, format, parts, packing: container.packing }, context);
  if (isRejection(framed)) return framed;

  const policy = await findReconciliationPolicy(channels, statement);
  const profile = delivered.find((each) => each.format === format)?.profile;
  if (profile) await keepProfile(files, run, profile);
  const frameKey = workingKeys(run.reconciliationId).frame;
  await writeJson(files, frameKey, framed.frame);
  const identified = {
    format: format.name,
    content: framed.content,
    frameKey,
    settlementAccountId: merchant.accountId,
    institutionId: merchant.institutionId,
    currency: merchant.currency,
    policy: { fees: policy.fees, carryOver: policy.carryOver, unfinishedDay: policy.unfinishedDay },
    timeZone: channel.timeZone,
  };
  return { identified, archive: archiveRead(container, { parts, passedOver }) };
}

function archiveRead(
  { packing }: Container,
  { parts, passedOver }: Record<'parts' | 'passedOver', readonly { readonly name: string }[]>,
): ArchiveRead | undefined {
  if (packing !== 'zip') return undefined;
  return { read: parts.map(({ name }) => name), passedOver: passedOver.map(({ name }) => name) };
}
