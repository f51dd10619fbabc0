import { describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import type { Batch } from '../../../functions/reconciliation/batch.ts';
import { progressOf } from '../../../functions/reconciliation/operations/progress.ts';
import type { ProgressNotes, WorkNote } from '../../../functions/reconciliation/operations/progress-store.ts';
import { reconciliationIdOf } from '../../../functions/reconciliation/statement-key.ts';

const series = { channel: 'bank', merchantNo: '1', date: '2026-03-02' as AccountingDate }; // a real day
const at = (second: number) => new Date(Date.UTC(2026, 2, 3) + second * 1_000);
const batch: Batch = {
  id: reconciliationIdOf(series, 1),
  series,
  version: 1,
  status: 'running',
  executionName: 'bank-1-2026-03-02-v1',
  file: { bucket: 'statements', key: 'statements/x', size: 4_000, sha256: 'x' },
  receivedAt: at(0),
};
const planned = { bytes: 4_000, ranges: 4, expectationShards: 2, shards: 2 };
const plan: ProgressNotes['steps'] = [
  { step: 'Identify', startedAt: at(0) },
  { step: 'Plan', startedAt: at(1), planned },
];
const note = (part: WorkNote['part'], item: number, [from, to]: readonly [number, number], lines = 100): WorkNote => ({
  part,
  item,
  lines,
  ...(part === 'channel' && { bytes: 1_000 }),
  startedAt: at(from),
  finishedAt: at(to),
});

describe('progress', () => {
  test('knows no lines before any range is staged', () => {
    expect(progressOf(batch, { steps: plan.slice(0, 1), work: [] })).toMatchObject({
      step: 'Identify',
      lines: { all: undefined, staged: 0, matched: 0 },
      linesPerSecond: undefined,
      secondsLeft: undefined,
    });
  });

  test('estimates all lines by bytes, and the time left by the present rate', () => {
    const work = [note('channel', 0, [2, 12]), note('channel', 1, [2, 12])];
    expect(progressOf(batch, { steps: plan, work })).toMatchObject({
      step: 'Stage',
      updatedAt: at(12),
      lines: { all: 400, isEstimate: true, staged: 200, matched: 0 },
      items: { channel: { done: 2, all: 4 }, own: { done: 0, all: 2 }, match: { done: 0, all: 2 } },
      linesPerSecond: 20,
      // 200 to stage and 400 to match
      secondsLeft: 30,
    });
  });

  test('counts a pause before a redrive for nothing', () => {
    const work = [note('channel', 0, [2, 12]), note('channel', 1, [5_000, 5_010])];
    expect(progressOf(batch, { steps: plan, work }).linesPerSecond).toBe(10);
  });

  test('is exact once every range is staged, and goes on to Match when our side is, too', () => {
    const channel = [0, 1, 2, 3].map((item) => note('channel', item, [2, 12], 90));
    expect(progressOf(batch, { steps: plan, work: channel })).toMatchObject({
      step: 'Stage',
      lines: { all: 360, isEstimate: false, staged: 360 },
    });
    const own = [note('own', 0, [2, 3]), note('own', 1, [2, 3])];
    expect(progressOf(batch, { steps: plan, work: [...channel, ...own] }).step).toBe('Match');
    const matched = note('match', 0, [20, 22], 180);
    expect(progressOf(batch, { steps: plan, work: [...channel, ...own, matched] })).toMatchObject({
      step: 'Match',
      lines: { matched: 180 },
      linesPerSecond: 90,
      secondsLeft: 2,
    });
  });

  test('names the newest step that was noted', () => {
    const steps = [...plan, { step: 'Handle', startedAt: at(40) }, { step: 'Conclude', startedAt: at(30) }] as const;
    expect(progressOf(batch, { steps, work: [] }).step).toBe('Handle');
  });
});
