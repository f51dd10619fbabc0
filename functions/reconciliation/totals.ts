/** Counts and sums of one side of a day, by kind. Addition is all that merging shards needs. */
import * as z from 'zod';
import { type LineKind, lineKinds, netOf } from './statement-line.ts';

const kindTotalsSchema = z.object({
  count: z.coerce.number(),
  amount: z.coerce.bigint(),
  fee: z.coerce.bigint(),
});

export type KindTotals = z.infer<typeof kindTotalsSchema>;

export const sideTotalsSchema = z.object({
  collection: kindTotalsSchema,
  refund: kindTotalsSchema,
  payout: kindTotalsSchema,
  payout_return: kindTotalsSchema,
});

export type SideTotals = Readonly<Record<LineKind, KindTotals>>;

const nothing: KindTotals = { count: 0, amount: 0n, fee: 0n };

export const noTotals: SideTotals = { collection: nothing, refund: nothing, payout: nothing, payout_return: nothing };

const addKinds = (left: KindTotals, right: KindTotals): KindTotals => ({
  count: left.count + right.count,
  amount: left.amount + right.amount,
  fee: left.fee + right.fee,
});

const negated = ({ count, amount, fee }: KindTotals): KindTotals => ({ count: -count, amount: -amount, fee: -fee });

export const subtractTotals = (left: SideTotals, right: SideTotals): SideTotals =>
  addTotals(left, {
    collection: negated(right.collection),
    refund: negated(right.refund),
    payout: negated(right.payout),
    payout_return: negated(right.payout_return),
  });

export const addTotals = (left: SideTotals, right: SideTotals): SideTotals => ({
  collection: addKinds(left.collection, right.collection),
  refund: addKinds(left.refund, right.refund),
  payout: addKinds(left.payout, right.payout),
  payout_return: addKinds(left.payout_return, right.payout_return),
});

export const totalOf = (
  rows: readonly { readonly kind: LineKind; readonly amount: bigint; readonly fee: bigint }[],
): SideTotals => {
  const totals = { ...noTotals };
  for (const { kind, amount, fee } of rows) totals[kind] = addKinds(totals[kind], { count: 1, amount, fee });
  return totals;
};

/** What the side says went to the merchant's money at the channel, minor units. */
export const netOfTotals = (totals: SideTotals): bigint =>
  lineKinds.reduce((net, kind) => net + netOf({ kind, ...totals[kind] }), 0n);

export const feesOf = (totals: SideTotals): bigint => lineKinds.reduce((fees, kind) => fees + totals[kind].fee, 0n);
