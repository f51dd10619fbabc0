/**
 * `npm run bench:e2e [-- --rows N --seed S]`: a statement of N lines (100 000) through a deployed stack, from the file's arrival to the
 * end of its execution, and how long each state took. Both sides are labelled, so that what was found is compared with what was planted.
 */
import { randomInt } from 'node:crypto';
import { appendFileSync, createReadStream, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { type AccountingDate, accountingDateAt, addDays } from '../functions/kernel/clock.ts';
import { centerAt } from '../local/outsider/center.ts';
import { openInstitution } from '../local/outsider/onboarding.ts';
import { output, readOutputs } from '../local/outsider/outputs.ts';
import { tableText } from '../local/table.ts';
import { differencesFound, executionEnd, type StateTime } from './end-to-end/execution.ts';
import { storePayments } from './end-to-end/store-payments.ts';
import { writeResults } from './results.ts';
import { type DayPlan, orderAt } from './statement-factory/labelled-day.ts';
import { factory } from './statement-factory/wechat-tradebill.ts';
import { type DaySize, planOf, writeDay } from './statement-factory/write-day.ts';

const { values } = parseArgs({
  options: { rows: { type: 'string', default: '100000' }, seed: { type: 'string', default: '7' } },
});
const rows = Number(values.rows);

const outputsPath = process.env['FUND_CENTER_OUTPUTS'];
if (outputsPath === undefined)
  throw new Error('FUND_CENTER_OUTPUTS must name the file with the outputs of the deployment');
const outputs = readOutputs(outputsPath);
const center = centerAt(outputs);
const channel = 'sandbox-wallet';
const merchantNo = `19${String(randomInt(1e8)).padStart(8, '0')}`;
const date: AccountingDate = addDays(accountingDateAt(new Date(), 'Asia/Shanghai'), -1);

// payments that are still open would need members' accounts, which this bench has none of
const size: DaySize = {
  seed: Number(values.seed),
  orders: rows,
  orderOfEach: 10_000,
  orderOfKind: 50,
  labels: ['missing_in_books', 'missing_at_channel', 'amount_mismatch', 'fee_mismatch', 'status_mismatch', 'duplicate'],
};
const plan = planOf(size, factory, date);

console.log(`seed ${plan.seed}, ${rows} orders of ${date}, one in ${plan.orderOfEach} of every type of difference`);
const institution = await openInstitution(center, { name: 'Long Days', merchants: [{ channel, merchantNo }] });
const settlementAccountId = institution.merchants[0]?.settlementAccountId ?? '';
const policy = {
  kind: 'reconciliation-policies',
  value: { channel, merchantNo, carryOver: { windowMinutes: 0, days: 0 } },
};
await center.operator.put(`/v1/admin/reconciliation-policies/${merchantNo}`, { ...policy, reason: 'one day alone' });

const folder = mkdtempSync(join(tmpdir(), 'fund-center-end-to-end-'));
try {
  const files = { statement: join(folder, 'bill.csv'), own: join(folder, 'own.csv') };
  const written = writeDay(plan, { factory, context: { merchantNo, date }, files });
  appendFileSync(files.statement, written.summary);
  const began = performance.now();
  await storePayments(output(outputs, 'PaymentsTableName'), ordersOf(plan), {
    ...{ institutionId: institution.id, settlementAccountId, channel, merchantNo, date },
  });
  console.log(
    `${rows} payments of ours stored in ${seconds(performance.now() - began)} s, which is not what is measured`,
  );

  const Key = `statements/${channel}/${merchantNo}/${date}/bill.csv`;
  const Bucket = output(outputs, 'StatementBucketName');
  const dropped = performance.now();
  await center.s3.send(new PutObjectCommand({ Bucket, Key, Body: createReadStream(files.statement) }));
  const end = await executionEnd(center, `${channel}-${merchantNo}-${date}-v1`);
  const took = performance.now() - dropped;
  const found = await differencesFound(center, { channel, merchantNo, date });
  const planted = written.differences.map(({ type }) => type).sort();
  const right = commonCount(planted, found);
  print(end.states, took);
  const figures = {
    rows: written.lines,
    seconds: Number(seconds(took)),
    linesPerSecond: Math.round(written.lines / (took / 1_000)),
    states: Object.fromEntries(end.states.map(({ name, milliseconds }) => [name, Number(seconds(milliseconds))])),
    status: end.status,
    precision: found.length === 0 ? 1 : right / found.length,
    recall: planted.length === 0 ? 1 : right / planted.length,
  };
  writeResults('e2e', figures);
  console.log(JSON.stringify(figures));
} finally {
  rmSync(folder, { recursive: true, force: true });
}

function* ordersOf(day: DayPlan) {
  for (let index = 0; index < day.orders; index++) {
    const { own } = orderAt(day, index);
    if (own) yield own;
  }
}

function seconds(milliseconds: number): string {
  return (milliseconds / 1_000).toFixed(1);
}

function print(states: readonly StateTime[], took: number): void {
  const lines = states.map(({ name, milliseconds }) => {
    return [name, seconds(milliseconds), `${Math.round((100 * milliseconds) / took)}`];
  });
  console.log(tableText(['state', 's', '%'], [...lines, ['from the file to the end', seconds(took), '100']]));
}

/** How many are in both lists, each once; both are sorted. */
function commonCount(left: readonly string[], right: readonly string[]): number {
  const rest = [...right];
  return left.filter((each) => {
    const at = rest.indexOf(each);
    if (at >= 0) rest.splice(at, 1);
    return at >= 0;
  }).length;
}
