/** The context `channels` with a configuration given by hand, for tests, simulations and benchmarks. */
import {
  type Channel,
  type Channels,
  type Configuration,
  channelIdSchema,
  configurationOf,
  shareFee,
} from '../../functions/channels/index.ts';

/** One that gives its fee back with a refund and sells no payouts, and one that keeps it and does. */
export const fixedCatalogue: readonly Channel[] = [
  {
    id: channelIdSchema.parse('sandbox-wallet'),
    name: 'Sandbox Wallet',
    adapter: 'sandbox',
    active: true,
    products: {
      withholding: { cost: shareFee(60n), feeBackOnRefund: true },
      quick_payment: { cost: shareFee(60n), feeBackOnRefund: true },
      personal_ebanking: { cost: shareFee(30n) },
    },
    timeZone: 'Asia/Shanghai',
    statementFormats: ['wechat-tradebill'],
  },
  {
    id: channelIdSchema.parse('sandbox-bank'),
    name: 'Sandbox Bank',
    adapter: 'sandbox',
    active: true,
    products: {
      withholding: { cost: shareFee(25n) },
      quick_payment: { cost: shareFee(25n) },
      corporate_ebanking: { cost: shareFee(10n) },
      payout: { cost: shareFee(10n) },
    },
    timeZone: 'Asia/Shanghai',
    statementFormats: ['sandbox-csv'],
  },
];

const banks = [{ code: 'ICBC', name: { en: 'Industrial and Commercial Bank of China', zh: '工商银行' } }];

/** @param decided what operators have decided beyond the channels and one bank */
export function fixedChannels({
  decided = {},
  ...parts
}: Pick<Channels, 'table' | 'adapters' | 'health'> & { readonly decided?: Partial<Configuration> }): Channels {
  const configuration = { ...configurationOf(fixedCatalogue), banks, ...decided };
  return {
    ...parts,
    builtIn: [],
    configuration: async () => configuration,
    catalogue: async () => configuration.channels,
  };
}
