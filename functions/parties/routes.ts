import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema, moneySchema } from '../kernel/money.ts';
import { pageSchema, pageWithin } from '../kernel/page.ts';
import { defineRoute } from '../runtime/route.ts';
import { cardNumberSchema } from './card-number.ts';
import { channelIdSchema, highestPriority, merchantNoSchema } from './channel-schemas.ts';
import { maskCard, maskIdNumber } from './masking.ts';
import { idNumberSchema, mobileSchema, personNameSchema } from './person-schemas.ts';

const accountPlace = /^acct_[0-9A-Z]{26}$/;

const institutionParams = z.object({ id: idSchema('inst') });
const statusSchema = z.enum(['proposed', 'active', 'rejected']);
const nameSchema = z.string().trim().min(1).max(100);

const institutionSchema = z
  .object({
    id: z.string().meta({ example: 'inst_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    name: z.string().meta({ example: 'Harbour Retail Ltd' }),
    status: statusSchema,
    approvalId: z.string().meta({ description: 'what another operator approves or rejects' }),
    createdAt: z.string(),
    verification: z
      .object({ verificationId: z.string(), companyName: z.string(), verifiedAt: z.string() })
      .optional()
      .meta({ description: 'which enterprise verification proved it' }),
  })
  .meta({ id: 'Institution' });

export const createInstitutionRoute = defineRoute({
  method: 'POST',
  path: '/v1/institutions',
  summary: 'Proposes an institution; another operator approves it',
  callers: ['operator'],
  body: z.strictObject({ name: nameSchema.meta({ example: 'Harbour Retail Ltd' }) }),
  answers: { 202: institutionSchema },
});

export const getInstitutionRoute = defineRoute({
  method: 'GET',
  path: '/v1/institutions/{id}',
  summary: 'Shows an institution',
  callers: ['operator', 'institution'],
  params: institutionParams,
  answers: { 200: institutionSchema },
});

export const listInstitutionsRoute = defineRoute({
  method: 'GET',
  path: '/v1/institutions',
  summary: 'Lists institutions, newest first',
  callers: ['operator'],
  query: z.object(pageWithin(/^inst_[0-9A-Z]{26}$/)),
  answers: { 200: pageSchema(institutionSchema) },
});

const institutionAccountSchema = z
  .object({
    id: z.string().meta({ example: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    institutionId: z.string(),
    currency: currencySchema,
    status: statusSchema,
    approvalId: z.string(),
    createdAt: z.string(),
  })
  .meta({ id: 'InstitutionAccount' });

export const createInstitutionAccountRoute = defineRoute({
  method: 'POST',
  path: '/v1/institutions/{id}/accounts',
  summary: "Proposes an institution's own account; another operator approves it",
  callers: ['operator'],
  params: institutionParams,
  body: z.strictObject({ currency: currencySchema.default('CNY') }),
  answers: { 202: institutionAccountSchema },
});

export const listInstitutionAccountsRoute = defineRoute({
  method: 'GET',
  path: '/v1/institutions/{id}/accounts',
  summary: "Lists an institution's own accounts, proposed ones included",
  callers: ['operator', 'institution'],
  params: institutionParams,
  query: z.object(pageWithin(accountPlace)),
  answers: { 200: pageSchema(institutionAccountSchema) },
});

const settlementAccountSchema = z
  .object({
    id: z.string().meta({ example: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    institutionId: z.string(),
    channel: z.string().meta({ example: 'sandbox-wallet' }),
    merchantNo: z.string(),
    currency: currencySchema,
    priority: z.int(),
    status: z.enum(['active', 'suspended']).meta({ description: 'a suspended one takes no new orders' }),
    createdAt: z.string(),
  })
  .meta({ id: 'SettlementAccount' });

export const createSettlementAccountRoute = defineRoute({
  method: 'POST',
  path: '/v1/settlement-accounts',
  summary: 'Registers a merchant number at a channel and opens the account that mirrors it',
  callers: ['operator'],
  body: z.strictObject({
    institutionId: idSchema('inst'),
    channel: channelIdSchema,
    merchantNo: merchantNoSchema,
    currency: currencySchema.default('CNY'),
    priority: z.int().min(0).max(highestPriority).default(100).meta({ description: 'the lowest is tried first' }),
  }),
  answers: { 201: settlementAccountSchema },
});

export const listSettlementAccountsRoute = defineRoute({
  method: 'GET',
  path: '/v1/settlement-accounts',
  summary: "Lists an institution's settlement accounts in the order in which they are tried",
  callers: ['operator', 'institution'],
  query: z.object({
    ...pageWithin(accountPlace),
    institutionId: idSchema('inst').optional().meta({ description: 'operators name one' }),
  }),
  answers: { 200: pageSchema(settlementAccountSchema) },
});

const externalUserIdSchema = z
  .string()
  .regex(/^[\x21-\x7e]{1,64}$/, 'must be 1 to 64 visible ASCII characters')
  .meta({ description: "the institution's own name for its user", example: 'user-1001' });

const memberSchema = z
  .object({
    id: z.string().meta({ description: "the member's account", example: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    institutionId: z.string(),
    externalUserId: z.string(),
    status: z
      .enum(['active', 'debit_blocked', 'blocked', 'closed'])
      .meta({ description: "that of the member's account" }),
    currency: currencySchema,
    identity: z
      .object({
        idNumberMasked: z.string(),
        verifiedBy: z.string(),
        verifiedAt: z.string(),
        verificationId: z.string(),
      })
      .optional()
      .meta({ description: 'where a channel has confirmed it' }),
    createdAt: z.string(),
  })
  .meta({ id: 'MemberAccount' });

export const createMemberAccountRoute = defineRoute({
  method: 'POST',
  path: '/v1/member-accounts',
  summary: 'Opens a member account; name and identity number, where given, are verified by a channel',
  callers: ['institution'],
  body: z
    .strictObject({
      externalUserId: externalUserIdSchema,
      currency: currencySchema.default('CNY'),
      name: personNameSchema.optional(),
      idNumber: idNumberSchema.optional(),
    })
    .superRefine(({ name, idNumber }, context) => {
      if ((name === undefined) === (idNumber === undefined)) return;
      const missing = name === undefined ? 'name' : 'idNumber';
      context.addIssue({
        code: 'custom',
        path: [missing],
        message: 'name and idNumber are given together or not at all',
      });
    }),
  answers: {
    201: memberSchema
      .extend({ balances: z.object({ available: moneySchema, frozen: moneySchema }) })
      .meta({ id: 'NewMemberAccount' }),
  },
  fingerprint: ({ idNumber, ...body }) => ({ ...body, idNumber: idNumber && maskIdNumber(idNumber) }),
});

export const listMemberAccountsRoute = defineRoute({
  method: 'GET',
  path: '/v1/member-accounts',
  summary: "Lists the institution's members, or finds one by its own name for the user",
  callers: ['institution'],
  query: z.object({
    ...pageWithin(/^[\x21-\x7e]{1,64}$/),
    externalUserId: externalUserIdSchema.optional(),
  }),
  answers: { 200: pageSchema(memberSchema) },
});

const memberParams = z.object({ id: idSchema('acct') });

export const getMemberAccountRoute = defineRoute({
  method: 'GET',
  path: '/v1/member-accounts/{id}',
  summary: 'Shows a member account and its state',
  callers: ['institution', 'operator'],
  params: memberParams,
  answers: { 200: memberSchema },
});

export const deleteMemberAccountRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/member-accounts/{id}',
  summary: 'Closes an empty member account and unbinds all of its cards',
  callers: ['institution'],
  params: memberParams,
  answers: { 204: null },
});

const bindingSchema = z
  .object({
    id: z.string().meta({ description: 'binding id (绑定号)', example: 'bind_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.enum(['card', 'corporate_account']),
    accountId: z.string(),
    cardMasked: z.string().meta({ description: 'of the card or account', example: '622202*********0005' }),
    bank: z.string().optional().meta({ description: 'code of the bank, where it is known', example: 'ICBC' }),
    cardType: z.enum(['debit', 'credit', 'prepaid']).optional(),
    status: z.enum(['pending', 'active', 'refused', 'expired', 'unbound']),
    default: z.boolean().meta({ description: 'whether it is the one that is used unless another one is named' }),
    channels: z.array(z.string()).meta({ description: 'those that agreed: payments can use them' }),
    nextAction: z
      .object({ type: z.literal('code'), channels: z.array(z.string()), expiresAt: z.string() })
      .optional()
      .meta({ description: 'these channels have sent the holder a code, which is to be told back' }),
    createdAt: z.string(),
    unboundAt: z.string().optional(),
  })
  .meta({ id: 'CardBinding' });

export const createCardBindingRoute = defineRoute({
  method: 'POST',
  path: '/v1/card-bindings',
  summary: 'Binds a bank card to a member account at every channel of the institution that agrees',
  callers: ['institution'],
  body: z.strictObject({
    accountId: idSchema('acct'),
    cardNumber: cardNumberSchema,
    holderName: personNameSchema,
    idNumber: idNumberSchema,
    mobile: mobileSchema,
  }),
  answers: { 201: bindingSchema, 202: bindingSchema },
  fingerprint: ({ cardNumber, idNumber, mobile, ...body }) => ({
    ...body,
    card: maskCard(cardNumber),
    idNumber: maskIdNumber(idNumber),
    mobile: mobile.slice(-4),
  }),
});

const bindingParams = z.object({ id: idSchema('bind') });

export const getCardBindingRoute = defineRoute({
  method: 'GET',
  path: '/v1/card-bindings/{id}',
  summary: 'Shows a card binding',
  callers: ['institution', 'operator'],
  params: bindingParams,
  answers: { 200: bindingSchema },
});

export const listCardBindingsRoute = defineRoute({
  method: 'GET',
  path: '/v1/card-bindings',
  summary: 'Lists the cards of a member account, ended bindings included',
  callers: ['institution', 'operator'],
  query: z.object({ ...pageWithin(/^bind_[0-9A-Z]{26}$/), accountId: idSchema('acct') }),
  answers: { 200: pageSchema(bindingSchema) },
});

export const deleteCardBindingRoute = defineRoute({
  method: 'DELETE',
  path: '/v1/card-bindings/{id}',
  summary: 'Unbinds a card; its numbers are forgotten',
  callers: ['institution'],
  params: bindingParams,
  answers: { 204: null },
});

export const confirmCardBindingRoute = defineRoute({
  method: 'POST',
  path: '/v1/card-bindings/{id}/confirm',
  summary: 'Tells back the code that a channel has sent to the holder',
  callers: ['institution'],
  params: bindingParams,
  body: z.strictObject({
    code: z
      .string()
      .regex(/^[0-9A-Za-z]{4,10}$/, 'must be 4 to 10 letters and digits')
      .meta({ example: '123456' }),
    channel: channelIdSchema.optional().meta({ description: 'whose code it is, where several have sent one' }),
  }),
  answers: { 200: bindingSchema },
  fingerprint: ({ channel }) => ({ channel }),
});

export const setDefaultCardBindingRoute = defineRoute({
  method: 'POST',
  path: '/v1/card-bindings/{id}/default',
  summary: 'Makes a card the one that is used unless another one is named',
  callers: ['institution'],
  params: bindingParams,
  answers: { 200: bindingSchema },
});

export const addCardBindingAgreementsRoute = defineRoute({
  method: 'POST',
  path: '/v1/card-bindings/{id}/agreements',
  summary: 'Asks the channels that have not agreed yet, such as one that was registered after the card was bound',
  callers: ['institution'],
  params: bindingParams,
  answers: { 200: bindingSchema },
});
