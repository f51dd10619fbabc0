/** Out of the ordinary: a channel that fails, a payer who comes to the channel's own page, a payout that comes back, and webhooks. */
import { generateKeyPairSync } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus } from '../outsider/api-client.ts';
import { decideAtCashier, type Redirect } from '../outsider/cashier.ts';
import type { Center } from '../outsider/center.ts';
import { type Json, listAt, numberAt, textAt, valueAt } from '../outsider/json.ts';
import { type Institution, openInstitution } from '../outsider/onboarding.ts';
import { controlSandbox } from '../outsider/sandbox.ts';
import { startReceiver, type WebhookReceiver } from '../outsider/webhook-receiver.ts';

/** What was asked for, and what came of it; `wanted` is what must have come. */
export interface Scene {
  readonly scene: string;
  readonly seen: string;
  readonly isRight: boolean;
}

interface Stage {
  readonly center: Center;
  readonly institution: Institution;
  readonly accountId: string;
  readonly bindingId: string;
  readonly run: string;
}

const xmlBank = 'sandbox-xml-bank';
const bank = 'sandbox-bank';

/** @param tell is told what happens now */
export async function playScenes(center: Center, run: string, tell: (now: string) => void): Promise<Scene[]> {
  const receiver = await startReceiver();
  try {
    tell('opening Harbour Games 海港游戏, whose first channel speaks XML signed by RSA');
    const stage = await openStage(center, run);
    const secret = await subscribe(stage, receiver);
    receiver.trust('/hooks', secret);
    tell('a channel fails');
    const outage = await playOutage(stage);
    tell('a payer goes to the page of the bank');
    const ebanking = await playEbanking(stage);
    tell('a payout comes back');
    const returned = await playReturn(stage);
    tell('webhooks arrive');
    return [...outage, ebanking, returned, await playWebhooks(receiver)];
  } finally {
    await receiver.close();
  }
}

async function openStage(center: Center, run: string): Promise<Stage> {
  const merchantNo = `9${run}`;
  const institution = await openInstitution(center, {
    name: 'Harbour Games 海港游戏',
    merchants: [xmlBank, bank].map((channel) => ({ channel, merchantNo })),
  });
  await exchangeKeys(center, merchantNo);
  const { client } = institution;
  const member = expectStatus(await client.post('/v1/member-accounts', { externalUserId: 'player-1' }), 201);
  const accountId = textAt(member, 'id');
  const card = { cardNumber: '6200000000000005', holderName: '林小海', idNumber: '999999199001010016' };
  const bound = await client.post('/v1/card-bindings', { accountId, ...card, mobile: '13900000000' });
  return { center, institution, accountId, bindingId: textAt(expectStatus(bound, 201), 'id'), run };
}

/** The merchant's public key goes to the channel; its private key and the channel's public key go to the center. */
async function exchangeKeys(center: Center, merchantNo: string): Promise<void> {
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2_048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const registered = await controlSandbox(center, '/control/keys', { channel: xmlBank, merchantNo, publicKey });
  const credentials = { privateKey, channelPublicKey: textAt(registered, 'publicKey') };
  const path = `/v1/admin/merchants/${xmlBank}/${merchantNo}/credentials`;
  expectStatus(await center.operator.put(path, { credentials }), 200, 201);
}

async function subscribe({ institution }: Stage, receiver: WebhookReceiver): Promise<string> {
  const body = { url: receiver.urlOf('/hooks'), eventTypes: ['payment.*', 'return.*'] };
  return textAt(expectStatus(await institution.client.post('/v1/webhook-endpoints', body), 201), 'secret');
}

const cny = (amount: number) => ({ amount, currency: 'CNY' });

const topUpBy = async ({ institution, accountId, bindingId }: Stage, reference: string): Promise<Json> => {
  const body = { accountId, bindingId, reference, product: 'withholding', amount: cny(10_000) };
  const made = expectStatus(await institution.client.post('/v1/top-ups', body), 201, 202);
  return expectStatus(await institution.client.get(`/v1/transactions/${textAt(made, 'id')}`), 200);
};

const wasRerouted = (transaction: Json): boolean =>
  listAt(transaction, 'timeline').some((item) => valueAt(item, 'event') === 'reroute');

const longestOutage = 40;

/** First each top-up is refused and goes to the next channel; once the circuit is open, the failing channel is not asked. */
async function playOutage(stage: Stage): Promise<Scene[]> {
  const { center, institution, run } = stage;
  const merchant = { channel: xmlBank, merchantNo: `9${run}` };
  const before = await topUpBy(stage, `${run}-before`);
  await controlSandbox(center, '/control/outages', { ...merchant, forSeconds: 300, mode: 'refuse' });
  const during: Json[] = [];
  while (during.length < longestOutage) {
    during.push(await topUpBy(stage, `${run}-outage-${during.length}`));
    if (during.length >= 10 && !wasRerouted(during.at(-1) ?? null)) break;
    // the health of channels is looked at every few seconds
    if (during.length >= 10) await sleep(1_000);
  }
  const explained = await center.operator.get(
    `/v1/admin/routes:explain?institutionId=${institution.id}&product=withholding&amount=10000&currency=CNY`,
  );
  await controlSandbox(center, '/control/outages', { ...merchant, forSeconds: 0 });
  const succeeded = during.filter((each) => valueAt(each, 'status') === 'succeeded').length;
  const through = during.filter((each) => valueAt(each, 'channel') === bank).length;
  const direct = during.filter((each) => !wasRerouted(each)).length;
  const circuit = listAt(expectStatus(explained, 200), 'candidates').find(
    (candidate) => valueAt(candidate, 'channel') === xmlBank,
  );
  return [
    {
      scene: `a top-up while ${xmlBank} is well`,
      seen: `${textAt(before, 'status')} at ${textAt(before, 'channel')}`,
      isRight: valueAt(before, 'status') === 'succeeded' && valueAt(before, 'channel') === xmlBank,
    },
    {
      scene: `${during.length} top-ups while it refuses`,
      seen: `${succeeded} succeeded, ${through} at ${bank}, ${direct} without asking it: its circuit is ${valueAt(circuit ?? null, 'observed.circuit')}`,
      isRight: succeeded === during.length && through === during.length && direct > 0,
    },
  ];
}

async function playEbanking({ institution, accountId, run }: Stage): Promise<Scene> {
  const body = {
    ...{ accountId, product: 'personal_ebanking', bank: 'SANDBOX', amount: cny(25_000) },
    ...{ reference: `${run}-ebanking`, returnUrl: 'https://games.example/paid' },
  };
  const waiting = expectStatus(await institution.client.post('/v1/top-ups', body), 202);
  const redirect = valueAt(waiting, 'nextAction') as unknown as Redirect; // as the API describes it
  await decideAtCashier(redirect, 'pay');
  const ended = await untilStatus(institution, textAt(waiting, 'id'), 'succeeded');
  return {
    scene: 'an e-banking top-up: the payer pays at the page of the channel, which calls back',
    seen: `${textAt(waiting, 'status')}, then ${textAt(ended, 'status')} by ${sourceOfEnd(ended)}`,
    isRight: valueAt(ended, 'status') === 'succeeded',
  };
}

const sourceOfEnd = (transaction: Json): string =>
  listAt(transaction, 'timeline').flatMap((item) =>
    valueAt(item, 'event') === 'succeed' ? [String(valueAt(item, 'source'))] : [],
  )[0] ?? 'nobody';

async function playReturn({ center, institution, accountId, bindingId, run }: Stage): Promise<Scene> {
  const balance = async () =>
    numberAt(expectStatus(await institution.client.get(`/v1/accounts/${accountId}`), 200), 'balances.available.amount');
  const before = await balance();
  const body = { accountId, bindingId, amount: cny(8_000), reference: `${run}-returned` };
  const paid = expectStatus(await institution.client.post('/v1/withdrawals', body), 201);
  const between = await balance();
  const [channel, merchantNo] = [textAt(paid, 'channel'), textAt(paid, 'merchantNo')];
  const order = { channel, merchantNo, channelOrderNo: textAt(paid, 'channelOrderNo') };
  await controlSandbox(center, '/control/returns', { ...order, callback: true });
  const ended = await untilStatus(institution, textAt(paid, 'id'), 'returned');
  const after = await balance();
  return {
    scene: 'a payout that the bank sends back (退票)',
    seen: `${textAt(paid, 'status')}, then ${textAt(ended, 'status')}; the member has ${yuan(before)}, ${yuan(between)}, ${yuan(after)}`,
    isRight: valueAt(ended, 'status') === 'returned' && after === before && between === before - 8_000,
  };
}

const yuan = (minorUnits: number): string => (minorUnits / 100).toFixed(2);

const patienceMs = 60_000;

async function untilStatus({ client }: Institution, id: string, status: string): Promise<Json> {
  const until = Date.now() + patienceMs;
  for (;;) {
    const transaction = expectStatus(await client.get(`/v1/transactions/${id}`), 200);
    if (valueAt(transaction, 'status') === status || Date.now() > until) return transaction;
    await sleep(300);
  }
}

/** The return comes last, and each object's events come in order: with it, all of the others have come or are on their way. */
async function playWebhooks({ received }: WebhookReceiver): Promise<Scene> {
  const of = (type: string) => received.filter(({ message }) => message?.type === type).length;
  const until = Date.now() + patienceMs;
  while ((of('payment.returned') === 0 || of('payment.succeeded') < 3) && Date.now() < until) await sleep(300);
  const forged = received.filter(({ message }) => message === undefined).length;
  return {
    scene: 'webhooks, each verified by a library of the Standard Webhooks',
    seen: `${received.length} received, ${of('payment.succeeded')} of successes, ${of('payment.returned')} of a return, ${forged} with a wrong signature`,
    isRight: of('payment.returned') === 1 && of('payment.succeeded') >= 3 && forged === 0,
  };
}
