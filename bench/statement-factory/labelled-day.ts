/**
 * A day whose truth is known: for each order what both sides have of it, and what a reconciliation has to find. It is a function of
 * a seed and of the order's number alone, so that days of any length are written without being held in memory.
 */
import type { PaymentId } from '../../functions/kernel/ids.ts';
import type { DifferenceType } from '../../functions/reconciliation/difference-types.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { orderKey } from '../../functions/reconciliation/order.ts';
import type { LineKind, LineStatus } from '../../functions/reconciliation/statement-line.ts';

/** What a line is told to be. Differences have the names of their types. */
export const labels = [
  'matched',
  'completed',
  'matched_by_trade_number',
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'ignored',
  'line_error',
] as const;

export type Label = (typeof labels)[number];

/** A line as it is to be written. */
export interface FactoryLine {
  readonly kind: LineKind;
  /** empty where the line shows none */
  readonly orderNo: string;
  readonly tradeNo: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly status: LineStatus;
  /** of the day */
  readonly second: number;
  /** whether its amount is to be no number */
  readonly unreadable: boolean;
  /** whether the line before it tells the same */
  readonly repeated: boolean;
}

export interface FactoryOrder {
  readonly label: Label;
  readonly own: Expectation | undefined;
  readonly lines: readonly FactoryLine[];
  readonly differences: readonly LabelledDifference[];
}

export interface LabelledDifference {
  readonly type: DifferenceType;
  readonly key: string;
}

export interface DayPlan {
  readonly seed: number;
  readonly orders: number;
  /** in which one order each has every label but `matched` */
  readonly orderOfEach: number;
  /** in which one order is of each kind but the first */
  readonly orderOfKind: number;
  /** what the format can hold */
  readonly kinds: readonly LineKind[];
  readonly kindsWithoutOwnNumber: readonly LineKind[];
  readonly labels: readonly Label[];
  /** when the day begins for the channel, in milliseconds */
  readonly beginsAt: number;
  /** a number as the channel gives it, made of 28 digits of which the last twelve are the order's own */
  readonly tradeNo: (digits: string, second: number) => string;
}

export function orderAt(plan: DayPlan, index: number): FactoryOrder {
  const draw = (purpose: number): number => mixed(mixed(plan.seed, index), purpose);
  const label = labelAt(plan, index);
  const kind = plan.kinds[draw(1) % plan.orderOfKind] ?? plan.kinds[0] ?? 'collection';
  const amount = BigInt(100 + (draw(2) % 1_000_000));
  const charged = (amount * 60n + 5_000n) / 10_000n;
  const orderNo = `${ownNumber(draw, index)}1`;
  const second = Math.floor((index * 86_400) / plan.orders);
  const digits = `4200${String(draw(3)).padStart(12, '0')}${String(index).padStart(12, '0')}`;
  const own: Expectation = {
    paymentId: `pay_${orderNo.slice(0, -1)}` as PaymentId, // an id, made as ours are
    kind,
    channelOrderNo: orderNo,
    channelTradeNo: plan.tradeNo(digits, second),
    amount,
    fee: kind === 'refund' ? -charged : charged,
    currency: 'CNY',
    status: 'succeeded',
    completedAt: new Date(plan.beginsAt + second * 1_000),
  };
  const line: FactoryLine = {
    kind,
    orderNo: plan.kindsWithoutOwnNumber.includes(kind) ? '' : orderNo,
    tradeNo: own.channelTradeNo,
    amount,
    fee: own.fee,
    status: 'succeeded',
    second,
    unreadable: false,
    repeated: false,
  };
  return { label, ...sidesOf(label, own, line) };
}

/** 26 characters of an id: random ones, and the number of the order so that none comes twice. */
function ownNumber(draw: (purpose: number) => number, index: number): string {
  const text = (value: number, length: number) => value.toString(16).toUpperCase().padStart(length, '0');
  return `01K${text(draw(4), 8)}${text(draw(5), 8)}${text(index, 7)}`;
}

function labelAt({ seed, orderOfEach, labels: wanted }: DayPlan, index: number): Label {
  const block = Math.floor(index / orderOfEach);
  const first = mixed(seed + 1, block) % orderOfEach;
  const apart = Math.floor(orderOfEach / wanted.length);
  const place = (index - first + orderOfEach) % orderOfEach;
  return (place % apart === 0 ? wanted[place / apart] : undefined) ?? 'matched';
}

type Sides = Omit<FactoryOrder, 'label'>;

function sidesOf(label: Label, own: Expectation, line: FactoryLine): Sides {
  const key = orderKey(own.kind, own.channelOrderNo);
  /** of what is known by its line alone */
  const lineKey = orderKey(own.kind, line.orderNo || `channel:${line.tradeNo}`);
  const differing = (type: DifferenceType): readonly LabelledDifference[] => [{ type, key }];
  const agreeing: Sides = { own, lines: [line], differences: [] };
  switch (label) {
    case 'matched':
      return agreeing;
    case 'completed':
      return { ...agreeing, own: unfinished(own) };
    case 'matched_by_trade_number':
      return { ...agreeing, lines: [{ ...line, orderNo: '' }] };
    case 'missing_in_books':
      return { ...agreeing, own: undefined, differences: [{ type: label, key: lineKey }] };
    case 'missing_at_channel':
      return { ...agreeing, lines: [], differences: differing(label) };
    case 'amount_mismatch':
      return { ...agreeing, lines: [{ ...line, amount: line.amount + 1n }], differences: differing(label) };
    case 'fee_mismatch':
      return { ...agreeing, lines: [{ ...line, fee: line.fee - 1n }], differences: differing(label) };
    case 'status_mismatch':
      return { ...agreeing, own: { ...unfinished(own), status: 'failed' }, differences: differing(label) };
    case 'duplicate':
      return { own, lines: [line, { ...line, repeated: true }], differences: [{ type: label, key: `${lineKey}#2` }] };
    case 'ignored':
      return { own: unfinished(own), lines: [{ ...line, status: 'processing' }], differences: [] };
    case 'line_error':
      // what can't be read is missing at the channel as well, until somebody has looked at it
      return { own, lines: [{ ...line, unreadable: true }], differences: differing('missing_at_channel') };
  }
}

const unfinished = ({ completedAt: _, ...own }: Expectation): Expectation => ({ ...own, status: 'processing' });

/** A number of 32 bits that follows from two others; MurmurHash3's finish. */
function mixed(left: number, right: number): number {
  let hash = Math.imul(left ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(right + 0x7f4a7c15, 0xc2b2ae35);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return (hash ^ (hash >>> 16)) >>> 0;
}

/** So that each order is read from the other side at another place. */
export const elsewhere = (index: number, orders: number): number => (index * 7_368_787 + 1_009) % orders;
