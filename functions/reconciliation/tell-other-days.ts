/** What a result says of other days: whence a difference came, which day has shown its payment, and what waits. */
import type { AccountingDate } from '../kernel/clock.ts';
import { type Carried, elsewhereLine, type Waiting } from './carry-over.ts';
import type { DifferenceFacts } from './difference.ts';
import type { Expectation } from './expectation.ts';
import type { MatchResult } from './match-result.ts';
import { keyOfLine, orderKey, referenceOf } from './order.ts';
import type { StagedLine } from './shard-rows.ts';

/** A day under which our books have, as done, a payment that a line names. */
export interface OtherDay {
  readonly day: AccountingDate;
  readonly paymentId: Expectation['paymentId'];
}

/** What was brought together. */
interface Known {
  readonly otherDays: ReadonlyMap<string, OtherDay>;
  readonly pool: readonly Carried[];
  readonly waiting: Pick<Waiting, 'date'>;
}

interface Telling {
  readonly left: Known;
  /** of what came from the pool: the day it belongs to */
  readonly origins: ReadonlyMap<StagedLine | Expectation, AccountingDate>;
  readonly carried: readonly StagedLine[];
}

/**
 * Tells of what came from another day which one, of what our books have under another day which payment it is, of a line that is one too
 * many where its payment was shown, and of what waits that it does. A line of another day has no number in this file.
 */
export function tellOtherDays(result: MatchResult, { left, origins, carried }: Telling): MatchResult {
  const byKey = new Map<string, AccountingDate>();
  for (const [row, origin] of origins) byKey.set(keyOfRow(row), origin);
  const shownOf = shownElsewhere(left);
  const differences = result.differences.map((found): DifferenceFacts => {
    const { lineNumber, ...facts } = { ...found, ...shownOf(found) };
    const carriedFrom = byKey.get(facts.key.replace(/#\d+$/, ''));
    const other = facts.theirs && left.otherDays.get(referenceOf(facts.theirs));
    const paymentId = facts.paymentId ?? other?.paymentId;
    return {
      ...facts,
      ...(lineNumber !== undefined && lineNumber !== elsewhereLine && { lineNumber }),
      ...(carriedFrom && { carriedFrom }),
      ...(paymentId && { paymentId }),
    };
  });
  const notes = [
    ...result.notes.filter(({ lineNumber }) => lineNumber !== elsewhereLine),
    ...carried.map(({ lineNumber }) => ({ lineNumber, became: 'carried' }) as const),
  ];
  return { ...result, differences, notes };
}

/** Payments that another day's statement has shown, by either number: a line of one is a duplicate, and money that came back comes again. */
function shownElsewhere({ pool, waiting }: Known) {
  const byNumber = new Map<string, Pick<DifferenceFacts, 'paymentId' | 'shownOn'>>();
  for (const each of pool) {
    const { claimedBy } = each;
    if (each.side !== 'own' || claimedBy === undefined || claimedBy === waiting.date || each.withdrawn) continue;
    const { kind, channelOrderNo, channelTradeNo, paymentId } = each.expectation;
    const shown = { paymentId, shownOn: claimedBy };
    byNumber.set(orderKey(kind, channelOrderNo), shown);
    if (channelTradeNo) byNumber.set(orderKey(kind, `channel:${channelTradeNo}`), shown);
  }
  return ({ type, kind, theirs }: DifferenceFacts) => {
    if (!theirs || (type !== 'missing_in_books' && type !== 'returned')) return undefined;
    const shown =
      byNumber.get(orderKey(kind, referenceOf(theirs))) ??
      byNumber.get(orderKey(kind, `channel:${theirs.channelReference}`));
    return shown && { ...shown, type: type === 'missing_in_books' ? ('duplicate' as const) : type };
  };
}

const keyOfRow = (row: StagedLine | Expectation): string =>
  'paymentId' in row ? orderKey(row.kind, row.channelOrderNo) : keyOfLine(row);
