import { beforeAll, describe, expect, test } from '@jest/globals';
import { addDays } from '../../../functions/kernel/clock.ts';
import type { Item } from '../../../functions/kernel/table.ts';
import { auditLedger } from '../../../functions/ledger/audit/audit.ts';
import { moveBusinessDate, readBusinessDates } from '../../../functions/ledger/business-date-store.ts';
import { post } from '../../../functions/ledger/post.ts';
import { engines } from '../../support/engines.ts';
import { type CloseWorld, closeWorld } from '../close/close-world.ts';
import { open } from '../ledger-on.ts';
import { institutionId, legs, member, noon, posting, settlement, today, topUp } from '../samples.ts';
import { itemsOf, keyOf, type Tampering, whileTampered } from './audited-books.ts';

const nextDay = addDays(today, 1);

describe.each(engines)('the audit of closed days on $name', (engine) => {
  let world: CloseWorld;
  let items: readonly Item[];

  beforeAll(async () => {
    world = await closeWorld(engine, () => addDays(today, 2));
    const { ledger } = world;
    await open(ledger, settlement('S', 2), member('A'), member('B'));
    await post(ledger, topUp('first', 'A', 500n));
    await post(ledger, posting('fee', legs(['S', 'debit', 3n, 'fees'], ['S', 'credit', 3n])));
    const dates = await readBusinessDates(ledger.table);
    if (dates && dates.open < nextDay) await moveBusinessDate(ledger.table, dates, { to: nextDay, at: noon });
    await post(ledger, posting('moved', legs(['A', 'debit', 40n], ['B', 'credit', 40n])));
    const later = await readBusinessDates(ledger.table);
    if (later) await moveBusinessDate(ledger.table, later, { to: addDays(today, 2), at: noon });
    await post(ledger, topUp('open', 'B', 7n));
    await world.closeUntil(addDays(today, 2));
    items = await itemsOf(ledger.table);
  });

  const find = (pk: string): Item => {
    const item = items.find((each) => String(each['pk']).startsWith(pk));
    if (!item) throw new Error(`there is no ${pk}`);
    return item;
  };
  const toldAfter = async (tampering: Tampering) => {
    const { table } = world.ledger;
    const { findings } = await whileTampered(table, tampering, () => auditLedger(table));
    return findings.map(({ code, detail }) => `${code} ${detail}`);
  };

  test('finds them whole', async () => {
    expect(items.filter(({ pk }) => pk === 'CLOSES')).toHaveLength(2);
    expect(await toldAfter({})).toEqual([]);
  });

  test('names the day, the owner and the subject whose figures were changed', async () => {
    const item = find(`CLOSE#${nextDay}`);
    const [line, ...others] = item['lines'] as { debit: bigint }[]; // of our own item
    const lines = [{ ...line, debit: (line?.debit ?? 0n) + 1n }, ...others];
    const [told, ...more] = await toldAfter({ written: [{ ...item, lines }] });
    expect(told).toContain(`close_differs ${nextDay}, ${institutionId}: settlement_pending CNY`);
    expect(more).toEqual([]);
    expect(await toldAfter({ written: [{ ...item, entries: 9n }] })).toEqual([
      `close_differs ${nextDay}, ${institutionId}: the day has 2 entries, its close 9`,
    ]);
  });

  test('names a close that is gone, and one that is none', async () => {
    expect(await toldAfter({ removed: [keyOf(find(`CLOSE#${today}`))] })).toEqual([
      `close_differs ${today}, ${institutionId}: the close of the day keeps nothing of this owner`,
    ]);
    const day = find('CLOSES');
    expect(await toldAfter({ removed: [keyOf(day)] })).toContain(
      `close_differs ${today}: the close of the day is missing`,
    );
    const open = { ...day, sk: `DAY#${addDays(today, 2)}`, day: addDays(today, 2) };
    expect((await toldAfter({ written: [open] })).join('\n')).toContain('is none of the closed days');
    expect(await toldAfter({ written: [{ ...day, turnover: [] }] })).toHaveLength(1);
  });

  test('names a close whose files are those of another owner', async () => {
    const item = find(`CLOSE#${nextDay}`);
    const journal = { ...(item['journal'] as object), key: `journal/${nextDay}/inst_X/run-1.csv` }; // of our own item
    expect(await toldAfter({ written: [{ ...item, journal }] })).toEqual([
      expect.stringMatching(`^altered_close ${nextDay}, ${institutionId}: .*journal`),
    ]);
  });

  test('names dates that were moved by hand', async () => {
    const dates = find('BUSINESS_DATE');
    expect(await toldAfter({ written: [{ ...dates, closedThrough: addDays(today, 5) }] })).not.toEqual([]);
    expect(await toldAfter({ written: [{ ...dates, first: addDays(today, -1) }] })).not.toEqual([]);
    expect(await toldAfter({ written: [{ ...dates, date: nextDay }] })).toEqual([
      `goes_ahead entries are booked on ${addDays(today, 2)}, and the open day is ${nextDay}`,
    ]);
  });
});
