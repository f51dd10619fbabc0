/** Values of every kind that are good where the sandbox is deployed, and what they are held against. */

import type { Surroundings } from '../../../functions/channels/configuration/kinds/kind.ts';
import type { KindName } from '../../../functions/channels/configuration/kinds/kind-names.ts';
import { kinds } from '../../../functions/channels/configuration/kinds/kinds.ts';
import {
  type Configuration,
  channelIdSchema,
  configurationOf,
  type Merchant,
  sandboxChannels,
} from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';

/** Of one institution: what it has settled at the one arrives at the other. */
const settled = ['sandbox-wallet', 'sandbox-bank'].map((channel) => ({
  channel: channelIdSchema.parse(channel),
  merchantNo: 'settled-1',
  institutionId: idFrom('inst', 'settled'),
}));

export const share = (basisPoints: number, from = '2026-01-01') => ({ from, tiers: [{ flat: 0, basisPoints }] });

const profileValue = {
  name: 'City Bank',
  encoding: 'gb18030',
  layout: { type: 'delimited', delimiter: ',', quoted: true, header: 'first-line' },
  recognise: { columns: ['商户订单号', '交易金额'] },
  numbers: { unit: 'major' },
  fields: {
    ourReference: { columns: ['商户订单号'] },
    amount: { columns: ['交易金额'] },
    time: { columns: ['交易时间'], format: 'yyyy-MM-dd HH:mm:ss' },
  },
  kinds: [{ kind: 'collection' }],
};

export const goodValues: Readonly<Record<KindName, { readonly id: string; readonly value: Record<string, unknown> }>> =
  {
    banks: { id: 'ICBC', value: { name: { en: 'Industrial and Commercial Bank of China', zh: '中国工商银行' } } },
    channels: {
      id: 'city-bank',
      value: {
        name: 'City Bank',
        adapter: 'sandbox',
        active: true,
        products: {
          withholding: { cost: [share(25)] },
          payout: { cost: [share(10)], hours: [{ days: [1, 2, 3, 4, 5], from: '08:00', to: '22:30' }] },
        },
        timeZone: 'Asia/Shanghai',
        statementFormats: ['sandbox-csv'],
      },
    },
    switches: {
      id: 'harbour-upgrade',
      value: {
        bank: 'HARBOUR',
        channel: 'sandbox-bank',
        product: 'withholding',
        on: true,
        maintenance: [{ from: '2026-03-01T02:00:00+08:00', to: '2026-03-01T05:00:00+08:00' }],
        reason: 'bank upgrade',
      },
    },
    limits: {
      id: 'cards',
      value: { product: 'withholding', per: 'card', currency: 'CNY', minimum: 100, maximum: 5_000, daily: 20_000 },
    },
    routes: {
      id: 'withholding',
      value: { product: 'withholding', bank: 'HARBOUR', candidates: [{ channel: 'sandbox-bank', priority: 1 }] },
    },
    fees: {
      id: 'payouts',
      value: { institution: '*', product: 'payout', payer: 'member', schedule: [share(10)] },
    },
    'card-bins': { id: '621700', value: { bank: 'HARBOUR', cardType: 'debit' } },
    'statement-calendars': {
      id: 'sandbox-bank',
      value: {
        channel: 'sandbox-bank',
        from: '2026-01-01',
        weekdays: [1, 2, 3, 4, 5],
        holidays: ['2026-10-01'],
        workingDays: ['2026-10-10'],
        due: { daysAfter: 1, countedIn: 'days', at: '10:00' },
        graceMinutes: 30,
        emptyDays: 'confirmed',
      },
    },
    'arrival-rules': {
      id: 'wallet-settlements',
      value: {
        channel: 'sandbox-wallet',
        merchantNo: 'settled-1',
        bank: { channel: 'sandbox-bank', merchantNo: 'settled-1' },
        daysToArrive: 3,
        tolerance: 0,
      },
    },
    'reconciliation-policies': {
      id: 'sandbox-bank',
      value: {
        channel: 'sandbox-bank',
        tolerance: { amount: 0, fee: 5 },
        carryOver: { windowMinutes: 30, days: 1 },
        fees: 'per_line',
        unfinishedDay: 'wait',
        automatic: [{ types: ['missing_in_books'], upTo: 100, resolution: 'write_off' }],
        severity: { medium: 10_000, high: 1_000_000 },
        dueHours: { low: 72, medium: 24, high: 4 },
      },
    },
    'statement-profiles': { id: 'city-bank', value: profileValue },
  };

const banks = [{ code: 'HARBOUR', name: { en: 'Harbour Bank', zh: '港湾银行' } }];

const offeredBySandbox = ['collect', 'payout', 'query', 'cancel', 'verify', 'queryVerification'];

export const surroundings = (
  facts: Partial<Configuration> = {},
  merchants: readonly Pick<Merchant, 'channel' | 'merchantNo' | 'institutionId'>[] = settled,
  stored: readonly { readonly id: string; readonly value: unknown }[] = [],
): Surroundings => ({
  storedOfKind: async () => stored,
  formatNames: ['sandbox-csv', 'wechat-tradebill'],
  hasStatementProfile: async (id) => id === 'city-bank',
  configuration: { ...configurationOf(sandboxChannels), banks, ...facts },
  operationsOf: (adapter) => ({ sandbox: offeredBySandbox, 'statements-only': [] as const })[adapter as string],
  findMerchant: async (channel, merchantNo) => {
    const found = merchants.find((merchant) => merchant.channel === channel && merchant.merchantNo === merchantNo);
    return (
      found && {
        ...found,
        accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' as Merchant['accountId'], // shaped like one
        currency: 'CNY',
        priority: 1,
        status: 'active',
        registeredAt: new Date(0),
      }
    );
  },
});

/** The places at which the kind's schema finds a value wrong, besides what it says there. */
export function errorsOf(name: KindName, changes: Record<string, unknown>): string[] {
  const { value } = goodValues[name];
  const parsed = kinds[name].schema.safeParse({ ...value, ...changes });
  return parsed.success ? [] : parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
}

/** What is wrong with a value beyond its schema. */
export async function flawsOf(
  name: KindName,
  changes: Record<string, unknown>,
  around: Surroundings = surroundings(),
): Promise<string[]> {
  const { id, value } = goodValues[name];
  const flaws = await kinds[name].flaws({ id, value: { ...value, ...changes } }, around);
  return flaws.map(({ field, message }) => `${field}: ${message}`);
}
