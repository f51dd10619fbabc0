/**
 * Several of ours under one number of the channel's: refunds of one payment, at a channel whose file numbers payments and not
 * their refunds.
 */
import { chargedLines, type ShownTogether } from './charged-lines.ts';
import type { Expectation } from './expectation.ts';
import type { Order } from './order.ts';

/**
 * Deals the lines of an order out to what it may stand for, so that each is an order of its own. A line goes to one of its amount,
 * and of its fee where several are; what agrees with none, to those that got no line, in the order of the file; and what is then too
 * many, to one of its amount again, or the first: it is a duplicate there.
 *
 * @param expectations all of them are free to be claimed
 * @returns an order for each that got a line; charges that belong to none of the lines stand with the first
 */
export function dealtOut(order: Order, expectations: readonly Expectation[]): readonly Order[] {
  const [first] = expectations;
  if (!first || expectations.length === 1) return [{ ...order, expectation: first }];
  const { lines, loneFees } = chargedLines(order.lines, order.fees, undefined);
  const dealt = new Map<Expectation, ShownTogether[]>();
  let rest: readonly ShownTogether[] = lines;
  for (const agrees of [sameAmountAndFee, sameAmount, anything]) {
    rest = rest.filter((shown) => {
      const found = expectations.find((each) => !dealt.has(each) && agrees(shown, each));
      if (found) dealt.set(found, [shown]);
      return found === undefined;
    });
  }
  for (const shown of rest) dealt.get(expectations.find((each) => sameAmount(shown, each)) ?? first)?.push(shown);
  return [...dealt].map(([expectation, shown], place) => {
    const parts = shown.flatMap((each) => each.parts);
    return {
      key: order.key,
      lines: parts.filter(({ kind }) => kind !== 'fee'),
      fees: [...parts.filter(({ kind }) => kind === 'fee'), ...(place === 0 ? loneFees : [])],
      expectation,
    };
  });
}

type Agreement = (shown: ShownTogether, expectation: Expectation) => boolean;

const sameAmount: Agreement = ({ line }, { amount, currency }) =>
  line.status === 'succeeded' && line.amount === amount && line.currency === currency;
const sameAmountAndFee: Agreement = (shown, expectation) =>
  sameAmount(shown, expectation) && shown.line.fee === expectation.fee;
const anything: Agreement = () => true;
