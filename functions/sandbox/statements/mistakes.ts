/** Mistakes that a statement makes on request, each in the first order, by number, that fits and that is not yet spoilt. */
import { bareId, idFrom } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import { feeFor, feeOf, type ServedMerchant } from '../channels-served.ts';
import { tradeNumber } from '../orders/order.ts';
import { lineOfReturn, type StatementLine } from './statement-line.ts';

export const lineMistakes = [
  'missing_at_channel',
  'missing_in_books',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'returned',
] as const;

export const fileMistakes = [
  'bad_line',
  'wrong_total',
  'truncated',
  'wrong_merchant',
  'empty',
  'wrong_encoding',
] as const;

export type LineMistake = (typeof lineMistakes)[number];
export type FileMistake = (typeof fileMistakes)[number];

export interface MadeMistake {
  readonly mistake: LineMistake;
  readonly orderNo: string;
}

export interface SpoiltLines {
  readonly lines: readonly StatementLine[];
  readonly made: readonly MadeMistake[];
}

/** What replaces a spoilt line. */
const spoil: Record<
  Exclude<LineMistake, 'missing_in_books'>,
  (line: StatementLine, merchant: ServedMerchant) => StatementLine[]
> = {
  missing_at_channel: () => [],
  amount_mismatch: (line) => [{ ...line, amount: line.amount + 100n }],
  fee_mismatch: (line) => [{ ...line, fee: line.fee + 10n }],
  status_mismatch: (line) => [{ ...line, status: 'failed' }],
  duplicate: (line) => [line, line],
  returned: (line, merchant) => [line, lineOfReturn({ ...line, ...merchant, kind: 'payout' }, line.completedAt)],
};

/** A refund is compared with its payment, a return with its payout: orders are what mistakes are made in. */
const fits = (line: StatementLine, mistake: LineMistake): boolean =>
  mistake === 'returned' ? line.kind === 'payout' : line.kind === 'collection' || line.kind === 'payout';

/**
 * @param lines of the day, in any order
 * @param mistakes made one after another; a mistake that is named twice is made in two orders
 */
export function makeMistakes(
  merchant: ServedMerchant,
  lines: readonly StatementLine[],
  { mistakes, noon }: { readonly mistakes: readonly LineMistake[]; readonly noon: Date },
): SpoiltLines | Refusal<'no_order_for_mistake'> {
  const byNumber = lines.toSorted((one, other) => compare(one.orderNo, other.orderNo));
  const currency = byNumber[0]?.currency ?? 'CNY';
  const spoilt = new Map<StatementLine, readonly StatementLine[]>();
  const added: StatementLine[] = [];
  const made: MadeMistake[] = [];
  for (const mistake of mistakes) {
    if (mistake === 'missing_in_books') {
      const line = neverSent(merchant, { number: added.length + 1, noon, currency });
      added.push(line);
      made.push({ mistake, orderNo: line.orderNo });
      continue;
    }
    const victim = byNumber.find((line) => !spoilt.has(line) && fits(line, mistake));
    if (!victim) return refuse('no_order_for_mistake', `No order of that day is left for ${mistake}.`);
    spoilt.set(victim, spoil[mistake](victim, merchant));
    made.push({ mistake, orderNo: victim.orderNo });
  }
  return { lines: [...byNumber.flatMap((line) => spoilt.get(line) ?? [line]), ...added], made };
}

/** An order that looks like any other, of 88.00, under a number that nobody ever sent. */
function neverSent(
  merchant: ServedMerchant,
  { number, noon, currency }: { number: number; noon: Date; currency: Currency },
): StatementLine {
  const facts = [merchant.channel, merchant.merchantNo, noon.toISOString(), number.toString()];
  const orderNo = `${bareId(idFrom('invented', ...facts))}1`;
  const terms = feeFor(merchant.channel, 'withholding') ?? { flat: 0n, basisPoints: 0n };
  const amount = 8_800n;
  return {
    kind: 'collection',
    merchantNo: merchant.merchantNo,
    orderNo,
    tradeNo: tradeNumber('4200', 'invented', { ...merchant, orderNo }, noon),
    amount,
    currency,
    fee: feeOf(amount, terms),
    feeBasisPoints: terms.basisPoints,
    status: 'succeeded',
    completedAt: noon,
  };
}

const compare = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
