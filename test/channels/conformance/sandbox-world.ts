/** The deployed sandbox as the kit sees it, in one of its dialects. */
import {
  type CallbackMessage,
  type CollectOrder,
  type MerchantReference,
  type SandboxEndpoint,
  sandboxAdapter,
  sandboxXmlAdapter,
} from '../../../functions/channels/index.ts';
import { receiveCallbacks } from '../callback-receiver.ts';
import {
  agreementOn,
  bindRequest,
  control,
  decideAtCashier,
  deployedSandbox,
  merchantCredentials,
  merchantWithKeys,
  newCashierOrder,
  newOrder,
  newPayout,
  newRefund,
  type ServedChannel,
  timesMoved,
} from '../deployed-sandbox.ts';
import { Line } from './line.ts';
import type { Ending, World } from './world.ts';

/** Each silent call lasts as long, and its order must arrive meanwhile; any other waits for as long as a busy machine takes. */
const silentMs = 5_000;
const patientMs = 30_000;

const cards: Partial<Record<Ending, string>> = { refused: '6200000000000104', refused_here: '6200000000000112' };
const goodCard = '6200000000000005';
const cardThatWantsCode = '6200000000000609';
const cardThatIsRefused = '6200000000000500';

export async function openSandboxWorld(id: ServedChannel): Promise<World> {
  const far = deployedSandbox();
  const line = await Line.to(far.baseUrl);
  const near: SandboxEndpoint = {
    ...far,
    baseUrl: line.url,
    get timeoutMs() {
      return line.silent ? silentMs : patientMs;
    },
  };
  const adapter =
    id === 'sandbox-xml-bank'
      ? sandboxXmlAdapter(near, merchantCredentials)
      : sandboxAdapter(near, merchantCredentials);
  const receiver = await receiveCallbacks(adapter, (await merchantWithKeys(id)).channel);

  const agreed = async (ending: Ending): Promise<readonly [MerchantReference, string]> => {
    const merchant = await merchantWithKeys(id);
    return [merchant, await agreementOn(adapter, merchant, cards[ending] ?? goodCard)];
  };
  const collection = async (ending: Ending): Promise<CollectOrder> => {
    if (ending === 'awaits_page') return newCashierOrder(await merchantWithKeys(id));
    const [merchant, agreementNo] = await agreed(ending);
    return newOrder(merchant, agreementNo, ending === 'awaits_code' ? { product: 'quick_payment' } : {});
  };
  const payout = async (ending: Ending) => newPayout(...(await agreed(ending)));

  /** What the sandbox posts when it is asked to. */
  const next = async (ask: () => Promise<unknown>): Promise<CallbackMessage> => {
    const place = receiver.messages.length;
    await ask();
    return receiver.message(place);
  };
  const told = (order: CollectOrder, misbehaviour: string) => {
    const { channel, merchantNo, channelOrderNo } = order;
    const reference = { channel, merchantNo, channelOrderNo };
    return next(() => control('/control/callbacks', { ...reference, misbehaviour, callbackUrl: receiver.url }));
  };

  return {
    adapter,
    line,
    products: ['withholding', 'quick_payment', 'personal_ebanking', 'corporate_ebanking'],
    factors: ['two', 'three', 'four', 'enterprise'],
    lacks: [],
    without: {},
    secrets: [await far.secret()],
    make: {
      merchant: () => merchantWithReserve(id),
      collection,
      payout,
      refund: async (ending) => {
        const paid = await collection('succeeds');
        const answer = await adapter.collect(paid);
        if (answer.outcome !== 'succeeded') throw new Error('there is nothing to refund');
        const { amount, currency } = paid.amount;
        return newRefund(paid, answer.channelTradeNo, {
          amount: { currency, amount: ending === 'too_much' ? amount + 1n : amount },
        });
      },
      batch: async () => {
        const [merchant, agreementNo] = await agreed('succeeds');
        const refusing = await agreementOn(adapter, merchant, cards.refused ?? goodCard);
        const lines = [newPayout(merchant, agreementNo), newPayout(merchant, refusing)];
        const { channelOrderNo: batchNo, callbackUrl } = newPayout(merchant, agreementNo);
        return { ...merchant, batchNo, callbackUrl, lines };
      },
      binding: async (ending) =>
        bindRequest(
          await merchantWithKeys(id),
          { succeeds: goodCard, refused: cardThatIsRefused, code: cardThatWantsCode }[ending],
        ),
      verification: async (ending) => {
        const { requestNo, ...merchant } = bindRequest(await merchantWithKeys(id), goodCard);
        const idNumber = ending === 'refused' ? '999999199001014041' : '999999199001010016';
        const { channel, merchantNo } = merchant;
        return { channel, merchantNo, requestNo, facts: { factors: 'two', name: '张小海', idNumber } };
      },
      code: async (_of, which) => (which === 'right' ? '123456' : '654321'),
      payOnPage: async (order) => {
        const answer = await adapter.collect(order); // the same order: the same page, unless it was closed
        if (answer.outcome !== 'awaiting_payer') throw new Error('the order waits for nobody');
        const { status } = await decideAtCashier(answer.action, 'pay');
        if (status >= 400) throw new Error(`the cashier answers ${status}`);
      },
      callback: async (about) => {
        if (about === 'returned') {
          const order = { ...(await payout('succeeds')), callbackUrl: receiver.url };
          await adapter.payout(order);
          const { channel, merchantNo, channelOrderNo } = order;
          const message = await next(() =>
            control('/control/returns', { channel, merchantNo, channelOrderNo, callback: true }),
          );
          return { message, about: { ...order, kind: 'payout' } };
        }
        const order = await collection(about === 'succeeded' ? 'succeeds' : 'refused');
        await adapter.collect(order);
        return { message: await told(order, 'again'), about: { ...order, kind: 'collection' } };
      },
      unreadableCallback: async () => {
        const order = await collection('succeeds');
        await adapter.collect(order);
        return told(order, 'unreadable');
      },
      timesMoved,
    },
    close: () => line.close(),
  };
}

/** One whose reserve the sandbox tells. */
async function merchantWithReserve(id: ServedChannel): Promise<MerchantReference> {
  const merchant = await merchantWithKeys(id);
  await control('/control/reserves', { ...merchant, amount: 5_000_000, currency: 'CNY' });
  return merchant;
}
