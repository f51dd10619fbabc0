import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import { addDays } from '../../../functions/kernel/clock.ts';
import { readObject } from '../../../functions/kernel/files.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { fromItem } from '../../../functions/kernel/table.ts';
import { onNormalSides } from '../../../functions/ledger/account.ts';
import { readBusinessDates } from '../../../functions/ledger/business-date-store.ts';
import { changeAccount } from '../../../functions/ledger/change-account.ts';
import type { OwnerClose } from '../../../functions/ledger/close/close.ts';
import { concludeDay, nextDay } from '../../../functions/ledger/close/close-day.ts';
import { closeShard } from '../../../functions/ledger/close/close-shard.ts';
import { closesBefore, getClose, getOwnerClose, ownerCloses } from '../../../functions/ledger/close/close-store.ts';
import { entryFromItem, isEntryItem } from '../../../functions/ledger/entry-store.ts';
import { post } from '../../../functions/ledger/post.ts';
import { engines } from '../../support/engines.ts';
import { open } from '../ledger-on.ts';
import { accountId, institutionId, legs, member, payOut, posting, settlement, today, topUp } from '../samples.ts';
import { type CloseWorld, closeOneDay, closeWorld, dueDay, hideFromIndex } from './close-world.ts';

const tomorrow = addDays(today, 1);
const lakeside = idFrom('inst', 'Lakeside');

const figures = (close: OwnerClose | undefined) =>
  close?.lines.map(({ subject, currency, opening, debit, credit }) => [subject, currency, opening, debit, credit]);

const sum = (rows: readonly Record<string, string>[], column: string): number =>
  rows.reduce((total, row) => total + Math.round(Number(row[column]) * 100), 0);

async function openWorld(engine: (typeof engines)[number]): Promise<CloseWorld> {
  const world = await closeWorld(engine, () => tomorrow);
  await open(
    world.ledger,
    settlement('S', 4),
    member('A'),
    member('B'),
    { ...settlement('T', 1), institutionId: lakeside },
    member('L', { institutionId: lakeside }),
  );
  return world;
}

describe.each(engines)('a daily close on $name', (engine) => {
  test('gives each institution its subjects, from nothing on the first day and from the closing before on the next', async () => {
    const { ledger, closing, closeUntil } = await openWorld(engine);
    await post(ledger, topUp('1', 'A', 10_000n));
    await post(ledger, topUp('2', 'B', 500n));
    await post(ledger, payOut('3', 'A', 300n));
    await post(ledger, posting('4', legs(['T', 'debit', 7n], ['L', 'credit', 7n])));
    const [first] = await closeUntil(tomorrow);
    expect(first).toMatchObject({
      day: today,
      entries: 8,
      owners: 2,
      turnover: [{ currency: 'CNY', amount: 10_807n }],
    });
    if (!first) throw new Error('nothing was closed');
    expect(figures(await getOwnerClose(ledger.table, first, institutionId))).toEqual([
      ['settlement_pending', 'CNY', 0n, 10_500n, 300n],
      ['member_deposits', 'CNY', 0n, 300n, 10_500n],
    ]);
    expect(figures(await getOwnerClose(ledger.table, first, lakeside))).toEqual([
      ['settlement_pending', 'CNY', 0n, 7n, 0n],
      ['member_deposits', 'CNY', 0n, 0n, 7n],
    ]);

    await post(ledger, payOut('5', 'B', 200n));
    const [second] = await closeNext({ ledger, closing });
    expect(figures(second)).toEqual([
      ['settlement_pending', 'CNY', 10_200n, 0n, 200n],
      ['member_deposits', 'CNY', -10_200n, 200n, 0n],
    ]);
  });

  test('books what comes after the date was moved in the open day, and says which day it was meant for', async () => {
    const { ledger, closing, closeUntil, fileRows } = await openWorld(engine);
    await post(ledger, topUp('1', 'A', 10_000n));
    await closeUntil(tomorrow);
    await post(ledger, topUp('late', 'A', 5n, { belongsTo: today }));
    const [close] = await closeNext({ ledger, closing });
    const rows = await fileRows(close?.journal.key ?? '');
    expect(rows.map((row) => [row['accountingDate'], row['belongsTo']])).toEqual([
      [tomorrow, today],
      [tomorrow, today],
    ]);
    expect(figures(close)).toContainEqual(['member_deposits', 'CNY', -10_000n, 0n, 5n]);
  });

  test('writes a journal of every movement and a general ledger of every account, which add up to the figures', async () => {
    const { ledger, closeUntil, fileRows, readFile } = await openWorld(engine);
    for (let each = 0; each < 30; each++)
      await post(ledger, topUp(`${each}`, each % 2 ? 'A' : 'B', 100n + BigInt(each)));
    await post(ledger, posting('freeze', legs(['A', 'debit', 50n], ['A', 'credit', 50n, 'frozen'])));
    const [close] = await closeUntil(tomorrow);
    if (!close) throw new Error('nothing was closed');
    const owner = await getOwnerClose(ledger.table, close, institutionId);
    const journal = await fileRows(owner?.journal.key ?? '');
    const generalLedger = await fileRows(owner?.generalLedger.key ?? '');
    const turnover = owner?.lines.reduce((total, { debit }) => total + Number(debit), 0);
    expect([sum(journal, 'debit'), sum(journal, 'credit')]).toEqual([turnover, turnover]);
    expect([sum(generalLedger, 'debit'), sum(generalLedger, 'credit')]).toEqual([turnover, turnover]);
    expect([owner?.journal.lines, owner?.generalLedger.lines]).toEqual([journal.length, generalLedger.length]);
    expect(journal.length).toBe(62);
    // the slots of the settlement account are one line
    expect(generalLedger.map((row) => [row['subject'], row['balance'], row['closing']])).toEqual(
      expect.arrayContaining([
        ['settlement_pending', 'available', '34.35'],
        ['member_deposits', 'frozen', '0.50'],
      ]),
    );
    expect(generalLedger.length).toBe(4);
    expect(Buffer.byteLength(await readFile(owner?.journal.key ?? ''))).toBe(owner?.journal.bytes);
  });

  test('closes the days that were missed one by one, each with what it began with', async () => {
    const { ledger, closeUntil, closing } = await openWorld(engine);
    await post(ledger, topUp('1', 'A', 900n));
    const later = { ...closing, calendarDay: () => addDays(today, 4) };
    const days: string[] = [];
    for (;;) {
      const { day, shards = [] } = await dueDay(later);
      if (day === undefined) break;
      days.push(day);
      const readFile = (key: string) => closeWorldFile(closing, key);
      await closeOneDay(later, { day, run: 'catch-up' }, shards, readFile);
    }
    expect(days).toEqual([0, 1, 2, 3].map((each) => addDays(today, each)));
    expect((await closesBefore(ledger.table, { limit: 10 })).map(({ day, entries }) => [day, entries])).toEqual([
      [addDays(today, 3), 0],
      [addDays(today, 2), 0],
      [addDays(today, 1), 0],
      [today, 2],
    ]);
    const last = await getClose(ledger.table, addDays(today, 3));
    expect(figures(last && (await getOwnerClose(ledger.table, last, institutionId)))).toEqual([
      ['settlement_pending', 'CNY', 900n, 0n, 0n],
      ['member_deposits', 'CNY', -900n, 0n, 0n],
    ]);
    expect(await closeUntil(addDays(today, 2))).toEqual([]);
  });

  test('gives the same when it is repeated, and two at once leave one close', async () => {
    const world = await openWorld(engine);
    const { ledger, closing, readFile } = world;
    await post(ledger, topUp('1', 'A', 900n));
    const { day, shards = [] } = await dueDay(closing, tomorrow);
    if (day === undefined) throw new Error('there is no day to close');
    const repeated = async () => {
      for (const shard of shards) await closeShard(closing, { day, run: 'one', shard });
      return closeOneDay(closing, { day, run: 'one' }, shards, readFile);
    };
    const [one, other] = await Promise.all([repeated(), closeOneDay(closing, { day, run: 'other' }, shards, readFile)]);
    expect(one).toEqual(other);
    expect(await concludeDay(closing, { day, run: 'late' })).toEqual(one);
    const [left, right] = await Promise.all(
      ['one', 'other'].map(async (run) => ownerCloses(ledger.table, { day, run })),
    );
    const contents = (closes: readonly OwnerClose[] = []) =>
      closes.map(({ lines, entries, journal, generalLedger }) => [
        lines,
        entries,
        journal.sha256,
        generalLedger.sha256,
      ]);
    expect(contents(left)).toEqual(contents(right));
    expect((await readBusinessDates(ledger.table))?.closedThrough).toBe(today);
  });

  test('knows a change of terms, which moves nothing, from an entry that the index lacks', async () => {
    const { ledger, closing, closeUntil } = await openWorld(engine);
    await post(ledger, topUp('1', 'A', 900n));
    const change = { accountId: accountId('A'), operationId: 'op', by: 'operator', reason: 'asked' };
    await changeAccount(ledger, { ...change, terms: { floor: -100n } });
    await post(ledger, topUp('2', 'A', 100n));
    await closeUntil(tomorrow);
    await post(ledger, topUp('3', 'A', 5n));
    await post(ledger, payOut('4', 'A', 5n));
    await post(ledger, topUp('5', 'A', 1n));
    // the two make nothing together, so only their numbers are missed
    await hideFromIndex(closing.table, 'A', 3);
    await hideFromIndex(closing.table, 'A', 3);
    const { day, shards = [] } = await dueDay({ ...closing, calendarDay: () => addDays(today, 2) });
    if (day === undefined) throw new Error('there is no day to close');
    const tries = shards.map((shard) => closeShard(closing, { day, run: 'behind', shard }));
    const failures = (await Promise.allSettled(tries)).filter(({ status }) => status === 'rejected');
    expect(failures).toMatchObject([{ reason: { name: 'IndexBehind' } }]);
  });

  test('is refused while debits and credits differ, since a posting is there in part only', async () => {
    const { ledger, closing, readFile } = await openWorld(engine);
    await post(ledger, topUp('1', 'A', 900n));
    await hideFromIndex(closing.table, 'A', 1);
    const { day, shards = [] } = await dueDay(closing, tomorrow);
    if (day === undefined) throw new Error('there is no day to close');
    await expect(closeOneDay(closing, { day, run: 'behind' }, shards, readFile)).rejects.toMatchObject({
      name: 'IndexBehind',
    });
    // before anyone's figures are written
    expect(await ownerCloses(ledger.table, { day, run: 'behind' })).toEqual([]);
    expect(await getClose(ledger.table, today)).toBeUndefined();
  });

  test('opens no day that is more than one ahead of the calendar', async () => {
    const { closing } = await openWorld(engine);
    expect(await nextDay(closing, addDays(tomorrow, 2))).toMatchObject({ refused: 'invalid_day' });
  });

  test('agrees with the balances of all accounts, whatever was posted', async () => {
    const { ledger, closing, closeUntil } = await openWorld(engine);
    for (let each = 0; each < 60; each++) {
      const amount = BigInt(1 + ((each * 7_919) % 500));
      await post(ledger, each % 3 ? topUp(`${each}`, each % 2 ? 'A' : 'B', amount) : payOut(`${each}`, 'A', amount));
    }
    const [close] = await closeUntil(tomorrow);
    const { Items = [] } = await closing.table.client.send(new ScanCommand({ TableName: closing.table.name }));
    const heads = new Map<string, bigint>();
    for (const item of Items.map(fromItem).filter(isEntryItem)) {
      const entry = entryFromItem(Object.fromEntries(Object.entries(item).filter(([name]) => !name.startsWith('day'))));
      const debits = onNormalSides(entry.account, entry.change);
      heads.set(entry.account.subject, (heads.get(entry.account.subject) ?? 0n) + debits.available);
    }
    const owner = close && (await getOwnerClose(ledger.table, close, institutionId));
    expect(owner?.lines.map(({ subject, debit, credit }) => [subject, debit - credit])).toEqual(
      [...heads].filter(([, amount]) => amount !== 0n).sort(([left]) => (left === 'settlement_pending' ? -1 : 1)),
    );
  });
});

/** Moves on and closes the day that was open. @returns the figures of the first institution */
async function closeNext({ ledger, closing }: Pick<CloseWorld, 'ledger' | 'closing'>): Promise<OwnerClose[]> {
  const ahead = { ...closing, calendarDay: () => addDays(today, 2) };
  const { day, shards = [] } = await dueDay(ahead);
  if (day === undefined) throw new Error('there is no day to close');
  const close = await closeOneDay(ahead, { day, run: 'next' }, shards, (key) => closeWorldFile(closing, key));
  const owner = await getOwnerClose(ledger.table, close, institutionId);
  return owner ? [owner] : [];
}

const closeWorldFile = ({ files, bucket }: CloseWorld['closing'], key: string): Promise<string> =>
  readObject(files, { bucket, key });
