/** `npm run audit`: re-derives the ledger of a deployment from its table, and ends with code 1 when anything is wrong. */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { decimalFromMinorUnits } from '../functions/kernel/money.ts';
import type { Table } from '../functions/kernel/table.ts';
import { type AuditReport, auditLedger, trialBalance } from '../functions/ledger/index.ts';
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
  /** absent where the ledger alone is audited */
  readonly reconciliation?: Table;
}

/** The ledger's own laws, and that its suspense accounts hold what the open differences add up to. */
export function auditBooks({ ledger, reconciliation }: AuditedTables): Promise<AuditReport> {
  return auditLedger(ledger, reconciliation ? [checkSuspense({ table: reconciliation })] : []);
}

export function tablesOf(outputs: Outputs): AuditedTables {
  const client = new DynamoDBClient({});
  return {
    ledger: { client, name: output(outputs, 'LedgerTableName') },
    reconciliation: { client, name: output(outputs, 'ReconciliationTableName') },
  };
}

/** The ledger that `--table` names, with the credentials of the environment, or the deployment on this machine. */
async function chosenTables(): Promise<AuditedTables> {
  const { values } = parseArgs({ options: { table: { type: 'string' }, 'reconciliation-table': { type: 'string' } } });
  const { table, 'reconciliation-table': reconciliation } = values;
  if (table === undefined) return tablesOf(await connectToDeployment());
  const client = new DynamoDBClient({});
  return {
    ledger: { client, name: table },
    ...(reconciliation !== undefined && { reconciliation: { client, name: reconciliation } }),
  };
}

/** The report for people: trial balance, what was read, and what is wrong. */
export function auditText({ books, entries, findings }: AuditReport): string {
  const balances = tableText(
    ['subject', '', 'currency', 'debit', 'credit'],
    trialBalance(books).map(({ name, nameZh, currency, debit, credit }) => [
      name,
      nameZh,
      currency,
      ...[debit, credit].map((amount) => decimalFromMinorUnits(amount, currency)),
    ]),
  );
  const read = `${books.accounts.size} accounts, ${books.postings.size} postings, ${entries} entries in ${books.chains.size} chains`;
  if (findings.length === 0) return `${balances}\n✔ ${read}: every chain, hash, balance and sum is right`;

  const wrong = tableText(
    ['finding', 'account#slot', 'entry', 'posting', 'detail'],
    findings.slice(0, shownFindings).map(({ code, accountId, slot, seq, postingId, detail }) => {
      const chain = accountId === undefined ? '' : `${accountId}#${slot ?? '*'}`;
      return [code, chain, seq ?? '', postingId ?? '', detail];
    }),
  );
  const more = findings.length > shownFindings ? `\n… and ${findings.length - shownFindings} more` : '';
  return `${balances}\n${wrong}${more}\n✖ ${read}: ${findings.length} finding(s)`;
}
