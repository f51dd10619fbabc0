import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Caller } from '../../../functions/kernel/caller.ts';
import { addDays } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { isRefusal, type Refusal } from '../../../functions/kernel/refusal.ts';
import { listBusinessDates } from '../../../functions/ledger/close/business-dates.ts';
import { checkBusinessDate } from '../../../functions/ledger/close/close-watch.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import { post } from '../../../functions/ledger/post.ts';
import { bookFileAnswer } from '../../../functions/ledger/reports/report-file-answer.ts';
import { readTrialBalance, type TrialBalance } from '../../../functions/ledger/reports/report-trial-balance.ts';
import { engines } from '../../support/engines.ts';
import { type CloseWorld, closeWorld, dueDay, hideFromIndex } from '../close/close-world.ts';
import { open } from '../ledger-on.ts';
import { institutionId, member, noon, settlement, today, topUp } from '../samples.ts';

const tomorrow = addDays(today, 1);
const later = (seconds: number) => new Date(noon.getTime() + seconds * 1_000);
const operator: Caller = { kind: 'operator', clientId: 'operator' };
const stranger: Caller = { kind: 'institution', clientId: 'stranger', institutionId: idFrom('inst', 'Stranger') };
const harbour: Caller = { kind: 'institution', clientId: 'harbour', institutionId };

const figures = (answer: TrialBalance | Refusal) => {
  if (isRefusal(answer)) return answer.refused;
  return [answer.status, ...answer.lines.map(({ opening, debit, credit }) => [opening, debit, credit])];
};

describe.each(engines)('reports on $name', (engine) => {
  let world: CloseWorld;
  const reading = (clock = () => later(11)) => ({
    table: world.ledger.table,
    clock,
    sleepMs: async () => undefined,
  });

  beforeAll(async () => {
    world = await closeWorld(engine, () => today);
    await open(world.ledger, settlement('S', 1), member('A'));
    await post(world.ledger, topUp('1', 'A', 1_000n));
  });

  test('the trial balance of the open day is what has been posted', async () => {
    const found = await readTrialBalance(reading(), { owner: institutionId });
    expect(figures(found)).toEqual(['open', [0n, 1_000n, 0n], [0n, 0n, 1_000n]]);
    expect(figures(await readTrialBalance(reading(), { owner: idFrom('inst', 'Stranger') }))).toEqual(['open']);
    expect(figures(await readTrialBalance(reading(), {}))).toEqual(figures(found));
  });

  test('while a posting is seen in part, the moment before it is shown', async () => {
    const ledger = { ...world.ledger, clock: () => later(10), memory: headMemory(() => later(10)) };
    await post(ledger, topUp('2', 'A', 7n));
    const whole = await readTrialBalance(reading(), {});
    expect(figures(whole)).toEqual(['open', [0n, 1_007n, 0n], [0n, 0n, 1_007n]]);
    await hideFromIndex(ledger.table, 'S', 2);
    const partial = await readTrialBalance(reading(), {});
    expect(figures(partial)).toEqual(['open', [0n, 1_000n, 0n], [0n, 0n, 1_000n]]);
    expect(isRefusal(partial) ? '' : partial.asOf).toBe(later(9).toISOString());
    await expect(
      readTrialBalance(
        reading(() => later(60)),
        {},
      ),
    ).rejects.toThrow('do not balance');
  });

  test('a day that was left goes on as it stood, through those behind it, until it is closed', async () => {
    const fresh = await closeWorld(engine, () => tomorrow);
    await open(fresh.ledger, settlement('S', 1), member('A'));
    await post(fresh.ledger, topUp('1', 'A', 1_000n));
    await dueDay(fresh.closing);
    await post(fresh.ledger, topUp('2', 'A', 50n));
    const needs = { ...reading(), table: fresh.ledger.table };
    expect(figures(await readTrialBalance(needs, { date: today }))).toEqual([
      'closing',
      [0n, 1_000n, 0n],
      [0n, 0n, 1_000n],
    ]);
    const second = ['open', [1_000n, 50n, 0n], [-1_000n, 0n, 50n]];
    expect(figures(await readTrialBalance(needs, {}))).toEqual(second);
    await fresh.closeUntil(tomorrow);
    expect(figures(await readTrialBalance(needs, { date: today }))).toEqual([
      'closed',
      [0n, 1_000n, 0n],
      [0n, 0n, 1_000n],
    ]);
    expect(figures(await readTrialBalance(needs, {}))).toEqual(second);
    expect(figures(await readTrialBalance(needs, { date: addDays(today, 2) }))).toBe('not_found');
    expect(figures(await readTrialBalance(needs, { date: addDays(today, -1) }))).toBe('not_found');
  });

  describe('of a closed day', () => {
    let closed: CloseWorld;

    beforeAll(async () => {
      closed = await closeWorld(engine, () => tomorrow);
      await open(closed.ledger, settlement('S', 1), member('A'));
      await post(closed.ledger, topUp('1', 'A', 1_000n));
      await closed.closeUntil(tomorrow);
    });

    const ask = (caller: Caller, query: Parameters<typeof bookFileAnswer>[2]['query']) =>
      bookFileAnswer(
        { table: closed.ledger.table, clock: () => noon, signLink: async ({ key, seconds }) => `${key}?${seconds}` },
        'journal',
        { caller, query },
      );

    test('the journal is linked for a quarter of an hour, to whom it belongs and to operators', async () => {
      const link = { status: 'closed', lines: 2, url: `journal/${today}/${institutionId}/run.csv?900` };
      expect(await ask(harbour, { date: today })).toMatchObject(link);
      expect(await ask(operator, { date: today, institutionId })).toMatchObject(link);
      expect(await ask(operator, { date: today, institutionId: 'center' })).toMatchObject({ lines: 0 });
    });

    test.each([
      ['an operator who names nobody', operator, { date: today }, 'institution_required'],
      ['an institution that names another', stranger, { date: today, institutionId }, 'not_found'],
      ["an institution that asks for the center's own", harbour, { date: today, institutionId: 'center' }, 'not_found'],
      ['one who held nothing', operator, { date: today, institutionId: idFrom('inst', 'X') }, 'not_found'],
      ['the open day', harbour, { date: tomorrow }, 'day_not_closed'],
      ['a day that has not come', harbour, { date: addDays(today, 9) }, 'not_found'],
    ] as const)('nothing is linked for %s', async (_, caller, query, refused) => {
      expect(await ask(caller, query)).toMatchObject({ refused });
    });

    test('the dates show what is open and closed, and figures to operators alone', async () => {
      const { table } = closed.ledger;
      const page = { limit: 1, before: undefined };
      expect(await listBusinessDates(table, operator, page)).toEqual({
        openDay: tomorrow,
        firstDay: today,
        items: [
          {
            date: today,
            closedAt: noon.toISOString(),
            entries: 2,
            institutions: 1,
            turnover: [{ amount: 1_000, currency: 'CNY' }],
          },
        ],
        nextCursor: null,
      });
      const { items } = await listBusinessDates(table, harbour, page);
      expect(items).toEqual([{ date: today, closedAt: noon.toISOString() }]);
    });

    test('the watch is quiet while the dates follow the calendar, and calls when one is overdue', async () => {
      const on = (day: typeof today) => checkBusinessDate({ table: closed.ledger.table, calendarDay: () => day });
      await on(today);
      await on(tomorrow);
      await expect(on(addDays(today, 2))).rejects.toThrow(`the business date is ${tomorrow}`);
      await dueDay({ ...closed.closing, calendarDay: () => addDays(today, 2) });
      await expect(on(addDays(today, 2))).rejects.toThrow(`the business day ${tomorrow} is not closed`);
    });
  });

  test('before the first posting there are no books, and nothing is overdue', async () => {
    const empty = await closeWorld(engine, () => today);
    const needs = { ...reading(), table: empty.ledger.table };
    expect(figures(await readTrialBalance(needs, {}))).toBe('not_found');
    await checkBusinessDate(empty.closing);
    expect(await dueDay(empty.closing)).toEqual({});
    const dates = await listBusinessDates(empty.ledger.table, operator, { limit: 5, before: undefined });
    expect(dates).toEqual({ openDay: null, firstDay: null, items: [], nextCursor: null });
  });
});
