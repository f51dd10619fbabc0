import * as z from 'zod';
import { merchantSchema } from '../channels-served.ts';
import { bindCard, verifyIdentity } from '../orders/bind-card.ts';
import { type PlacedOrder, placeOrder } from '../orders/place-order.ts';
import { closeOrder, queryOrder } from '../orders/query-order.ts';
import { gate, sandbox } from './dependencies.ts';
import { merchantOrderSchema, moneyFields } from './schemas.ts';
import { operation, serveSigned } from './signed-operations.ts';

const textSchema = z.string().min(1).max(200);
const requestNoSchema = z.string().min(1).max(64);

const bindSchema = merchantSchema.extend({
  requestNo: requestNoSchema,
  card: z.object({ number: textSchema, holderName: textSchema, idNumber: textSchema, mobile: textSchema }),
});

const verificationSchema = merchantSchema.extend({
  requestNo: requestNoSchema,
  name: textSchema,
  idNumber: textSchema,
});

const orderSchema = merchantOrderSchema.extend({ ...moneyFields, agreementNo: textSchema });
const collectionSchema = orderSchema.extend({ product: z.literal('withholding') });
const payoutSchema = orderSchema.extend({ product: z.literal('payout') });

const placed = (
  kind: PlacedOrder['kind'],
  { channelOrderNo, ...order }: z.infer<typeof collectionSchema | typeof payoutSchema>,
): PlacedOrder => ({ ...order, kind, orderNo: channelOrderNo });

const reference = ({ channelOrderNo, ...merchant }: z.infer<typeof merchantOrderSchema>) => ({
  ...merchant,
  orderNo: channelOrderNo,
});

export const handler = serveSigned(gate, {
  '/v1/agreements': operation(bindSchema, (command) => bindCard(sandbox(), command)),
  '/v1/identity-verifications': operation(verificationSchema, (command) => verifyIdentity(sandbox(), command)),
  '/v1/collections': operation(collectionSchema, (order) => placeOrder(sandbox(), placed('collection', order))),
  '/v1/payouts': operation(payoutSchema, (order) => placeOrder(sandbox(), placed('payout', order))),
  '/v1/orders/query': operation(merchantOrderSchema, (order) => queryOrder(sandbox(), reference(order))),
  '/v1/orders/close': operation(merchantOrderSchema, (order) => closeOrder(sandbox(), reference(order))),
});
