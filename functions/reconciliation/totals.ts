/** Counts and sums of one side of a day, by kind. Addition is all that merging shards needs. */
import * as z from 'zod';
import { type LineKind, lineKinds, netOf } from './statement-line.ts';

const kindTotalsSchema = z.object({
  count: z.coerce.number(),
  amount: z.coerce.bigint(),
  fee: z.coerce.bigint(),
});

export type KindTotals = z.infer<typeof kindTotalsSchema>;

/** Only the kinds that occur. */
export type SideTotals = Readonly<Partial<Record<LineKind, KindTotals>>>;

export const sideTotalsSchema: z.ZodType<SideTotals> = z.partialRecord(z.enum(lineKinds), kindTotalsSchema);

const nothing: KindTotals = { count: 0, amount: 0n, fee: 0n };

export const noTotals: SideTotals = {};

export const ofKind = (totals: SideTotals, kind: LineKind): KindTotals => totals[kind] ?? nothing;

const addKinds = (left: KindTotals, right: KindTotals): KindTotals => ({
  count: left.count + right.count,
  amount: left.amount + right.amount,
  fee: left.fee + right.fee,
});

const negated = ({ count, amount, fee }: KindTotals): KindTotals => ({ count: -count, amount: -amount, fee: -fee });

export const addTotals = (left: SideTotals, right: SideTotals): SideTotals => combined(left, right, (each) => each);

export const subtractTotals = (left: SideTotals, right: SideTotals): SideTotals => combined(left, right, negated);

function combined(left: SideTotals, right: SideTotals, of: (totals: KindTotals) => KindTotals): SideTotals {
  const sum: Partial<Record<LineKind, KindTotals>> = { ...left };
  for (const kind of lineKinds) {
    const added = right[kind];
    if (added) sum[kind] = addKinds(ofKind(left, kind), of(added));
  }
  return sum;
}

export function totalOf(
  rows: readonly { readonly kind: LineKind; readonly amount: bigint; readonly fee: bigint }[],
): SideTotals {
  const totals: Partial<Record<LineKind, KindTotals>> = {};
  for (const { kind, amount, fee } of rows) totals[kind] = addKinds(totals[kind] ?? nothing, { count: 1, amount, fee });
  return totals;
}

/** What the side says went to the merchant's money at the channel, minor units. */
export const netOfTotals = (totals: SideTotals): bigint =>
  lineKinds.reduce((net, kind) => net + netOf({ kind, ...ofKind(totals, kind) }), 0n);

export const feesOf = (totals: SideTotals): bigint =>
  lineKinds.reduce((fees, kind) => fees + ofKind(totals, kind).fee, 0n);
