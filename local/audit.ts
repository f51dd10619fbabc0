/** `npm run audit`: re-derives the ledger of a deployment from its table, and ends with code 1 when anything is wrong. */
import { parseArgs } from 'node:util';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import CliTable from 'cli-table3';
import { decimalFromMinorUnits } from '../functions/kernel/money.ts';
import type { Table } from '../functions/kernel/table.ts';
import { type AuditReport, auditLedger, trialBalance } from '../functions/ledger/index.ts';
import { runCommand } from './command.ts';
import { connectToDeployment } from './connect.ts';
import { Failure } from './failure.ts';
import { output } from './outsider/outputs.ts';

/** At most so many findings are shown; one damaged chain can bring thousands. */
const shownFindings = 50;

if (import.meta.main) {
  await runCommand(async () => {
    const report = await auditLedger(await chosenTable());
    console.log(auditText(report));
    if (report.findings.length > 0) throw new Failure(`the ledger is damaged: ${report.findings.length} finding(s)`);
  });
}

/** The table that `--table` names, with the credentials of the environment, or that of the deployment on this machine. */
async function chosenTable(): Promise<Table> {
  const { values } = parseArgs({ options: { table: { type: 'string' } } });
  if (values.table !== undefined) return { client: new DynamoDBClient({}), name: values.table };
  return { client: new DynamoDBClient({}), name: output(await connectToDeployment(), 'LedgerTableName') };
}

/** The report for people: trial balance, what was read, and what is wrong. */
export function auditText({ books, entries, findings }: AuditReport): string {
  const balances = new CliTable({
    head: ['subject', '', 'currency', 'debit', 'credit'],
    colAligns: ['left', 'left', 'left', 'right', 'right'],
    style: { head: [], border: [] },
  });
  for (const { name, nameZh, currency, debit, credit } of trialBalance(books)) {
    balances.push([
      name,
      nameZh,
      currency,
      ...[debit, credit].map((amount) => decimalFromMinorUnits(amount, currency)),
    ]);
  }
  const read = `${books.accounts.size} accounts, ${books.postings.size} postings, ${entries} entries in ${books.chains.size} chains`;
  if (findings.length === 0) return `${balances}\n✔ ${read}: every chain, hash, balance and sum is right`;

  const wrong = new CliTable({
    head: ['finding', 'account#slot', 'entry', 'posting', 'detail'],
    style: { head: [], border: [] },
  });
  for (const { code, accountId, slot, seq, postingId, detail } of findings.slice(0, shownFindings)) {
    const chain = accountId === undefined ? '' : `${accountId}#${slot ?? '*'}`;
    wrong.push([code, chain, seq ?? '', postingId ?? '', detail]);
  }
  const more = findings.length > shownFindings ? `\n… and ${findings.length - shownFindings} more` : '';
  return `${balances}\n${wrong}${more}\n✖ ${read}: ${findings.length} finding(s)`;
}
