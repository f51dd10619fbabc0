/** The reference channel as the kit sees it, whole or with something broken. */
import { randomUUID } from 'node:crypto';
import {
  type CallbackMessage,
  type ChannelAdapter,
  type ChannelOrderReference,
  type CollectOrder,
  channelIdSchema,
  type MerchantReference,
} from '../../../functions/channels/index.ts';
import { hmacKey, signNotice } from '../../../functions/kernel/message-signature.ts';
import { money } from '../../../functions/kernel/money.ts';
import { Line } from './line.ts';
import { referenceAdapter } from './reference-adapter.ts';
import {
  type ChannelDefects,
  mismatchedId,
  ReferenceChannel,
  referenceSecret,
  rightCode,
} from './reference-channel.ts';
import type { Ending, World } from './world.ts';

export const referenceWithout: World['without'] = {};

export interface Defect {
  readonly channel?: ChannelDefects;
  readonly adapter?: (adapter: ChannelAdapter) => Partial<ChannelAdapter>;
  /** it does not look who signed an answer */
  readonly believesAnybody?: boolean;
  readonly world?: Partial<Pick<World, 'lacks' | 'products' | 'factors'>>;
}

/** @param defect what is broken: the kit must find it */
export async function openReferenceWorld(defect: Defect = {}): Promise<World> {
  const channel = new ReferenceChannel(defect.channel);
  const line = await Line.to(await channel.listen());
  const good = referenceAdapter(line.url, { timeoutMs: 1_000, believesAnybody: defect.believesAnybody ?? false });
  const adapter = { ...good, ...defect.adapter?.(good) };

  const merchant = (): MerchantReference => ({
    channel: channelIdSchema.parse('reference'),
    merchantNo: `M${randomUUID().slice(0, 8)}`,
  });
  const order = () => ({
    ...merchant(),
    channelOrderNo: newNo(),
    amount: money(10_000n, 'CNY'),
    callbackUrl: 'https://center.example/v1/channels/reference/callbacks',
  });
  const collection = async (ending: Ending): Promise<CollectOrder> =>
    ending === 'awaits_page'
      ? {
          ...order(),
          product: 'personal_ebanking',
          bank: ending,
          returnUrl: 'https://business.example/paid',
          expiresAt: new Date(Date.now() + 3_600_000),
        }
      : {
          ...order(),
          product: ending === 'awaits_code' ? 'quick_payment' : 'withholding',
          agreementNo: `${ending}-${randomUUID()}`,
        };
  const payout = async (ending: Ending) => ({ ...order(), agreementNo: `${ending}-${randomUUID()}` });

  const callback = async (about: 'succeeded' | 'refused' | 'returned') => {
    const sent =
      about === 'returned'
        ? await payout('succeeds')
        : await collection(about === 'succeeded' ? 'succeeds' : 'refused');
    const kind = 'product' in sent ? ('collection' as const) : ('payout' as const);
    if ('product' in sent) await good.collect(sent);
    else await good.payout(sent);
    const reference: ChannelOrderReference = { ...referenceOf(sent), kind };
    const state = await good.query(reference);
    const result =
      state.outcome === 'succeeded'
        ? { outcome: state.outcome, tradeNo: state.channelTradeNo, completedAt: state.completedAt.toISOString() }
        : state;
    const facts = about === 'returned' ? { returned: 10_000 } : { result };
    return { message: notice(JSON.stringify({ ...referenceOf(sent), kind, ...facts })), about: reference };
  };

  return {
    adapter,
    line,
    products: ['withholding', 'quick_payment', 'personal_ebanking'],
    factors: ['two'],
    lacks: [],
    without: referenceWithout,
    secrets: [referenceSecret],
    ...defect.world,
    make: {
      merchant: async () => merchant(),
      collection,
      payout,
      refund: async (ending) => {
        const paid = await collection('succeeds');
        const answer = await good.collect(paid);
        if (answer.outcome !== 'succeeded') throw new Error('there is nothing to refund');
        const amount = money(ending === 'too_much' ? 10_001n : 10_000n, 'CNY');
        const original = { channelOrderNo: paid.channelOrderNo, channelTradeNo: answer.channelTradeNo };
        return { ...paid, channelOrderNo: newNo(), amount, original };
      },
      batch: async () => {
        const lines = [await payout('succeeds'), await payout('refused')];
        return { ...order(), batchNo: newNo(), lines };
      },
      binding: async (ending) => ({
        ...merchant(),
        requestNo: `${ending}${newNo()}`,
        card: {
          number: '6200000000000005',
          holderName: '张小海',
          idNumber: '999999199001010016',
          mobile: '13900000000',
        },
      }),
      verification: async (ending) => ({
        ...merchant(),
        requestNo: newNo(),
        facts: { factors: 'two', name: '张小海', idNumber: ending === 'refused' ? mismatchedId : '999999199001010016' },
      }),
      code: async (_of, which) => (which === 'right' ? rightCode : '000000'),
      payOnPage: async (paid) => channel.payOnPage({ ...paid, kind: 'collection' }),
      callback,
      unreadableCallback: async () => notice('{"news":"of what nobody knows"}'),
      timesMoved: async (reference) => channel.timesMoved(reference),
    },
    close: async () => {
      await line.close();
      await channel.close();
    },
  };
}

const newNo = (): string => randomUUID().replaceAll('-', '').slice(0, 28);

const referenceOf = ({ channel, merchantNo, channelOrderNo }: Omit<ChannelOrderReference, 'kind'>) => ({
  channel,
  merchantNo,
  channelOrderNo,
});

function notice(body: string): CallbackMessage {
  const receivedAt = new Date();
  const headers = signNotice(hmacKey(referenceSecret), body, { sentAt: receivedAt, nonce: randomUUID() });
  return { channel: channelIdSchema.parse('reference'), headers, body, receivedAt };
}
