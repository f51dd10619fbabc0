import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { readBatch } from '../../functions/reconciliation/batch-store.ts';
import { readPool } from '../../functions/reconciliation/carry-store.ts';
import { supersedeCase } from '../../functions/reconciliation/cases/case.ts';
import { caseView } from '../../functions/reconciliation/cases/case-view.ts';
import { readHead } from '../../functions/reconciliation/day-store.ts';
import { changeWrite, differencesOfDay } from '../../functions/reconciliation/difference-store.ts';
import { readObject } from '../../functions/reconciliation/files.ts';
import { listDifferences } from '../../functions/reconciliation/find-reconciliations.ts';
import { EarlierVersionRunning } from '../../functions/reconciliation/hold-day.ts';
import { mostDifferences } from '../../functions/reconciliation/match-day.ts';
import { mostUnmatched, writeMatched } from '../../functions/reconciliation/matched-shards.ts';
import { differenceView, reconciliationView } from '../../functions/reconciliation/reconciliation-view.ts';
import { reversedProof } from '../../functions/reconciliation/reversed-proof.ts';
import { reconciliationIdOf } from '../../functions/reconciliation/statement-key.ts';
import { netOfTotals } from '../../functions/reconciliation/totals.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { engines } from '../support/engines.ts';
import { createTables, openWorld, type Tables, type World } from './reconciled-world.ts';
import { anyDay, type Day, expectation, type Row, rowOf } from './sample-day.ts';

const expectations = [1, 2, 3].map((number) =>
  expectation({ channelOrderNo: `O${number}`, channelTradeNo: `T${number}`, amount: BigInt(number) * 1_000n }),
);
const cleanRows = expectations.map(rowOf);
const wrongRows: Row[] = cleanRows.map((row, index) => (index === 0 ? { ...row, amount: row.amount + 100n } : row));

/** Whole days in which nothing of ours is still open: those need payments, which other tests have. */
const settledDay = (day: Day): Day => ({
  ...day,
  expectations: day.expectations.map((each) =>
    each.status === 'processing' ? { ...each, status: 'succeeded' } : each,
  ),
});

describe.each(engines)('versions of a statement on $name', (engine) => {
  let tables: Tables;
  const newWorld = () => openWorld(tables, randomUUID().slice(0, 8));

  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  async function reconcileVersion(world: World, version: number, rows: readonly Row[], own = expectations) {
    await world.receive(`version ${version}`);
    const run = await world.lay(version, rows, own);
    await world.conclude(run);
    await world.handle(run);
    return { run, settled: await world.settle(run) };
  }

  const batchOf = (world: World, version: number) =>
    readBatch(world.dependencies.table, reconciliationIdOf(world.series, version));

  test('whose conclusion is drawn once more, of payments that have changed since, show what is found then', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await world.receive('version 1');
    await world.conclude(await world.lay(1, wrongRows, expectations));
    const later = cleanRows.map((row, index) => (index === 0 ? { ...row, amount: row.amount + 300n } : row));
    const run = await world.lay(1, later, expectations);
    await world.conclude(run);
    await world.handle(run);
    const differences = await differencesOfDay(world.dependencies.table, world.series);
    expect(differences.map(({ state, facts }) => [state, facts.adjustment])).toEqual([['open', 300n]]);
    expect(await world.audit()).toEqual([]);
  });

  test('that have too much unmatched are turned away, and let go of their day', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await reconcileVersion(world, 1, cleanRows);
    await world.receive('version 2');
    const run = await world.lay(2, wrongRows, expectations);
    const { files, table } = world.dependencies;
    await writeMatched(files, workingKeys(run.reconciliationId).matched(0), { unmatched: mostUnmatched + 1 });
    for (const _repeat of [1, 2]) {
      expect(await world.conclude(run)).toMatchObject({ rejection: { reason: 'too_many_unmatched' } });
      const head = await readHead(table, world.series);
      expect(head).toMatchObject({ concludedVersion: 1, settledVersion: 1 });
      expect(head.working).toBeUndefined();
    }
    expect((await reconcileVersion(world, 3, cleanRows)).settled.status).toBe('balanced');
  });

  test('that differ in more than can be booked are turned away before anybody sees anything of it', async () => {
    const world = await newWorld();
    await world.receive('version 1');
    const missing = Array.from({ length: mostDifferences + 1 }, (_, index) =>
      expectation({ channelOrderNo: `O${index}`, channelTradeNo: `T${index}` }),
    );
    const run = await world.layLeft(world.series, 1, { lines: [], expectations: missing });
    expect(await world.conclude(run)).toMatchObject({ rejection: { reason: 'too_many_differences' } });
    const { table } = world.dependencies;
    expect((await readHead(table, world.series)).working).toBeUndefined();
    expect(await differencesOfDay(table, world.series)).toEqual([]);
    expect(await readPool(table, world.series, 1)).toEqual([]);
  });

  test('keep suspense equal to open cases, and what is on the account equal to what the channel reports', async () => {
    const someDays = fc.tuple(anyDay.map(settledDay), fc.array(fc.infiniteStream(fc.boolean()), { maxLength: 2 }));
    await fc.assert(
      fc.asyncProperty(someDays, async ([day, corrections]) => {
        const world = await newWorld();
        await world.book(day.expectations);
        // each correction leaves some of the lines out
        const files = [day.rows, ...corrections.map((kept) => day.rows.filter(() => kept.next().value === true))];
        for (const [index, rows] of files.entries()) {
          await reconcileVersion(world, index + 1, rows, [...day.expectations]);
          expect(await world.audit()).toEqual([]);
          const { pending, reconciled } = await world.money();
          const theirs = (await batchOf(world, index + 1))?.conclusion?.theirs;
          expect(pending + reconciled).toBe(theirs && netOfTotals(theirs));
        }
      }),
      { numRuns: 8 },
    );
  });

  test('are found by the audit where suspense is not what is open', async () => {
    const own = await createTables(engine.client());
    const world = await openWorld(own, 'audited');
    await world.book(expectations);
    await reconcileVersion(world, 1, wrongRows);
    expect(await world.audit()).toEqual([]);
    const [open] = await differencesOfDay(world.dependencies.table, world.series);
    if (!open) throw new Error('nothing is open');
    const after = supersedeCase(open, { closedIn: 2 }, { at: new Date(0) });
    const closed = changeWrite(world.dependencies.table, open, after);
    await world.dependencies.commit([closed]);
    expect(await world.audit()).toMatchObject([
      {
        code: 'suspense_differs',
        detail: 'the account holds 100 minor units more than the open differences add up to',
      },
    ]);
  });

  test('settle a clean day once, with the proof beside it', async () => {
    const world = await newWorld();
    await world.book(expectations);
    const { run, settled } = await reconcileVersion(world, 1, cleanRows);
    expect(settled).toEqual({ status: 'balanced', openDifferences: 0, settled: '58.20 CNY' });
    expect(await world.settle(run)).toEqual(settled);
    expect(await world.money()).toEqual({ pending: 0n, reconciled: 5_820n });
    const batch = await batchOf(world, 1);
    expect(batch).toMatchObject({ status: 'balanced', settlement: { net: 5_820n, sha256: 'sha-1' } });
    expect(batch?.settlement?.postingId).toMatch(/^post_/);
  });

  test('post a repeated step once', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await world.receive('version 1');
    const run = await world.lay(1, wrongRows, expectations);
    for (let time = 0; time < 2; time++) await world.conclude(run);
    await world.handle(run);
    const after = await world.money();
    expect(await world.handle(run)).toMatchObject({ completed: 0, opened: 0, reversed: 0 });
    expect(await world.money()).toEqual(after);
    expect(after.pending).toBe(5_920n);
    expect(await world.audit()).toEqual([]);
  });

  test('leave what is equal, reverse what is gone and post what is new', async () => {
    const world = await newWorld();
    await world.book(expectations);
    const alsoFee = wrongRows.map((row, index) => (index === 1 ? { ...row, fee: row.fee + 5n } : row));
    await reconcileVersion(world, 1, alsoFee);
    await world.receive('version 2');
    const alsoMissing = wrongRows.slice(0, 2);
    const run = await world.lay(2, alsoMissing, expectations);
    await world.conclude(run);
    expect(await world.handle(run)).toMatchObject({ completed: 0, opened: 1, reversed: 1 });
    expect(await world.settle(run)).toMatchObject({ status: 'differing', openDifferences: 2 });
    const all = await differencesOfDay(world.dependencies.table, world.series);
    expect(all.map(({ facts, state, openedIn, closedIn }) => [facts.type, state, openedIn, closedIn]).sort()).toEqual([
      ['amount_mismatch', 'open', 1, undefined],
      ['fee_mismatch', 'superseded', 1, 2],
      ['missing_at_channel', 'open', 2, undefined],
    ]);
    expect((await batchOf(world, 1))?.status).toBe('superseded');
  });

  test('show a difference at the line that each of their files has it in', async () => {
    const world = await newWorld();
    await world.book(expectations);
    const [wrong, ...others] = wrongRows;
    if (!wrong) throw new Error('there is no wrong row');
    const moved = [...others, wrong];
    const files = [wrongRows, moved, moved, wrongRows];
    for (const [index, rows] of files.entries()) await reconcileVersion(world, index + 1, rows);
    const { table } = world.dependencies;
    const shown = async (version: number) => {
      const id = reconciliationIdOf(world.series, version);
      const page = await listDifferences({ table }, 'everyone', { id, limit: 10 });
      if (isRefusal(page)) throw new Error(page.detail);
      return page.items.map((item) => differenceView(item.difference, item.version));
    };
    expect(await shown(1)).toMatchObject([{ lineNumber: 2, lineVersion: 1 }]);
    expect(await shown(2)).toMatchObject([{ lineNumber: 4, lineVersion: 2 }]);
    expect(await shown(3)).toMatchObject([{ lineNumber: 4, lineVersion: 2 }]);
    expect(await shown(4)).toMatchObject([{ lineNumber: 2, lineVersion: 4 }]);
    const [open] = await differencesOfDay(table, world.series);
    expect(open && caseView(open, new Date(0))).toMatchObject({ lineNumber: 2, lineVersion: 4, version: 1 });
    expect(await world.audit()).toEqual([]);
  });

  test('post a difference anew that vanished and came back', async () => {
    const world = await newWorld();
    await world.book(expectations);
    for (const [index, rows] of [wrongRows, cleanRows, wrongRows].entries()) {
      await reconcileVersion(world, index + 1, rows);
      expect(await world.audit()).toEqual([]);
    }
    const all = await differencesOfDay(world.dependencies.table, world.series);
    expect(all.map(({ state, openedIn }) => [state, openedIn])).toEqual([
      ['superseded', 1],
      ['open', 3],
    ]);
    expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  });

  test('settle a settled day anew in full: what an earlier one had moved is reversed, and both show it', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await reconcileVersion(world, 1, cleanRows);
    const first = (await batchOf(world, 1))?.settlement?.postingId;
    const late = expectation({ channelOrderNo: 'O4', channelTradeNo: 'T4', amount: 500n, fee: 3n });
    await world.book([late], 'late');
    await reconcileVersion(world, 2, [...cleanRows, rowOf(late)], [...expectations, late]);
    const [before, after] = [await batchOf(world, 1), await batchOf(world, 2)];
    expect(before).toMatchObject({ status: 'superseded', settlementReversal: { byVersion: 2 } });
    expect(after?.settlement).toMatchObject({ net: 6_317n });
    expect(await world.money()).toEqual({ pending: 0n, reconciled: 6_317n });
    const reversal = before?.settlementReversal?.postingId;
    expect(new Set([first, reversal, after?.settlement?.postingId]).size).toBe(3);
    if (!before || !after) throw new Error('a version is not recorded');
    expect(reconciliationView(before)).toMatchObject({
      settledAmount: { amount: 5_820 },
      settlementReversal: { postingId: reversal, byVersion: 2, byReconciliation: after.id, byDifference: null },
      supersededBy: after.id,
    });
    expect(reconciliationView(after)).toMatchObject({ settledAmount: { amount: 6_317 }, settlementReversal: null });
    expect(await world.audit()).toEqual([]);
  });

  test('have a proof that says of a settlement taken back by what it was, and else is what was written', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await reconcileVersion(world, 1, cleanRows);
    const proofOf = async (version: number) => {
      const batch = await batchOf(world, version);
      if (!batch?.settlement) throw new Error('nothing is settled');
      const pieces = reversedProof(world.dependencies.files, batch);
      const written = await readObject(world.dependencies.files, batch.settlement.proof);
      let told = '';
      for await (const piece of pieces ?? []) told += piece;
      return { written, told };
    };
    expect((await proofOf(1)).told).toBe('');
    await reconcileVersion(world, 2, wrongRows);
    const { written, told } = await proofOf(1);
    const { settlementReversal, supersededBy, ...rest } = JSON.parse(told);
    expect(rest).toEqual(JSON.parse(written));
    expect(told.endsWith(written.slice(1))).toBe(true);
    const second = reconciliationIdOf(world.series, 2);
    expect(settlementReversal).toMatchObject({ byVersion: 2, byReconciliation: second });
    expect(settlementReversal.postingId).toBe((await batchOf(world, 1))?.settlementReversal?.postingId);
    expect(supersededBy).toBe(second);
  });

  test('open a settled day again where they differ, and leave it open', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await reconcileVersion(world, 1, cleanRows);
    await reconcileVersion(world, 2, wrongRows);
    expect(await world.money()).toEqual({ pending: 5_920n, reconciled: 0n });
    expect(await batchOf(world, 2)).toMatchObject({ status: 'differing' });
    expect((await batchOf(world, 2))?.settlement).toBeUndefined();
    expect(await world.audit()).toEqual([]);
  });

  test('wait while an earlier one runs, and go on when it has failed', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await world.receive('version 1');
    await world.receive('version 2');
    const [first, second] = [await world.lay(1, wrongRows, expectations), await world.lay(2, cleanRows, expectations)];
    await world.conclude(first);
    await expect(world.conclude(second)).rejects.toThrow(EarlierVersionRunning);
    await world.fail(1);
    await world.conclude(second);
    // the first one wakes up again: it can no longer post
    await expect(world.handle(first)).rejects.toThrow();
    expect(await world.conclude(first)).toMatchObject({ rejection: { reason: 'superseded' } });
    await world.handle(second);
    expect(await world.settle(second)).toMatchObject({ status: 'balanced' });
    expect(await world.audit()).toEqual([]);
  });

  test('go on where a fault stopped the one before in the middle of its postings', async () => {
    const world = await newWorld();
    await world.book(expectations);
    await reconcileVersion(world, 1, [...wrongRows, { ...wrongRows[0], orderNo: 'X', tradeNo: 'Y' } as Row]); // a whole row
    await world.receive('version 2');
    const run = await world.lay(2, cleanRows, expectations);
    await world.conclude(run);
    await world.fail(2);
    const { settled } = await reconcileVersion(world, 3, cleanRows);
    expect(settled.status).toBe('balanced');
    expect(await world.money()).toEqual({ pending: 0n, reconciled: 5_820n });
    expect(await world.audit()).toEqual([]);
  });
});

describe.each(engines)('a file that comes on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  test('twice starts the same execution, and its content again starts none', async () => {
    const world = await openWorld(tables, 'twice');
    const name = `bank-twice-880001-2026-03-01-v1`;
    expect(await world.receive('a')).toEqual({ outcome: 'started', executionName: name });
    expect(await world.receive('a')).toEqual({ outcome: 'started', executionName: name });
    const copy = await world.receive('a', 'statements/bank-twice/880001/2026-03-01/copy.csv');
    expect(copy).toEqual({ outcome: 'unchanged', executionName: name });
    expect(new Set(world.started)).toEqual(new Set([name]));
  });

  test('beside nine others at once gets a version of its own', async () => {
    const world = await openWorld(tables, 'crowd');
    await Promise.all(Array.from({ length: 10 }, (_, index) => world.receive(`content ${index}`)));
    const wanted = Array.from({ length: 10 }, (_, index) => `bank-crowd-880001-2026-03-01-v${index + 1}`);
    expect([...new Set(world.started)].sort()).toEqual([...wanted].sort());
  });

  test('again after it was turned away is a new version', async () => {
    const world = await openWorld(tables, 'again');
    await world.receive('a');
    await world.fail(1);
    expect(await world.receive('a', 'statements/bank-again/880001/2026-03-01/copy.csv')).toMatchObject({
      executionName: 'bank-again-880001-2026-03-01-v2',
    });
  });

  test('as a folder of a console is passed over', async () => {
    const world = await openWorld(tables, 'folder');
    expect(await world.receive('', 'statements/bank-folder/')).toMatchObject({ outcome: 'ignored' });
    expect(world.started).toEqual([]);
  });
});
