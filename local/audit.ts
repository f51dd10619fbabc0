/** `npm run audit`: re-derives the ledger of a deployment from its table, and ends with code 1 when anything is wrong. */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { decimalFromMinorUnits } from '../functions/kernel/money.ts';
import type { Table } from '../functions/kernel/table.ts';
import { type AuditFiles, type AuditReport, type AuditSource, runAudit } from '../functions/ledger/index.ts';
import { checkVerifications } from '../functions/parties/index.ts';
import { checkPayments } from '../functions/payments/index.ts';
import { checkSuspense } from '../functions/reconciliation/index.ts';
import { runCommand } from './command.ts';
import { connectToDeployment } from './connect.ts';
import { Failure } from './failure.ts';
import { type Outputs, output } from './outsider/outputs.ts';
import { tableText } from './table.ts';

/** At most so many findings are shown; one damaged chain can bring thousands. */
const shownFindings = 50;

if (import.meta.main) {
  await runCommand(async () => {
    const report = await auditBooks(await chosenTables());
    console.log(auditText(report));
    if (report.findings.length > 0) throw new Failure(`the ledger is damaged: ${report.findings.length} finding(s)`);
  });
}

export interface AuditedTables {
  readonly ledger: Table;
  /** all absent where the ledger alone is audited */
  readonly payments?: Table;
  readonly parties?: Table;
  readonly reconciliation?: Table;
}

/** What an audit found, and how long it took. */
export interface TimedReport extends AuditReport {
  readonly seconds: number;
}

/**
 * The ledger's own laws; that each payment has exactly its postings; that the suspense accounts hold what the open
 * differences add up to. What one step hands to the next lies in a folder that is removed at the end, so that a ledger
 * of any size is audited in the memory of a small one.
 */
export async function auditBooks({ ledger, payments, parties, reconciliation }: AuditedTables): Promise<TimedReport> {
  const sources: readonly AuditSource[] = [
    ...(payments ? [checkPayments({ table: payments })] : []),
    ...(parties ? [checkVerifications({ table: parties })] : []),
    ...(reconciliation ? [checkSuspense({ table: reconciliation })] : []),
  ];
  const folder = await mkdtemp(join(tmpdir(), 'fund-center-audit-'));
  try {
    const started = performance.now();
    const report = await runAudit({ ledger, sources, files: filesIn(folder) }, { runId: 'command' });
    return { ...report, seconds: (performance.now() - started) / 1000 };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

function filesIn(folder: string): AuditFiles {
  return {
    write: async (key, text) => {
      const path = join(folder, key);
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, text);
    },
    read: (key) => readFile(join(folder, key), 'utf8'),
  };
}

/** Without the SDK's middleware for logs, which copies every item for a log that nobody keeps: a third of the audit's time. */
function auditingClient(): DynamoDBClient {
  const client = new DynamoDBClient({});
  client.middlewareStack.remove('loggerMiddleware');
  return client;
}

export function tablesOf(outputs: Outputs): AuditedTables {
  const client = auditingClient();
  return {
    ledger: { client, name: output(outputs, 'LedgerTableName') },
    payments: { client, name: output(outputs, 'PaymentsTableName') },
    parties: { client, name: output(outputs, 'PartiesTableName') },
    reconciliation: { client, name: output(outputs, 'ReconciliationTableName') },
  };
}

/** The tables that the options name, with the credentials of the environment, or those of the deployment on this machine. */
async function chosenTables(): Promise<AuditedTables> {
  const option = { type: 'string' } as const;
  const { values } = parseArgs({
    options: {
      table: option,
      'payments-table': option,
      'parties-table': option,
      'reconciliation-table': option,
    },
  });
  const {
    table,
    'payments-table': payments,
    'parties-table': parties,
    'reconciliation-table': reconciliation,
  } = values;
  if (table === undefined) return tablesOf(await connectToDeployment());
  const client = auditingClient();
  return {
    ledger: { client, name: table },
    ...(payments !== undefined && { payments: { client, name: payments } }),
    ...(parties !== undefined && { parties: { client, name: parties } }),
    ...(reconciliation !== undefined && { reconciliation: { client, name: reconciliation } }),
  };
}

/** The report for people: trial balance, what was read, and what is wrong. */
export function auditText({ trialBalance, counts, tables, looks, findings, seconds }: TimedReport): string {
  const balances = tableText(
    ['subject', '', 'currency', 'debit', 'credit'],
    trialBalance.map(({ name, nameZh, currency, debit, credit }) => [
      name,
      nameZh,
      currency,
      ...[debit, credit].map((amount) => decimalFromMinorUnits(amount, currency)),
    ]),
  );
  const { accounts, postings, entries, chains } = counts;
  const read = `${accounts} accounts, ${postings} postings, ${entries} entries in ${chains} chains`;
  const perSecond = Math.round((entries * looks) / seconds);
  const speed = `${tables.join(', ')} read ${looks === 1 ? 'once' : 'twice'} in ${seconds.toFixed(1)} s: ${perSecond} entries/s`;
  if (findings.length === 0) return `${balances}\n✔ ${read}: every chain, hash, balance and sum is right\n  ${speed}`;

  const wrong = tableText(
    ['finding', 'account#slot', 'entry', 'posting', 'detail'],
    findings.slice(0, shownFindings).map(({ code, accountId, slot, seq, postingId, transactionId, detail }) => {
      const chain = accountId === undefined ? '' : `${accountId}#${slot ?? '*'}`;
      return [code, chain, seq ?? '', postingId ?? '', transactionId ? `${transactionId}: ${detail}` : detail];
    }),
  );
  const more = findings.length > shownFindings ? `\n… and ${findings.length - shownFindings} more` : '';
  return `${balances}\n${wrong}${more}\n✖ ${read}: ${findings.length} finding(s)\n  ${speed}`;
}
