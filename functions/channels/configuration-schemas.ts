/** How configuration is shown and put, told apart by its kind. */
import * as z from 'zod';
import { arrivalRuleKind } from './configuration/kinds/arrival-rule.ts';
import { bankKind } from './configuration/kinds/bank.ts';
import { bankSwitchKind } from './configuration/kinds/bank-switch.ts';
import { cardBinKind } from './configuration/kinds/card-bin.ts';
import { channelKind } from './configuration/kinds/channel.ts';
import { chargedFeeKind } from './configuration/kinds/charged-fee.ts';
import { type KindName, kindNames } from './configuration/kinds/kind-names.ts';
import { limitKind } from './configuration/kinds/limit.ts';
import { reconciliationPolicyKind } from './configuration/kinds/reconciliation-policy.ts';
import { routeRuleKind } from './configuration/kinds/route-rule.ts';
import { statementCalendarKind } from './configuration/kinds/statement-calendar.ts';
import { statementProfileKind } from './configuration/kinds/statement-profile.ts';

export const kindSchema = z.enum(kindNames).meta({ description: 'what is configured', example: 'switches' });

export const entryIdSchema = z
  .string()
  .regex(/^[A-Za-z0-9-]{1,60}$/)
  .meta({
    description: "a bank's code, a channel's id, the prefix of a card bin; a word of your own for all others",
    example: 'harbour-upgrade',
  });

export const versionSchema = z.int().nonnegative().meta({
  description: 'what you have seen; another one there is answered 409. Left out: whatever is there',
  example: 3,
});

export const reasonSchema = z
  .string()
  .trim()
  .min(1)
  .max(500)
  .meta({ description: 'why, for the record of changes', example: 'the bank told us of an upgrade' });

const entryOf = <Name extends KindName, Value extends z.ZodType>(kind: Name, id: string, value: Value) =>
  z
    .strictObject({
      kind: z.literal(kind),
      id: z.string(),
      version: z.int().meta({ description: 'the number of its last change; 0 for what is built in' }),
      value,
      changedBy: z.string().optional().meta({ description: 'client id of an operator' }),
      changedAt: z.string().optional(),
      ...(kind === 'channels' && {
        operations: z.array(z.string()).meta({ description: 'what its adapter can do', example: ['collect', 'query'] }),
      }),
    })
    .meta({ id });

const putOf = <Name extends KindName, Value extends z.ZodType>(
  kind: Name,
  { id, value, example }: { readonly id: string; readonly value: Value; readonly example: z.input<Value> },
) =>
  z
    .strictObject({
      kind: z.literal(kind).meta({ description: 'as in the path' }),
      value,
      version: versionSchema.optional(),
      reason: reasonSchema.optional(),
    })
    .meta({ id, examples: [{ kind, value: example, reason: 'agreed with the bank' }] });

export const entrySchema = z.discriminatedUnion('kind', [
  entryOf('banks', 'BankEntry', bankKind.schema),
  entryOf('channels', 'ChannelEntry', channelKind.schema),
  entryOf('switches', 'BankSwitchEntry', bankSwitchKind.schema),
  entryOf('limits', 'LimitEntry', limitKind.schema),
  entryOf('routes', 'RouteRuleEntry', routeRuleKind.schema),
  entryOf('fees', 'ChargedFeeEntry', chargedFeeKind.schema),
  entryOf('card-bins', 'CardBinEntry', cardBinKind.schema),
  entryOf('reconciliation-policies', 'ReconciliationPolicyEntry', reconciliationPolicyKind.schema),
  entryOf('statement-calendars', 'StatementCalendarEntry', statementCalendarKind.schema),
  entryOf('statement-profiles', 'StatementProfileEntry', statementProfileKind.schema),
  entryOf('arrival-rules', 'ArrivalRuleEntry', arrivalRuleKind.schema),
]);

const share = (basisPoints: number) => [{ from: '2026-01-01', tiers: [{ flat: 0, basisPoints }] }];

export const putSchema = z.discriminatedUnion('kind', [
  putOf('banks', {
    id: 'PutBank',
    value: bankKind.schema,
    example: { name: { en: 'Industrial and Commercial Bank of China', zh: '中国工商银行' } },
  }),
  putOf('channels', {
    id: 'PutChannel',
    value: channelKind.schema,
    example: {
      name: 'Sandbox Bank',
      adapter: 'sandbox',
      active: true,
      products: {
        withholding: { cost: share(25) },
        payout: { cost: share(10), hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '22:30' }] },
      },
      timeZone: 'Asia/Shanghai',
      statementFormats: ['sandbox-csv'],
    },
  }),
  putOf('switches', {
    id: 'PutBankSwitch',
    value: bankSwitchKind.schema,
    example: {
      bank: 'HARBOUR',
      product: 'withholding',
      on: true,
      maintenance: [{ from: '2026-03-01T02:00:00+08:00', to: '2026-03-01T05:00:00+08:00' }],
      reason: 'bank upgrade',
    },
  }),
  putOf('limits', {
    id: 'PutLimit',
    value: limitKind.schema,
    example: {
      product: 'withholding',
      per: 'card',
      currency: 'CNY',
      minimum: 100,
      maximum: 5_000_000,
      daily: 20_000_000,
    },
  }),
  putOf('routes', {
    id: 'PutRouteRule',
    value: routeRuleKind.schema,
    example: {
      product: 'withholding',
      bank: 'HARBOUR',
      candidates: [
        { channel: 'sandbox-bank', priority: 1 },
        { channel: 'sandbox-wallet', priority: 2 },
      ],
    },
  }),
  putOf('fees', {
    id: 'PutChargedFee',
    value: chargedFeeKind.schema,
    example: {
      institution: '*',
      product: 'payout',
      payer: 'member',
      schedule: [
        {
          from: '2026-01-01',
          tiers: [
            { upTo: 100_000, flat: 100, basisPoints: 0 },
            { flat: 0, basisPoints: 10 },
          ],
          maximum: 5_000,
        },
      ],
    },
  }),
  putOf('card-bins', {
    id: 'PutCardBin',
    value: cardBinKind.schema,
    example: { bank: 'HARBOUR', cardType: 'debit' },
  }),
  putOf('reconciliation-policies', {
    id: 'PutReconciliationPolicy',
    value: reconciliationPolicyKind.schema,
    example: {
      channel: 'sandbox-bank',
      tolerance: { amount: 0, fee: 5 },
      carryOver: { windowMinutes: 30, days: 1 },
      automatic: [{ types: ['missing_in_books', 'missing_at_channel'], upTo: 100, resolution: 'write_off' }],
      dueHours: { low: 72, medium: 24, high: 4 },
    },
  }),
  putOf('statement-calendars', {
    id: 'PutStatementCalendar',
    value: statementCalendarKind.schema,
    example: {
      channel: 'sandbox-bank',
      from: '2026-01-01',
      weekdays: [1, 2, 3, 4, 5],
      holidays: ['2026-10-01', '2026-10-02'],
      workingDays: ['2026-10-10'],
      due: { daysAfter: 1, countedIn: 'days', at: '10:00' },
      graceMinutes: 30,
      emptyDays: 'confirmed',
    },
  }),
  putOf('statement-profiles', {
    id: 'PutStatementProfile',
    value: statementProfileKind.schema,
    example: {
      name: 'City Bank, merchant statement',
      encoding: 'gb18030',
      layout: { type: 'delimited', delimiter: ',', quoted: true, header: 'first-line' },
      recognise: { columns: ['商户订单号', '交易金额'] },
      numbers: { unit: 'major' },
      fields: {
        ourReference: { columns: ['商户订单号'] },
        amount: { columns: ['交易金额'] },
        time: { columns: ['交易时间'], format: 'yyyy-MM-dd HH:mm:ss' },
      },
      kinds: [
        { kind: 'collection', when: [{ column: '交易类型', equals: ['消费'] }] },
        { kind: 'refund', sign: 'either', when: [{ column: '交易类型', equals: ['退款'] }] },
      ],
    },
  }),
  putOf('arrival-rules', {
    id: 'PutArrivalRule',
    value: arrivalRuleKind.schema,
    example: {
      channel: 'sandbox-wallet',
      merchantNo: '1601959334',
      bank: { channel: 'sandbox-bank', merchantNo: '880001' },
      daysToArrive: 3,
      tolerance: 0,
      payer: 'SANDBOX WALLET',
    },
  }),
]);

export const changeSchema = z
  .object({
    kind: z.string().meta({ description: 'a kind of configuration, or merchants', example: 'switches' }),
    id: z.string().meta({ example: 'harbour-upgrade' }),
    version: z.int().meta({ description: '1 for the first change of a thing' }),
    before: z.unknown().optional().meta({ description: 'the value before; left out where there was none' }),
    after: z.unknown().optional().meta({ description: 'the value after; left out where it was deleted' }),
    changedBy: z.string().meta({ description: 'client id of an operator' }),
    changedAt: z.string(),
    reason: z.string().optional(),
  })
  .meta({ id: 'ConfigurationChange' });
