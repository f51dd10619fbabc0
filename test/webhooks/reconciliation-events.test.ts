import { describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { fromItem, type Item, toItem } from '../../functions/kernel/table.ts';
import type { Batch } from '../../functions/reconciliation/batch.ts';
import { batchItem } from '../../functions/reconciliation/batch-item.ts';
import { batchStatuses } from '../../functions/reconciliation/batch-status.ts';
import { readReconciliationChange } from '../../functions/webhooks/reconciliation-events.ts';

const institutionId = idFrom('inst', 'one');
const batch: Batch = {
  id: idFrom('recon', 'one'),
  series: { channel: 'sandbox-bank', merchantNo: '1900000001', date: '2026-03-01' as AccountingDate }, // a day
  version: 1,
  status: 'running',
  executionName: 'sandbox-bank-1900000001-2026-03-01-v1',
  file: { bucket: 'statements', key: 'one.csv', size: 10, sha256: 'ab' },
  receivedAt: new Date('2026-03-02T01:00:00Z'),
  institutionId,
};

/** As a stream shows it. */
const imageOf = (facts: Partial<Batch>): Item => ({
  ...fromItem(toItem(batchItem({ ...batch, ...facts }))),
  sk: 'BATCH',
});

const change = (before: Partial<Batch>, after: Partial<Batch>) =>
  readReconciliationChange({
    before: imageOf(before),
    after: imageOf(after),
    sequenceNumber: '4200000000000000000001',
    at: new Date('2026-03-02T01:02:03Z'),
  });

describe('a reconciliation', () => {
  test('is told of when it ends, as the API shows it', () => {
    const event = change({}, { status: 'balanced' });
    expect(event).toMatchObject({
      type: 'reconciliation.balanced',
      institutionId,
      objectId: batch.id,
      position: '0000000000000000004200000000000000000001',
      occurredAt: new Date('2026-03-02T01:02:03Z'),
    });
    expect(JSON.parse(event?.data ?? '')).toMatchObject({ id: batch.id, status: 'balanced', merchantNo: '1900000001' });
  });

  test('that runs, or fails by a fault of ours, is no news', () => {
    const told = batchStatuses.map((status) =>
      change({ status: status === 'running' ? 'failed' : 'running' }, { status }),
    );
    expect(told.map((event) => event?.type)).toEqual([
      undefined,
      'reconciliation.balanced',
      'reconciliation.differing',
      'reconciliation.rejected',
      'reconciliation.superseded',
      undefined,
      undefined,
      'reconciliation.reopened',
    ]);
  });

  test('is told once for each state it comes into', () => {
    expect(change({ status: 'balanced' }, { status: 'balanced', format: 'sandbox-csv' })).toBeUndefined();
  });

  test('of a statement of nobody’s concerns nobody', () => {
    const { institutionId: _, ...ownerless } = batch;
    const after = { ...fromItem(toItem(batchItem({ ...ownerless, status: 'rejected' }))), sk: 'BATCH' };
    expect(readReconciliationChange({ after, sequenceNumber: '1', at: new Date() })).toBeUndefined();
  });

  test('is not mixed up with what else lies in its table', () => {
    expect(readReconciliationChange({ after: { sk: 'HEAD' }, sequenceNumber: '1', at: new Date() })).toBeUndefined();
  });
});

describe('a statement that is expected', () => {
  const at = new Date('2026-03-02T02:30:00Z');
  const note = {
    sk: 'EXPECTED',
    channel: 'sandbox-bank',
    merchantNo: '1900000001',
    date: '2026-03-01',
    owner: institutionId,
    accountId: idFrom('acct', 'one'),
    dueAt: '2026-03-02T02:00:00.000Z',
    missingSince: at.toISOString(),
  };
  const told = (before: Item | undefined, after: Item) =>
    readReconciliationChange({ before, after, sequenceNumber: '7', at });

  test('is told of once when it is missing, and once when it has come', () => {
    const missing = told(undefined, note);
    expect(missing).toMatchObject({ type: 'statement.missing', institutionId, occurredAt: at });
    expect(JSON.parse(missing?.data ?? '')).toMatchObject({
      merchantNo: '1900000001',
      date: '2026-03-01',
      arrivedAt: null,
    });
    const arrived = { ...note, arrivedAt: at.toISOString(), lateSeconds: 1_800n };
    expect(told(note, arrived)).toMatchObject({ type: 'statement.arrived', objectId: missing?.objectId });
    expect(told(arrived, arrived)).toBeUndefined();
  });

  test('that is confirmed as empty is no news', () => {
    const { missingSince: _, ...quiet } = note;
    expect(told(undefined, { ...quiet, confirmation: { by: 'operator:olga', at: at.toISOString() } })).toBeUndefined();
  });
});
