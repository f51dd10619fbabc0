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
  /** a corrected file of its own day no longer shows it, while another day has claimed it */
  readonly withdrawn?: boolean | undefined;
};

export type ClaimedItem = Carried & { readonly claimedBy: AccountingDate };

export const isClaimed = (item: Carried): item is ClaimedItem => item.claimedBy !== undefined;

/** Lines of other days have this number: those of a file begin with 1. */
export const elsewhereLine = 0;

/** Names an item within its day and side: several lines of an order are told apart by their place. */
export const carriedKey = (item: CarriedSide): string =>
  item.side === 'own'
    ? orderKey(item.expectation.kind, item.expectation.channelOrderNo)
    : `${keyOfLine(item.line)}#${item.line.channelReference}#${item.line.amount}#${item.line.fee}`;

export interface Waiting {
  /** the day that is being reconciled */
  readonly date: AccountingDate;
  /** of the channel */
  readonly timeZone: string;
  readonly carryOver: CarryOver;
  /** days around whose statement has been reconciled */
  readonly reconciled: ReadonlySet<AccountingDate>;
}

/** Days on which no file comes, such as a weekend, are waited out for so long. */
const longestGap = 3;

const neither = { earlier: false, later: false };

interface Item {
  /** when it happened, as its own side has it */
  readonly at: Date | undefined;
  readonly origin: AccountingDate;
  /** the day under which our books have its counterpart, where they do */
  readonly expectedOn: AccountingDate | undefined;
}

/**
 * Whether an item that nothing of this day stands against may wait, or wait on: while a day on which its counterpart may be has not
 * been reconciled. What is near the end of its day may be on a later one, what is near the beginning on an earlier one.
 */
export function mayWait(item: Item, waiting: Waiting): boolean {
  const { origin } = item;
  const { date, carryOver, reconciled } = waiting;
  if (carryOver.days === 0 || date > addDays(origin, carryOver.days + longestGap)) return false;
  return counterpartDays(item, waiting).some((day) => day !== date && !reconciled.has(day));
}

function counterpartDays({ at, origin, expectedOn }: Item, waiting: Waiting): readonly AccountingDate[] {
  const around = daysAround(origin, waiting.carryOver.days);
  if (expectedOn !== undefined) return around.filter((day) => day === expectedOn);
  const { earlier, later } = at === undefined ? neither : nearCutOff(at, origin, waiting);
  // what lies in the middle of its day waits only where our books told on which day to look, which was when it came
  if (!earlier && !later) return origin === waiting.date ? [] : around;
  return around.filter((day) => (day < origin ? earlier : later));
}

/** Over which end of its day an instant may have slipped: what is a minute late here is a day late there. */
export function nearCutOff(
  at: Date,
  day: AccountingDate,
  { timeZone, carryOver }: Pick<Waiting, 'timeZone' | 'carryOver'>,
): { readonly earlier: boolean; readonly later: boolean } {
  // a date without a time of day stands at midnight, and tells nothing of either end
  if (isMidnight(at, timeZone)) return neither;
  const window = carryOver.windowMinutes * 60_000;
  return {
    earlier: accountingDateAt(new Date(at.getTime() - window), timeZone) < day,
    later: accountingDateAt(new Date(at.getTime() + window), timeZone) > day,
  };
}

const isMidnight = (at: Date, timeZone: string): boolean =>
  accountingDateAt(at, timeZone) !== accountingDateAt(new Date(at.getTime() - 1), timeZone);

/** The days before and after one, without it. */
export const daysAround = (day: AccountingDate, days: number): readonly AccountingDate[] =>
  Array.from({ length: 2 * days + 1 }, (_, index) => addDays(day, index - days)).filter((each) => each !== day);
