/** What merchants send. Amounts arrive as whole numbers of minor units in either dialect. */
import * as z from 'zod';
import { merchantSchema } from '../channels-served.ts';
import { maximumLines } from '../orders/place-batch.ts';
import { httpUrlSchema, instantSchema, merchantOrderSchema, moneyFields, orderNoSchema } from './schemas.ts';

const textSchema = z.string().min(1).max(200);
const requestNoSchema = z.string().min(1).max(64);
const requestSchema = merchantSchema.extend({ requestNo: requestNoSchema });
const codeSchema = z.string().min(1).max(20);

const corporateAccountSchema = z.object({
  number: textSchema,
  companyName: textSchema,
  licenceNo: textSchema,
  bank: textSchema,
});

export const agreementSchema = requestSchema
  .extend({
    card: z.object({ number: textSchema, holderName: textSchema, idNumber: textSchema, mobile: textSchema }).optional(),
    corporateAccount: corporateAccountSchema.optional(),
  })
  .refine(({ card, corporateAccount }) => (card === undefined) !== (corporateAccount === undefined), {
    message: 'must name either a card or a corporate account',
  });

export const agreementCodeSchema = requestSchema.extend({ code: codeSchema });

export const verificationSchema = requestSchema.extend({
  facts: z.discriminatedUnion('factors', [
    z.object({ factors: z.literal('two'), name: textSchema, idNumber: textSchema }),
    z.object({ factors: z.literal('three'), name: textSchema, idNumber: textSchema, cardNumber: textSchema }),
    z.object({
      factors: z.literal('four'),
      name: textSchema,
      idNumber: textSchema,
      cardNumber: textSchema,
      mobile: textSchema,
    }),
    z.object({
      factors: z.literal('enterprise'),
      account: corporateAccountSchema,
      transfer: z.object(moneyFields),
    }),
  ]),
});

export const verificationQuerySchema = requestSchema;

const orderSchema = merchantOrderSchema.extend({ ...moneyFields, callbackUrl: httpUrlSchema.optional() });

export const collectionSchema = z.discriminatedUnion('product', [
  orderSchema.extend({ product: z.enum(['withholding', 'quick_payment']), agreementNo: textSchema }),
  orderSchema.extend({
    product: z.enum(['personal_ebanking', 'corporate_ebanking']),
    bank: textSchema,
    returnUrl: httpUrlSchema,
    expiresAt: instantSchema,
  }),
]);

export const payoutSchema = orderSchema.extend({ product: z.literal('payout'), agreementNo: textSchema });

export const batchSchema = merchantSchema.extend({
  batchNo: orderNoSchema,
  callbackUrl: httpUrlSchema.optional(),
  lines: z
    .array(z.object({ channelOrderNo: orderNoSchema, ...moneyFields, agreementNo: textSchema }))
    .min(1)
    .max(maximumLines),
});

export const refundSchema = orderSchema.extend({
  original: z.object({ channelOrderNo: orderNoSchema, tradeNo: textSchema }),
});

export const orderCodeSchema = merchantOrderSchema.extend({ code: codeSchema });
