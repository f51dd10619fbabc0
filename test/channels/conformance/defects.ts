/** What an adapter or its channel may do wrong, one thing each, and the laws that must find it. */
import { randomUUID } from 'node:crypto';
import type { ChannelAdapter, ChannelRefusal } from '../../../functions/channels/index.ts';
import type { Defect } from './reference-world.ts';

interface KnownDefect extends Defect {
  readonly what: string;
  /** of the names of the laws that it breaks */
  readonly breaks: RegExp;
}

const down = { outcome: 'refused', reason: 'channel_down', retryElsewhere: true } as const;
const closed = { outcome: 'refused', reason: 'order_closed', retryElsewhere: false } as const;
const answer = { contentType: 'text/plain', body: 'OK' };

/** The same operation with its answer altered. */
const altering =
  <Input, Answer, Other>(operation: (input: Input) => Promise<Answer>, alter: (answer: Answer) => Other) =>
  async (input: Input): Promise<Other> =>
    alter(await operation(input));

/** Alters the answers to all three kinds of orders. */
const sending = (
  { collect, payout, refund }: ChannelAdapter,
  alter: <Answer extends object>(answer: Answer) => Answer | ChannelRefusal,
): Partial<ChannelAdapter> => ({
  collect: async (order) => alter(await collect(order)),
  payout: async (order) => alter(await payout(order)),
  refund: async (order) => alter(await refund(order)),
});

const isUnknown = (result: object): boolean => 'outcome' in result && result.outcome === 'unknown';
const unknownIsDown = <Answer extends object>(result: Answer) => (isUnknown(result) ? down : result);
const retrying =
  (retryElsewhere: boolean) =>
  <Answer extends object>(result: Answer): Answer =>
    'retryElsewhere' in result ? { ...result, retryElsewhere } : result;

/** Sends again what was not answered. */
const twice =
  <Input, Answer extends object>(operation: (input: Input) => Promise<Answer>) =>
  async (input: Input): Promise<Answer> => {
    const first = await operation(input);
    return isUnknown(first) ? operation(input) : first;
  };

export const defects: readonly KnownDefect[] = [
  {
    what: 'an operation that it says to lack',
    breaks: /^an operation that the channel lacks/,
    world: { lacks: ['payoutBatch'] },
  },
  {
    what: 'a product that it says to lack',
    breaks: /^a product that the channel lacks/,
    world: { products: ['withholding'] },
  },
  {
    what: 'a verification that it says to lack',
    breaks: /^a verification that the channel lacks/,
    world: { factors: [] },
  },
  {
    what: 'another trade number at each query',
    breaks: /carries out has succeeded, and a query/,
    adapter: ({ query }) => ({
      query: altering(query, (found) =>
        'channelTradeNo' in found ? { ...found, channelTradeNo: randomUUID() } : found,
      ),
    }),
  },
  {
    what: 'an order carried out each time that it arrives',
    breaks: /arrives three times|^a batch is taken once/,
    channel: { carriesRepetitionsOut: true },
  },
  {
    what: 'a used number refused like an order',
    breaks: /under a used number/,
    adapter: (adapter) => sending(adapter, unknownIsDown),
  },
  {
    what: 'an order given up that has not arrived yet',
    breaks: /^a (collection|payout|refund) that never was|^a batch that never was|page waits until/,
    adapter: ({ query }) => ({
      query: altering(query, (found) =>
        found.outcome === 'not_found' || found.outcome === 'awaiting_payer' ? closed : found,
      ),
    }),
  },
  {
    what: 'numbers that all merchants share',
    breaks: /under another merchant number/,
    channel: { sharesNumbers: true },
  },
  {
    what: 'a refused order sent to the next channel',
    breaks: /holder's side refuses|^a refund of more than/,
    adapter: (adapter) => sending(adapter, retrying(true)),
  },
  {
    what: 'an order kept from the next channel',
    breaks: /only this channel refuses/,
    adapter: (adapter) => sending(adapter, retrying(false)),
  },
  {
    what: 'more refunded than was paid',
    breaks: /^a refund of more than|^a payment is refunded in parts/,
    channel: { refundsTooMuch: true },
  },
  {
    what: 'an order done before its payer has done anything',
    breaks: /wants a code waits|page waits until/,
    adapter: ({ collect }) => ({
      collect: altering(collect, (result) =>
        result.outcome === 'awaiting_payer'
          ? { outcome: 'succeeded' as const, channelTradeNo: 'T1', completedAt: new Date() }
          : result,
      ),
    }),
  },
  {
    what: 'a lost code taken for a wrong one',
    breaks: /^a code that is lost/,
    adapter: ({ confirmCollect }) => ({ confirmCollect: altering(confirmCollect, unknownIsDown) }),
  },
  { what: 'a closed page that takes money', breaks: /closed while it waits/, channel: { paysClosedPages: true } },
  {
    what: 'a closed number that takes orders',
    breaks: /closed before it arrives|under a closed number/,
    channel: { takesLateArrivals: true },
  },
  {
    what: 'every order closed that one asks to close',
    breaks: /can not be closed|refused for the reason/,
    adapter: () => ({ cancel: async () => closed }),
  },
  {
    what: 'silence taken for a refusal',
    breaks: /is unknown and sent once when the line|lost on the way is unknown/,
    adapter: (adapter) => sending(adapter, unknownIsDown),
  },
  {
    what: 'silence answered by sending once more',
    breaks: /is unknown and sent once when the line/,
    adapter: ({ collect, payout, refund }) => ({
      collect: twice(collect),
      payout: twice(payout),
      refund: twice(refund),
    }),
  },
  {
    what: 'a question without an answer taken for a no',
    breaks: /^whatever is asked is unknown/,
    adapter: ({ query }) => ({
      query: altering(query, (found) => (found.outcome === 'unknown' ? { outcome: 'not_found' as const } : found)),
    }),
  },
  {
    what: 'answers believed that anybody could give',
    breaks: /when the line (alters one|takes all)/,
    believesAnybody: true,
  },
  {
    what: 'a new agreement each time',
    breaks: /^a binding gives an agreement/,
    adapter: ({ bind }) => ({
      bind: altering(bind, (bound) => ('agreementNo' in bound ? { ...bound, agreementNo: randomUUID() } : bound)),
    }),
  },
  {
    what: 'bindings that nobody agreed to',
    breaks: /^a binding that/,
    adapter: () => ({ bind: async () => ({ outcome: 'succeeded', agreementNo: 'A1' }) }),
  },
  {
    what: 'a verdict that changes',
    breaks: /asking for the verdict|^a verification that never was/,
    adapter: () => ({
      queryVerification: async () => ({ outcome: 'refused', reason: 'other', retryElsewhere: false }),
    }),
  },
  {
    what: 'a reserve that is not told',
    breaks: /^the reserve/,
    adapter: () => ({ queryReserve: async () => ({ outcome: 'not_told' }) }),
  },
  {
    what: 'callbacks that say the opposite',
    breaks: /^a callback about an order/,
    adapter: ({ parseCallback, query }) => ({
      parseCallback,
      query: altering(query, (found) =>
        found.outcome === 'succeeded'
          ? closed
          : { outcome: 'succeeded' as const, channelTradeNo: 'T1', completedAt: new Date() },
      ),
    }),
  },
  {
    what: 'returns that are left out',
    breaks: /^a callback about a payout/,
    adapter: ({ parseCallback }) => ({
      parseCallback: altering(parseCallback, (heard) =>
        heard.outcome === 'verified' ? { ...heard, events: [] } : heard,
      ),
    }),
  },
  {
    what: 'one name for all callbacks',
    breaks: /heard twice is one message/,
    adapter: ({ parseCallback }) => ({
      parseCallback: altering(parseCallback, (heard) =>
        heard.outcome === 'verified' ? { ...heard, messageId: 'M1' } : heard,
      ),
    }),
  },
  ...(['wrong_signature', 'unsigned', 'stale', 'unreadable'] as const).map(
    (reason): KnownDefect => ({
      what: `${reason} callbacks believed`,
      breaks: {
        wrong_signature: /one byte was altered|a piece was cut off|with that of another|anybody could post/,
        unsigned: /without its signature|anybody could post/,
        stale: /is stale$/,
        unreadable: /nobody knows is unreadable/,
      }[reason],
      adapter: ({ parseCallback }) => ({
        parseCallback: altering(parseCallback, (heard) =>
          heard.outcome === 'rejected' && heard.reason === reason
            ? { outcome: 'verified' as const, messageId: 'M1', events: [], answer }
            : heard,
        ),
      }),
    }),
  ),
];
