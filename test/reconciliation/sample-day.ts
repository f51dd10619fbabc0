/** A day of one merchant number as both sides have it, and statements of it in the sandbox's own format. */
import fc from 'fast-check';
import { idFrom } from '../../functions/kernel/ids.ts';
import { decimalFromMinorUnits } from '../../functions/kernel/money.ts';
import type { DifferenceType } from '../../functions/reconciliation/difference-types.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import type { LineKind, LineStatus } from '../../functions/reconciliation/statement-line.ts';

export const merchantNo = '880001';
export const date = '2026-03-01';

export interface Row {
  readonly kind: LineKind;
  readonly orderNo: string;
  readonly tradeNo: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly status: LineStatus;
}

const kindNames: Readonly<Partial<Record<LineKind, string>>> = {
  collection: 'collection',
  refund: 'refund',
  payout: 'payout',
  payout_return: 'returned_payout',
};

export const csvHeader = 'kind,merchant_no,order_no,trade_no,amount,currency,fee,status,completed_at';

export const csvRow = ({ kind, orderNo, tradeNo, amount, fee, status }: Row): string =>
  [
    kindNames[kind],
    merchantNo,
    orderNo,
    tradeNo,
    decimalFromMinorUnits(amount, 'CNY'),
    'CNY',
    decimalFromMinorUnits(fee, 'CNY'),
    status,
    `${date}T10:15:30+08:00`,
  ].join(',');

/** @param details lines that can't be read are counted but not summed */
export function csvFile(rows: readonly Row[], details: readonly string[] = rows.map(csvRow)): string {
  const names = ['collection', 'refund', 'payout', 'returned_payout'] as const;
  const figures = names.flatMap((name) => {
    const some = rows.filter(({ kind }) => kindNames[kind] === name);
    const sum = (of: (row: Row) => bigint) => some.reduce((total, row) => total + of(row), 0n);
    const amount = decimalFromMinorUnits(
      sum((row) => row.amount),
      'CNY',
    );
    const fee = decimalFromMinorUnits(
      sum((row) => row.fee),
      'CNY',
    );
    return [`${some.length}`, amount, fee];
  });
  const summaryHeader = ['total_lines', ...names.flatMap((name) => [`${name}s`, `${name}_amount`, `${name}_fee`])];
  return [csvHeader, ...details, summaryHeader.join(','), [`${details.length}`, ...figures].join(','), ''].join('\r\n');
}

export const expectation = (facts: Partial<Expectation> = {}): Expectation => ({
  paymentId: idFrom('pay', facts.channelOrderNo ?? 'order-1'),
  kind: 'collection',
  channelOrderNo: 'order-1',
  channelTradeNo: 'trade-1',
  amount: 10_000n,
  fee: 60n,
  currency: 'CNY',
  status: 'succeeded',
  ...facts,
});

/** What the channel writes of an order when nothing is wrong. */
export const rowOf = ({ kind, channelOrderNo, channelTradeNo, amount, fee }: Expectation): Row => ({
  kind,
  orderNo: channelOrderNo,
  tradeNo: channelTradeNo,
  amount,
  fee,
  status: 'succeeded',
});

export interface Made {
  readonly type: DifferenceType;
  /** the order's number */
  readonly orderNo: string;
}

export interface Day {
  readonly expectations: readonly Expectation[];
  readonly rows: readonly Row[];
  /** the mistakes that were made on purpose */
  readonly made: readonly Made[];
  /** orders of ours that the statement completes */
  readonly completes: readonly string[];
}

interface Outcome {
  readonly expectations: readonly Expectation[];
  readonly rows: readonly Row[];
  readonly types: readonly DifferenceType[];
  readonly completes?: boolean;
}

/** What may become of one order. Each says which differences it makes, without asking the code that finds them. */
const outcomes: Readonly<Record<string, (order: Expectation) => Outcome>> = {
  clean: (order) => ({ expectations: [order], rows: [rowOf(order)], types: [] }),
  'known by the trade number only': (order) => ({
    expectations: [order],
    rows: [{ ...rowOf(order), orderNo: '' }],
    types: [],
  }),
  completed: (order) => ({
    expectations: [{ ...order, status: 'processing', channelTradeNo: '' }],
    rows: [rowOf(order)],
    types: [],
    completes: true,
  }),
  'completed with another fee': (order) => ({
    expectations: [{ ...order, status: 'processing', channelTradeNo: '' }],
    rows: [{ ...rowOf(order), fee: order.fee + 3n }],
    types: ['fee_mismatch'],
    completes: true,
  }),
  'open on both sides': (order) => ({ expectations: [{ ...order, status: 'processing' }], rows: [], types: [] }),
  'failed on both sides': (order) => ({ expectations: [{ ...order, status: 'failed' }], rows: [], types: [] }),
  'failed on both sides and listed': (order) => ({
    expectations: [{ ...order, status: 'failed' }],
    rows: [{ ...rowOf(order), status: 'failed' }],
    types: [],
  }),
  'missing in books': (order) => ({ expectations: [], rows: [rowOf(order)], types: ['missing_in_books'] }),
  'missing at the channel': (order) => ({ expectations: [order], rows: [], types: ['missing_at_channel'] }),
  'another amount': (order) => ({
    expectations: [order],
    rows: [{ ...rowOf(order), amount: order.amount + 100n }],
    types: ['amount_mismatch'],
  }),
  'another fee': (order) => ({
    expectations: [order],
    rows: [{ ...rowOf(order), fee: order.fee + 10n }],
    types: ['fee_mismatch'],
  }),
  'another amount and fee': (order) => ({
    expectations: [order],
    rows: [{ ...rowOf(order), amount: order.amount + 1n, fee: order.fee - 1n }],
    types: ['amount_mismatch', 'fee_mismatch'],
  }),
  'failed at the channel': (order) => ({
    expectations: [order],
    rows: [{ ...rowOf(order), status: 'failed' }],
    types: ['status_mismatch'],
  }),
  'failed in our books': (order) => ({
    expectations: [{ ...order, status: 'failed' }],
    rows: [rowOf(order)],
    types: ['status_mismatch'],
  }),
  'failed in our books, and another amount': (order) => ({
    expectations: [{ ...order, status: 'failed' }],
    rows: [{ ...rowOf(order), amount: order.amount + 7n }],
    types: ['status_mismatch', 'amount_mismatch'],
  }),
  'listed twice': (order) => ({
    expectations: [order],
    rows: [rowOf(order), rowOf(order)],
    types: ['duplicate'],
  }),
  'listed three times, once with another amount': (order) => ({
    expectations: [order],
    rows: [rowOf(order), { ...rowOf(order), amount: order.amount + 5n }, rowOf(order)],
    types: ['duplicate', 'duplicate'],
  }),
  'unknown to us and listed twice': (order) => ({
    expectations: [],
    rows: [rowOf(order), rowOf(order)],
    types: ['missing_in_books', 'duplicate'],
  }),
  returned: (order) => ({
    expectations: [{ ...order, kind: 'payout' }],
    rows: [
      rowOf({ ...order, kind: 'payout' }),
      { ...rowOf(order), kind: 'payout_return', tradeNo: `${order.channelTradeNo}R`, fee: 0n },
    ],
    types: ['returned'],
  }),
  'returned, as we know': (order) => {
    const payout = { ...order, kind: 'payout' } as const;
    return { expectations: [payout, returnOf(order)], rows: [rowOf(payout), rowOf(returnOf(order))], types: [] };
  },
  'returned, as the statement tells': (order) => {
    const [payout, back] = [{ ...order, kind: 'payout' } as const, returnOf(order)];
    const untold = { ...back, status: 'processing', channelTradeNo: '' } as const;
    return { expectations: [payout, untold], rows: [rowOf(payout), rowOf(back)], types: [], completes: true };
  },
  'refunded by us': (order) => {
    const collection = { ...order, kind: 'collection' } as const;
    const refund = refundOf(order);
    return { expectations: [collection, refund], rows: [rowOf(collection), rowOf(refund)], types: [] };
  },
  'refunded by us, and the fee not given back': (order) => {
    const refund = refundOf(order);
    return { expectations: [refund], rows: [{ ...rowOf(refund), fee: 0n }], types: ['fee_mismatch'] };
  },
  refunded: (order) => ({
    expectations: [order],
    rows: [rowOf(order), { ...rowOf(order), kind: 'refund', orderNo: `${order.channelOrderNo}R`, fee: -order.fee }],
    types: ['missing_in_books'],
  }),
};

/** Of a payout that came back: under its number, and one of the channel's own. */
const returnOf = (order: Expectation): Expectation => ({
  ...order,
  paymentId: idFrom('pay', order.channelOrderNo, 'return'),
  kind: 'payout_return',
  channelTradeNo: `${order.channelTradeNo}R`,
  fee: 0n,
});

/** Of the whole, under a number of its own, with the fee given back. */
const refundOf = (order: Expectation): Expectation => ({
  ...order,
  paymentId: idFrom('pay', `${order.channelOrderNo}R`),
  kind: 'refund',
  channelOrderNo: `${order.channelOrderNo}R`,
  channelTradeNo: `${order.channelTradeNo}R`,
  fee: -order.fee,
});

const anyOrder = fc.record({
  outcome: fc.constantFrom(...Object.keys(outcomes)),
  kind: fc.constantFrom('collection' as const, 'payout' as const),
  amount: fc.bigInt({ min: 200n, max: 5_000_000n }),
  fee: fc.bigInt({ min: 1n, max: 100n }),
});

/** Any day with any mistakes, its lines in any order. */
export const anyDay: fc.Arbitrary<Day> = fc.array(anyOrder, { maxLength: 60 }).chain((orders) => {
  const parts = orders.map(({ outcome, kind, amount, fee }, index) => {
    const order = expectation({ kind, amount, fee, channelOrderNo: `O${index}`, channelTradeNo: `T${index}` });
    return { order, made: outcomes[outcome]?.(order) };
  });
  const rows = parts.flatMap(({ made }) => made?.rows ?? []);
  return fc.record({
    expectations: fc.constant(parts.flatMap(({ made }) => made?.expectations ?? [])),
    rows: fc.shuffledSubarray(rows, { minLength: rows.length }),
    made: fc.constant(
      parts.flatMap(({ order, made }) => (made?.types ?? []).map((type) => ({ type, orderNo: order.channelOrderNo }))),
    ),
    completes: fc.constant(
      parts.flatMap(({ order, made }) => (made?.completes === true ? [order.channelOrderNo] : [])),
    ),
  });
});
