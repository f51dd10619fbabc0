/** Stripe as the conformance kit sees it: its adapter, a line, Stripe's memory as we play it, and Stripe's own mock. */
import { randomUUID } from 'node:crypto';
import Stripe from 'stripe';
import { stripeAdapter } from '../../../functions/channels/adapters/stripe-adapter.ts';
import {
  type CallbackMessage,
  type ChannelOrderReference,
  type CollectOrder,
  channelIdSchema,
  type MerchantReference,
} from '../../../functions/channels/index.ts';
import { money } from '../../../functions/kernel/money.ts';
import { Line } from '../conformance/line.ts';
import type { Ending, World } from '../conformance/world.ts';
import { payOnPage, StripeInMemory, type StripeObject, wholeBalance } from './stripe-in-memory.ts';
import { startStripeMock } from './stripe-mock.ts';

export const stripe = channelIdSchema.parse('stripe');
const webhookSecret = 'whsec_of_this_test';

export const secretKeyOf = (merchantNo: string): string => `sk_test_${merchantNo}`;

export const merchantCredentials = async ({ merchantNo }: MerchantReference) => ({
  secretKey: secretKeyOf(merchantNo),
  webhookSecret,
  currency: 'USD',
  returnUrl: 'https://business.example/back',
});

export const stripeWithout: World['without'] = {
  'collection:awaits_code': 'a payer proves himself on a page of his bank, not by a code',
  'payout:refused':
    'a transfer to an account at Stripe is refused for nothing that other channels would refuse as well',
  batch: 'transfers are made one by one',
  signed_answers: 'answers are protected by TLS alone, which the line here stands behind',
  'bind:succeeds': 'cards are saved on a page of Stripe’s',
  'bind:refused': 'cards are saved on a page of Stripe’s',
  'bind:code': 'cards are saved on a page of Stripe’s',
  'verify:succeeds': 'Stripe checks no Chinese identities',
  'verify:refused': 'Stripe checks no Chinese identities',
};

const declined = 'pm_card_visa_chargeDeclinedInsufficientFunds';

export async function openStripeWorld(): Promise<World> {
  const mock = await startStripeMock();
  const memory = new StripeInMemory(mock.url);
  const line = await Line.to(await memory.listen());
  const adapter = stripeAdapter({
    merchantCredentials,
    clock: () => new Date(),
    timeoutMs: 1_500,
    server: { protocol: 'http', host: '127.0.0.1', port: line.port },
  });
  const accountOf = ({ merchantNo }: Pick<MerchantReference, 'merchantNo'>) =>
    memory.account(`Bearer ${secretKeyOf(merchantNo)}`);
  const objectOf = ({ kind, channelOrderNo, ...merchant }: ChannelOrderReference): StripeObject[] =>
    accountOf(merchant).objects.filter(
      ({ metadata, object }) =>
        metadata['order'] === channelOrderNo && metadata['kind'] === kind && object !== 'checkout.session',
    );

  const collection = async (ending: Ending): Promise<CollectOrder> =>
    ending === 'awaits_page'
      ? {
          ...newOrder(),
          product: 'personal_ebanking',
          bank: 'ANY',
          returnUrl: 'https://business.example/paid',
          expiresAt: new Date(Date.now() + 3_600_000),
        }
      : {
          ...newOrder(ending === 'refused_here' ? 20n : 10_000n),
          product: 'withholding',
          agreementNo: `cus_1/${ending === 'refused' ? declined : 'pm_card_visa'}`,
        };
  const payout = async (ending: Ending) => ({
    ...newOrder(ending === 'refused_here' ? BigInt(wholeBalance) + 1n : 10_000n),
    agreementNo: 'acct_1OoKqwKSI9tDlrgy',
  });

  return {
    adapter,
    line,
    products: ['withholding', 'quick_payment', 'personal_ebanking'],
    factors: [],
    lacks: ['bind', 'confirmBinding', 'verify', 'queryVerification', 'confirmCollect', 'payoutBatch'],
    without: stripeWithout,
    secrets: ['sk_test_', webhookSecret],
    make: {
      merchant: async () => newMerchant(),
      collection,
      payout,
      refund: async (ending) => {
        const paid = await collection('succeeds');
        const answer = await adapter.collect(paid);
        if (answer.outcome !== 'succeeded') throw new Error('there is nothing to refund');
        const amount = money(ending === 'too_much' ? 10_001n : 10_000n, 'USD');
        const original = { channelOrderNo: paid.channelOrderNo, channelTradeNo: answer.channelTradeNo };
        return { ...paid, channelOrderNo: newNo(), amount, original };
      },
      payOnPage: async (order) => payOnPage(accountOf(order), order.channelOrderNo),
      callback: async (about) => {
        const sent =
          about === 'returned'
            ? await payout('succeeds')
            : await collection(about === 'succeeded' ? 'succeeds' : 'refused');
        const kind = 'product' in sent ? ('collection' as const) : ('payout' as const);
        if ('product' in sent) await adapter.collect(sent);
        else await adapter.payout(sent);
        const reference = { ...sent, kind };
        const [object] = objectOf(reference);
        if (!object) throw new Error('Stripe knows nothing of the order');
        const type = {
          succeeded: 'payment_intent.succeeded',
          refused: 'payment_intent.payment_failed',
          returned: 'transfer.reversed',
        };
        return { message: webhook(type[about], { ...object, amount_reversed: 4_000 }), about: reference };
      },
      unreadableCallback: async () =>
        webhook('payment_intent.succeeded', { metadata: { merchant: newMerchant().merchantNo } }),
      timesMoved: async (reference) =>
        objectOf(reference).filter(({ object, status }) => object === 'transfer' || status === 'succeeded').length,
    },
    close: async () => {
      await line.close();
      await memory.close();
      await mock.stop();
    },
  };
}

export const newNo = (): string => randomUUID().replaceAll('-', '').slice(0, 28);

export const newMerchant = (): MerchantReference => ({ channel: stripe, merchantNo: newNo() });

export const newOrder = (amount = 10_000n) => ({
  ...newMerchant(),
  channelOrderNo: newNo(),
  amount: money(amount, 'USD'),
  callbackUrl: 'https://center.example/v1/channels/stripe/callbacks',
});

/** As Stripe signs it. */
export function webhook(type: string, object: object, facts: object = {}): CallbackMessage {
  const receivedAt = new Date();
  const created = Math.floor(receivedAt.getTime() / 1000);
  const body = JSON.stringify({
    id: `evt_${randomUUID()}`,
    object: 'event',
    type,
    created,
    data: { object, ...facts },
  });
  const header = Stripe.webhooks.generateTestHeaderString({ payload: body, secret: webhookSecret, timestamp: created });
  return { channel: stripe, headers: { 'stripe-signature': header }, body, receivedAt };
}
