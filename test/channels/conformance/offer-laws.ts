/** What a channel does not have is refused in one word, before anything is sent. */
import assert from 'node:assert/strict';
import type { ChannelAdapter, CollectOrder, VerificationFacts } from '../../../functions/channels/index.ts';
import { money } from '../../../functions/kernel/money.ts';
import type { Law } from './law.ts';
import type { CollectProduct, World } from './world.ts';

const notOffered = { outcome: 'refused', reason: 'not_offered' };

export const offerLaws: readonly Law[] = [
  {
    name: 'an operation that the channel lacks is refused as not offered, and nothing is sent',
    needs: [],
    check: async (world, adapter) => {
      for (const name of world.lacks) {
        const { posted } = await world.line.during(nothingPasses, async () =>
          lacking[name](adapter, await sample(world)),
        );
        assert.equal(posted, 0, `${name} sends something`);
      }
    },
  },
  {
    name: 'a product that the channel lacks is refused as not offered, and may go elsewhere',
    needs: [],
    check: async (world, adapter) => {
      if (world.lacks.includes('collect')) return;
      const { withProduct } = await sample(world);
      for (const product of ['withholding', 'quick_payment', 'personal_ebanking', 'corporate_ebanking'] as const) {
        if (world.products.includes(product)) continue;
        const { result } = await world.line.during(nothingPasses, () => adapter.collect(withProduct(product)));
        assert.deepEqual(result, { ...notOffered, retryElsewhere: true });
      }
    },
  },
  {
    name: 'a verification that the channel lacks is refused as not offered, and may go elsewhere',
    needs: [],
    check: async (world, adapter) => {
      if (world.lacks.includes('verify')) return;
      const { reference } = await sample(world);
      for (const facts of allFacts.filter(({ factors }) => !world.factors.includes(factors))) {
        const asking = () => adapter.verify({ ...reference, requestNo: 'R1', facts });
        const { result } = await world.line.during(nothingPasses, asking);
        assert.deepEqual(result, { ...notOffered, retryElsewhere: true });
      }
    },
  },
];

const nothingPasses = {
  name: 'lets nothing pass',
  arrives: false,
  handle: ({ response }: { response: { socket: { destroy: () => void } | null } }) => response.socket?.destroy(),
};

const account = {
  number: '99990000111122',
  companyName: '样例有限公司',
  licenceNo: '91000000MA00000000',
  bank: 'ICBC',
};
const card = {
  number: '6200000000000005',
  holderName: '张小海',
  idNumber: '999999199001010016',
  mobile: '13900000000',
};

const allFacts: readonly VerificationFacts[] = [
  { factors: 'two', name: card.holderName, idNumber: card.idNumber },
  { factors: 'three', name: card.holderName, idNumber: card.idNumber, cardNumber: card.number },
  { factors: 'four', name: card.holderName, idNumber: card.idNumber, cardNumber: card.number, mobile: card.mobile },
  { factors: 'enterprise', account, transfer: money(17n, 'CNY') },
];

async function sample(world: World) {
  const reference = { ...(await world.make.merchant()), channelOrderNo: 'CONFORMANCE0000000000000001' };
  const order = {
    ...reference,
    amount: money(1_000n, 'CNY'),
    callbackUrl: 'https://center.example/v1/channels/sample/callbacks',
  };
  const withProduct = (product: CollectProduct): CollectOrder =>
    product === 'withholding' || product === 'quick_payment'
      ? { ...order, product, agreementNo: 'AGREEMENT' }
      : {
          ...order,
          product,
          bank: 'ICBC',
          returnUrl: 'https://business.example/paid',
          expiresAt: new Date(Date.now() + 3_600_000),
        };
  return { reference, order, withProduct };
}

type Sample = Awaited<ReturnType<typeof sample>>;

const refuses = async (answer: Promise<object>) => assert.partialDeepStrictEqual(await answer, notOffered);

/** How each operation is asked for, and what it says when it is not there. */
const lacking: Record<keyof ChannelAdapter, (adapter: ChannelAdapter, sample: Sample) => Promise<void>> = {
  bind: (adapter, { reference }) => refuses(adapter.bind({ ...reference, requestNo: 'R1', card })),
  confirmBinding: (adapter, { reference }) =>
    refuses(adapter.confirmBinding({ ...reference, requestNo: 'R1', code: '123456' })),
  verify: async (adapter, { reference }) => {
    for (const facts of allFacts) await refuses(adapter.verify({ ...reference, requestNo: 'R1', facts }));
  },
  queryVerification: (adapter, { reference }) => refuses(adapter.queryVerification({ ...reference, requestNo: 'R1' })),
  collect: (adapter, { withProduct }) => refuses(adapter.collect(withProduct('withholding'))),
  confirmCollect: (adapter, { reference }) => refuses(adapter.confirmCollect({ ...reference, code: '123456' })),
  payout: (adapter, { order }) => refuses(adapter.payout({ ...order, agreementNo: 'AGREEMENT' })),
  payoutBatch: (adapter, { order }) =>
    refuses(adapter.payoutBatch({ ...order, batchNo: 'B1', lines: [{ ...order, agreementNo: 'AGREEMENT' }] })),
  refund: (adapter, { order }) =>
    refuses(adapter.refund({ ...order, original: { channelOrderNo: 'O1', channelTradeNo: 'T1' } })),
  query: (adapter, { reference }) => refuses(adapter.query({ ...reference, kind: 'collection' })),
  cancel: (adapter, { reference }) => refuses(adapter.cancel({ ...reference, kind: 'collection' })),
  queryReserve: async (adapter, { reference }) =>
    assert.deepEqual(await adapter.queryReserve(reference), { outcome: 'not_told' }),
  parseCallback: async (adapter, { reference }) =>
    assert.deepEqual(await adapter.parseCallback({ ...reference, headers: {}, body: '{}', receivedAt: new Date() }), {
      outcome: 'rejected',
      reason: 'unsigned',
    }),
};
