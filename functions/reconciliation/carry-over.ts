/**
 * 跨日挂账: what one side shows near the cut-off and the other does not waits for the next days instead of being a difference at
 * once. Both sides wait, in the pool of their merchant number, and a day looks for what waits there from the days around it.
 */
import { type AccountingDate, accountingDateAt, addDays } from '../kernel/clock.ts';
import type { Expectation } from './expectation.ts';
import { keyOfLine, orderKey } from './order.ts';
import type { StagedLine } from './shard-rows.ts';

export interface CarryOver {
  /** how near the beginning or end of its day, in minutes, an item has to be to wait */
  readonly windowMinutes: number;
  /** how many days it waits; 0: nothing does */
  readonly days: number;
}

export type CarriedSide =
  | { readonly side: 'channel'; readonly line: StagedLine }
  | { readonly side: 'own'; readonly expectation: Expectation };

/** One that waits, or that another day has claimed. */
export type Carried = CarriedSide & {
  /** the day to whose statement or books it belongs */
  readonly origin: AccountingDate;
  /** the version of that day's statement that let it wait */
  readonly version: number;
  /** the day that found its counterpart */
  readonly claimedBy?: AccountingDate | undefined;
};

/** Names an item within its day and side: several lines of an order are told apart by their place. */
export const carriedKey = (item: CarriedSide): string =>
  item.side === 'own'
    ? orderKey(item.expectation.kind, item.expectation.channelOrderNo)
    : `${keyOfLine(item.line)}#${item.line.channelReference}#${item.line.amount}#${item.line.fee}`;

export interface Waiting {
  readonly date: AccountingDate;
  readonly timeZone: string;
  readonly carryOver: CarryOver;
}

/** Whether an instant is near enough to the beginning or the end of a day: what is a minute late here is a day late there. */
export function isNearCutOff(at: Date, { timeZone, carryOver }: Waiting): boolean {
  const window = carryOver.windowMinutes * 60_000;
  const day = accountingDateAt(at, timeZone);
  const before = accountingDateAt(new Date(at.getTime() - window), timeZone);
  const after = accountingDateAt(new Date(at.getTime() + window), timeZone);
  return before !== day || after !== day;
}

/** Whether an item that nothing of this day stands against may wait on. */
export function mayWait(at: Date | undefined, origin: AccountingDate, waiting: Waiting): boolean {
  const { date, carryOver } = waiting;
  if (carryOver.days === 0 || date >= addDays(origin, carryOver.days)) return false;
  return origin !== date || (at !== undefined && isNearCutOff(at, waiting));
}
