/** A small day of one merchant: two collections, a refund, two payouts and a return. */
import fc from 'fast-check';
import type { StatementLine } from '../../../functions/sandbox/statements/statement-line.ts';
import { lineKinds } from '../../../functions/sandbox/statements/statement-line.ts';

export const merchant = { channel: 'sandbox-bank', merchantNo: '1601959334' } as const;

const line = (
  facts: Pick<StatementLine, 'kind' | 'orderNo' | 'amount' | 'fee'> & { at: string } & Partial<StatementLine>,
) => {
  const { at, ...rest } = facts;
  return {
    merchantNo: merchant.merchantNo,
    tradeNo: `4200${rest.orderNo.padStart(24, '0')}`,
    currency: 'CNY',
    feeBasisPoints: 60n,
    status: 'succeeded',
    completedAt: new Date(`2026-11-22T${at}+08:00`),
    ...rest,
  } as const satisfies StatementLine;
};

export const collectionA = line({ kind: 'collection', orderNo: '111', amount: 10_000n, fee: 60n, at: '10:15:30' });
export const collectionB = line({ kind: 'collection', orderNo: '222', amount: 5n, fee: 0n, at: '00:00:00' });
export const refund = line({
  kind: 'refund',
  orderNo: '333',
  tradeNo: '5030000000000000000000000333',
  amount: 1_000n,
  fee: -6n,
  at: '11:00:00',
  original: { orderNo: collectionA.orderNo, tradeNo: collectionA.tradeNo },
});
export const payout = line({ kind: 'payout', orderNo: '444', amount: 4_000n, fee: 4n, at: '12:00:00' });
export const payoutB = line({ kind: 'payout', orderNo: '555', amount: 7n, fee: 0n, at: '23:59:59' });
export const returned = line({
  kind: 'returned_payout',
  orderNo: '444',
  tradeNo: '4200111111111111111111111444',
  amount: 4_000n,
  fee: 0n,
  at: '13:00:00',
});

export const day: readonly StatementLine[] = [collectionA, collectionB, refund, payout, payoutB, returned];

/** Any day of one merchant in one currency, with order numbers of its own. */
export const anyDay = fc
  .tuple(
    fc.constantFrom('CNY' as const, 'JPY' as const, 'KWD' as const),
    fc.array(
      fc.record({
        kind: fc.constantFrom(...lineKinds),
        amount: fc.bigInt({ min: 1n, max: 2n ** 40n }),
        fee: fc.bigInt({ min: -1_000_000n, max: 1_000_000n }),
        second: fc.integer({ min: 0, max: 86_399 }),
        status: fc.constantFrom('succeeded' as const, 'failed' as const),
      }),
      { maxLength: 30 },
    ),
  )
  .map(([currency, facts]) => ({
    currency,
    lines: facts.map(({ kind, amount, fee, second, status }, index): StatementLine => {
      const completedAt = new Date(Date.UTC(2026, 10, 21, 16) + second * 1000);
      const base = line({ kind, orderNo: `${index}`, amount, fee, at: '00:00:00' });
      return { ...base, currency, completedAt, status };
    }),
  }));
