import { randomUUID } from 'node:crypto';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import type { Item, Table } from '../../../functions/kernel/table.ts';
import { scanPages } from '../../../functions/ledger/audit/audit-store.ts';
import { entryFromItem, isEntryItem } from '../../../functions/ledger/entry-store.ts';
import { pay } from '../../reconciliation/deployed-day.ts';
import { approvedInstitution, center, deployed, eventually } from '../../support/deployment.ts';
import { keyOf, resealed, type Tampering, whileTampered } from './audited-books.ts';

const reportSchema = z.object({
  looks: z.int(),
  counts: z.object({ entries: z.int() }),
  findings: z.array(z.looseObject({ code: z.string(), postingId: z.string().optional(), seq: z.int().optional() })),
});

const causeSchema = z.object({ verdict: z.literal('damaged'), first: z.array(z.string()), reportKey: z.string() });

/** Runs the workflow to its end. */
async function audit() {
  const { stepFunctions, s3 } = center();
  const name = `test-${randomUUID()}`;
  const stateMachineArn = deployed('AuditStateMachineArn');
  const { executionArn } = await stepFunctions.send(new StartExecutionCommand({ stateMachineArn, name, input: '{}' }));
  const ended = await eventually('the end of the audit', async () => {
    const execution = await stepFunctions.send(new DescribeExecutionCommand({ executionArn }));
    return execution.status === 'RUNNING' ? undefined : execution;
  });
  const { events = [] } = await stepFunctions.send(new GetExecutionHistoryCommand({ executionArn }));
  const states = events.flatMap(({ stateEnteredEventDetails: entered }) => entered?.name ?? []);
  const report = await s3.send(
    new GetObjectCommand({ Bucket: deployed('AuditBucketName'), Key: `reports/${name}.json` }),
  );
  return {
    status: ended.status,
    error: ended.error,
    cause: ended.cause ?? '',
    states,
    report: reportSchema.parse(JSON.parse((await report.Body?.transformToString()) ?? '')),
  };
}

async function itemsIn(table: Table, institutionId: string): Promise<Item[]> {
  const found: Item[] = [];
  for await (const { items } of scanPages(table, { segment: 0, segments: 1 })) {
    found.push(...items.filter((item) => item['institutionId'] === institutionId));
  }
  return found;
}

const look = ['ScanParts', 'JoinShards', 'Conclude', 'What stands?'];

describe('the audit as a workflow', () => {
  let ledger: Table;
  let payments: Table;
  let entries: readonly Item[];
  let payment: Item;

  beforeAll(async () => {
    const client = new DynamoDBClient({});
    ledger = { client, name: deployed('LedgerTableName') };
    payments = { client, name: deployed('PaymentsTableName') };
    const institution = await approvedInstitution('Audited Group', ['sandbox-bank']);
    await pay(institution, { topUps: [10_000], withdrawals: [2_000] });
    entries = (await itemsIn(ledger, institution.id)).filter(isEntryItem);
    const [topUp] = (await itemsIn(payments, institution.id)).filter(({ kind }) => kind === 'top_up');
    if (!topUp) throw new Error('there is no top-up');
    payment = topUp;
  });

  const ofType = (type: string): Item => {
    const item = entries.find((each) => each['type'] === type && each['kind'] === 'member');
    if (!item) throw new Error(`there is no ${type}`);
    return item;
  };
  const auditWith = (table: Table, tampering: Tampering) => whileTampered(table, tampering, audit);

  test('ends as Clean, and says how much it has read', async () => {
    const { status, states, report } = await audit();
    expect(report.findings).toEqual([]);
    expect(status).toBe('SUCCEEDED');
    expect(states.filter((state) => state !== 'Look again')).toEqual(
      expect.arrayContaining(['Plan', ...look, 'Clean']),
    );
    expect(report.counts.entries).toBeGreaterThanOrEqual(entries.length);
  });

  test('looks twice and ends as Damaged, naming an entry that was altered in the table, and is Clean once it is restored', async () => {
    const item = ofType('withdrawal_capture');
    const { postingId, accountId, seq } = entryFromItem(item);
    const { status, error, cause, states, report } = await auditWith(ledger, {
      written: [{ ...item, changeFrozen: -1n }],
    });
    expect([status, error]).toEqual(['FAILED', 'LedgerDamaged']);
    expect(states).toEqual(['Plan', ...look, 'Look again', ...look, 'Damaged']);
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'altered_entry', accountId, slot: 0, seq, postingId }),
    );
    const told = causeSchema.parse(JSON.parse(cause)).first.join('\n');
    expect(told).toContain(`account ${accountId} · slot 0 · entry ${seq} · posting ${postingId}`);

    expect((await audit()).status).toBe('SUCCEEDED');
  });

  test('names an entry that was removed, and one that its forger sealed again', async () => {
    const removed = ofType('withdrawal_capture');
    const gone = await auditWith(ledger, { removed: [keyOf(removed)] });
    expect(gone.error).toBe('LedgerDamaged');
    const { postingId } = entryFromItem(removed);
    expect(gone.report.findings).toContainEqual(expect.objectContaining({ code: 'unbalanced_posting', postingId }));

    const forged = resealed({ ...removed, postedAt: new Date().toISOString() });
    const { report } = await auditWith(ledger, { written: [forged] });
    expect(report.findings).toContainEqual(expect.objectContaining({ code: 'altered_posting', postingId }));
  });

  test('names a payment whose amount was changed', async () => {
    const { report } = await auditWith(payments, { written: [{ ...payment, amount: 10_001n }] });
    expect(report.findings).toContainEqual(
      expect.objectContaining({ code: 'payment_differs', transactionId: payment['id'] }),
    );
  });
});
