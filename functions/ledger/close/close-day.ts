/**
 * 日切: the steps around the sums. `nextDay` moves the business date and says which day is to be closed; `planOwners`
 * takes the shards' sums together; `concludeDay` closes the day.
 */
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import { readObject, writeObject } from '../../kernel/files.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { type BusinessDates, closedThroughWrite, moveBusinessDate, readBusinessDates } from '../business-date-store.ts';
import { type Owner, ownerless } from '../business-day.ts';
import type { Close, CloseRun, Closing } from './close.ts';
import { closeKeys, jsonOf, type OwnerWork, shardSummarySchema, shards } from './close-lines.ts';
import { getClose, ownerCloses, putClose } from './close-store.ts';
import { closingOfSubject, IndexBehind } from './day-movements.ts';

export interface NextDay {
  /** absent where every day before the open one is closed */
  readonly day?: AccountingDate;
  /** RFC 3339 in UTC: when nothing can join that day any more */
  readonly readyAt?: string;
  readonly shards?: readonly number[];
}

/**
 * Moves the business date to the calendar day, or to `until`, and names the oldest day that is left and not closed. Days
 * that were missed have no postings of their own, since whatever came was booked in the day that was open; they are
 * closed one by one all the same. 1 read unit, and 1 write unit where the date moves.
 *
 * @param until the day to be opened
 */
export async function nextDay(closing: Closing, until?: AccountingDate): Promise<NextDay | Refusal<'invalid_day'>> {
  const today = closing.calendarDay();
  if (until !== undefined && until > addDays(today, closing.daysAhead)) {
    return refuse('invalid_day', `${until} is more than ${closing.daysAhead} day(s) ahead of ${today}.`);
  }
  const dates = await moveTo(closing, until ?? today);
  if (!dates) return {};
  const day = dates.closedThrough === undefined ? dates.first : addDays(dates.closedThrough, 1);
  if (day >= dates.open) return {};
  const movedAt = dates.movedAt === undefined ? closing.clock() : new Date(dates.movedAt);
  return { day, readyAt: new Date(movedAt.getTime() + closing.graceSeconds * 1_000).toISOString(), shards };
}

async function moveTo({ table, clock }: Closing, target: AccountingDate): Promise<BusinessDates | undefined> {
  for (;;) {
    const dates = await readBusinessDates(table);
    if (!dates || dates.open >= target) return dates;
    // where another execution was faster, it is looked at again
    await moveBusinessDate(table, dates, { to: target, at: clock() });
  }
}

/**
 * Whose books the day concerns, with their parts of the shards' files, as items of a map. The center's own books are
 * always among them, so that the map is never empty.
 *
 * @throws IndexBehind where debits and credits differ: an entry of a posting is missing
 */
export async function planOwners(closing: Closing, run: CloseRun): Promise<{ readonly ownersKey: string }> {
  const { files, bucket } = closing;
  const net = new Map<Currency, bigint>();
  const owners = new Map<Owner, OwnerWork>([[ownerless, { owner: ownerless, sections: [] }]]);
  for (const shard of shards) {
    const text = await readObject(files, { bucket, key: closeKeys.summary(run, shard) });
    const summary = shardSummarySchema.parse(JSON.parse(text));
    for (const { currency, amount } of summary.net) net.set(currency, (net.get(currency) ?? 0n) + amount);
    for (const { owner, balances, journal } of summary.sections) {
      const { sections } = owners.get(owner) ?? { sections: [] };
      owners.set(owner, { owner, sections: [...sections, { shard, balances, journal }] });
    }
  }
  checkBalanced(run.day, net);
  const key = closeKeys.owners(run);
  await writeObject(files, { bucket, key }, jsonOf([...owners.values()]));
  return { ownersKey: key };
}

function checkBalanced(day: AccountingDate, net: ReadonlyMap<Currency, bigint>): void {
  for (const [currency, amount] of net) {
    if (amount !== 0n) throw new IndexBehind(`debits and credits of ${currency} on ${day} differ by ${amount}`);
  }
}

/**
 * Closes the day, once: whoever comes second finds it closed. Every subject's figures are added up once more: openings,
 * movements and closings balance per currency.
 *
 * Cost: 1 read unit for some three owners, and 4 write units.
 */
export async function concludeDay(closing: Closing, run: CloseRun): Promise<Close> {
  const { table, commit, clock } = closing;
  const closes = await ownerCloses(table, run);
  const openings = new Map<Currency, bigint>();
  const closings = new Map<Currency, bigint>();
  const turnover = new Map<Currency, bigint>();
  const add = (sums: Map<Currency, bigint>, currency: Currency, amount: bigint) =>
    sums.set(currency, (sums.get(currency) ?? 0n) + amount);
  for (const line of closes.flatMap(({ lines }) => lines)) {
    add(openings, line.currency, line.opening);
    add(closings, line.currency, closingOfSubject(line));
    add(turnover, line.currency, line.debit);
  }
  checkBalanced(run.day, openings);
  checkBalanced(run.day, closings);
  const close: Close = {
    ...run,
    closedAt: clock().toISOString(),
    entries: closes.reduce((sum, { entries }) => sum + entries, 0),
    owners: closes.filter(({ lines }) => lines.length > 0).length,
    turnover: [...turnover]
      .filter(([, amount]) => amount > 0n)
      .map(([currency, amount]) => ({ currency, amount }))
      .sort((left, right) => (left.currency < right.currency ? -1 : 1)),
  };
  for (;;) {
    const dates = await readBusinessDates(table);
    const closed = await getClose(table, run.day);
    if (closed) return closed;
    const due = dates?.closedThrough === undefined ? dates?.first : addDays(dates.closedThrough, 1);
    if (!dates || due !== run.day || run.day >= dates.open)
      throw new Error(`${run.day} is not the next day to be closed`);
    const result = await commit([putClose(table, close), closedThroughWrite(table, dates, run.day)]);
    if (result.committed) return close;
    // the date was moved meanwhile, or another execution was faster
  }
}
