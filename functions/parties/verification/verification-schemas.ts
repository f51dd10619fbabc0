/** How verifications look over HTTP. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { currencySchema, moneySchema, positiveMoneySchema } from '../../kernel/money.ts';
import { pageWithin } from '../../kernel/page.ts';
import { cardNumberSchema } from '../card-number.ts';
import { maskAccountNumber, maskCard, maskIdNumber } from '../masking.ts';
import {
  bankSchema,
  companyNameSchema,
  corporateAccountNumberSchema,
  idNumberSchema,
  licenceNoSchema,
  mobileSchema,
  personNameSchema,
} from '../person-schemas.ts';
import { verificationKinds } from './verification.ts';
import { verificationStatuses } from './verification-states.ts';

export const verificationParams = z.object({ id: idSchema('ver') });

const person = {
  name: personNameSchema,
  idNumber: idNumberSchema,
  accountId: idSchema('acct').optional().meta({ description: 'the member account that it is for' }),
  currency: currencySchema.default('CNY').meta({ description: 'of what the channel charges' }),
};

export const newVerificationSchema = z
  .discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('two_factor'), ...person }),
    z.strictObject({ kind: z.literal('three_factor'), ...person, cardNumber: cardNumberSchema }),
    z.strictObject({ kind: z.literal('four_factor'), ...person, cardNumber: cardNumberSchema, mobile: mobileSchema }),
    z.strictObject({
      kind: z.literal('enterprise'),
      accountId: idSchema('acct').meta({ description: "the institution's own account" }),
      companyName: companyNameSchema,
      licenceNo: licenceNoSchema,
      bank: bankSchema,
      accountNumber: corporateAccountNumberSchema,
      currency: currencySchema.default('CNY').meta({ description: 'of the amount that is transferred' }),
    }),
  ])
  .meta({ id: 'NewVerification' });

export type NewVerificationBody = z.output<typeof newVerificationSchema>;

/** The fingerprint of a repeated key is stored, so numbers take part in it masked. */
export function maskedBody(body: NewVerificationBody): unknown {
  if (body.kind === 'enterprise') {
    const { licenceNo, accountNumber, ...rest } = body;
    return { ...rest, licenceNo: maskIdNumber(licenceNo), accountNumber: maskAccountNumber(accountNumber) };
  }
  const { idNumber, ...rest } = body;
  return {
    ...rest,
    idNumber: maskIdNumber(idNumber),
    ...('cardNumber' in rest && { cardNumber: maskCard(rest.cardNumber) }),
    ...('mobile' in rest && { mobile: rest.mobile.slice(-4) }),
  };
}

export const confirmVerificationSchema = z.strictObject({
  amount: positiveMoneySchema.meta({ description: 'what came in on the account, to the last minor unit' }),
});

export const verificationSchema = z
  .object({
    id: z.string().meta({ example: 'ver_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    institutionId: z.string(),
    kind: z.enum(verificationKinds),
    accountId: z.string().optional(),
    status: z.enum(verificationStatuses),
    facts: z.record(z.string(), z.string()).meta({ description: 'masked' }),
    channel: z.string().optional(),
    merchantNo: z.string().optional(),
    fee: moneySchema.meta({ description: 'what the channel charges for its verdict' }),
    charged: moneySchema.meta({ description: 'what the institution is charged for it' }),
    cachedFrom: z.string().optional().meta({ description: 'the earlier success that answered; nothing is owed' }),
    bindingId: z.string().optional().meta({ description: 'the corporate account that was proved' }),
    failure: z.object({ code: z.string(), reason: z.string() }).optional(),
    nextAction: z
      .object({ type: z.literal('amount'), expiresAt: z.string(), wrongAmounts: z.int() })
      .optional()
      .meta({ description: 'tell back the amount that came in' }),
    createdAt: z.string(),
    completedAt: z.string().optional(),
    accountingDate: z.string().optional().meta({ description: 'the business day in which it was charged' }),
    history: z.array(
      z.object({
        event: z.string(),
        at: z.string(),
        channel: z.string().optional(),
        call: z.object({ operation: z.string(), code: z.string(), durationMs: z.number() }).optional(),
      }),
    ),
  })
  .meta({ id: 'Verification' });

const instant = z.iso.datetime({ offset: true }).transform((text) => new Date(text));

export const verificationQuery = z.object({
  ...pageWithin(/^\d{4}-\d{2}-\d{2}T[0-9:.]+Z#ver_[0-9A-Z]{26}$/),
  institutionId: idSchema('inst').optional().meta({ description: 'operators name one' }),
  kind: z.enum(verificationKinds).optional(),
  status: z.enum(verificationStatuses).optional(),
  accountId: idSchema('acct').optional(),
  channel: z.string().max(40).optional(),
  from: instant.optional().meta({ description: 'created at or after' }),
  to: instant.optional().meta({ description: 'created before' }),
});
