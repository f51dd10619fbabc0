import { merchantSchema } from '../channels-served.ts';
import { confirmOrder } from '../orders/confirm-order.ts';
import { confirmAgreement, makeAgreement } from '../orders/make-agreement.ts';
import type { OrderReference } from '../orders/order.ts';
import { placeBatch } from '../orders/place-batch.ts';
import { placeOrder } from '../orders/place-order.ts';
import { closeOrder, queryOrder } from '../orders/query-order.ts';
import { refundOrder } from '../orders/refund-order.ts';
import { findReserve } from '../orders/reserve-store.ts';
import { queryVerification, verify } from '../verifications/verify.ts';
import { gate, sandbox } from './dependencies.ts';
import * as schemas from './merchant-schemas.ts';
import { merchantOrderSchema } from './schemas.ts';
import { operation, serveMerchants } from './signed-operations.ts';

/** Outside, an order's number is the merchant's word for it; here it is the order's number. */
const named = <Facts extends { readonly channelOrderNo: string }>({ channelOrderNo, ...facts }: Facts) => ({
  ...facts,
  orderNo: channelOrderNo,
});

const referenced = ({
  channel,
  merchantNo,
  channelOrderNo,
}: Omit<OrderReference, 'orderNo'> & { channelOrderNo: string }) =>
  ({ channel, merchantNo, orderNo: channelOrderNo }) satisfies OrderReference;

export const handler = serveMerchants(gate, {
  '/v1/agreements': operation(schemas.agreementSchema, (command) => makeAgreement(sandbox(), command)),
  '/v1/agreements/confirm': operation(schemas.agreementCodeSchema, (command) => confirmAgreement(sandbox(), command)),
  '/v1/verifications': operation(schemas.verificationSchema, (request) => verify(sandbox(), request)),
  '/v1/verifications/query': operation(schemas.verificationQuerySchema, (request) =>
    queryVerification(sandbox(), request),
  ),
  '/v1/collections': operation(schemas.collectionSchema, (order) =>
    placeOrder(sandbox(), { ...named(order), kind: 'collection' }),
  ),
  '/v1/collections/confirm': operation(schemas.orderCodeSchema, (order) =>
    confirmOrder(sandbox(), referenced(order), order.code),
  ),
  '/v1/payouts': operation(schemas.payoutSchema, (order) => placeOrder(sandbox(), { ...named(order), kind: 'payout' })),
  '/v1/payout-batches': operation(schemas.batchSchema, (batch) =>
    placeBatch(sandbox(), { ...batch, lines: batch.lines.map(named) }),
  ),
  '/v1/refunds': operation(schemas.refundSchema, (order) =>
    refundOrder(sandbox(), { ...named(order), kind: 'refund' }),
  ),
  '/v1/orders/query': operation(merchantOrderSchema, (order) => queryOrder(sandbox(), referenced(order))),
  '/v1/orders/close': operation(merchantOrderSchema, (order) => closeOrder(sandbox(), referenced(order))),
  '/v1/reserves/query': operation(merchantSchema, async (merchant) => {
    const reserve = await findReserve(sandbox(), merchant);
    return reserve ? { outcome: 'known', ...reserve } : { outcome: 'not_told' };
  }),
});
