/** What the sandbox tells of its own accord, over its own HTTP and signature. */
import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Json } from '../../local/outsider/json.ts';
import { control } from '../channels/deployed-sandbox.ts';
import {
  anonymous,
  approvedInstitution,
  deployed,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';

/** Test cards of the sandbox; its README has the table. */
const good = '6200000000000005';
const saidByStatementOnly = '6200000000000328';

let institution: Institution;
let accountId: string;
/** by the number of the card */
const bindings: Record<string, string> = {};

const bind = (cardNumber: string) =>
  eventually(`a binding of ${cardNumber}`, async () => {
    const reply = await institution.client.post('/v1/card-bindings', {
      accountId,
      cardNumber,
      holderName: '张小海',
      idNumber: '999999199001010016',
      mobile: '13900000000',
    });
    if (valueAt(reply.body, 'code') === 'channel_unavailable') return undefined;
    return textAt(expectStatus(reply, 201), 'id');
  });

beforeAll(async () => {
  institution = await approvedInstitution('Orchard Group');
  const opened = await institution.client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  accountId = textAt(expectStatus(opened, 201), 'id');
  for (const card of [good, saidByStatementOnly]) bindings[card] = await bind(card);
});

async function topUpBy(cardNumber: string, status: 201 | 202): Promise<Json> {
  const reply = await institution.client.post('/v1/top-ups', {
    accountId,
    bindingId: bindings[cardNumber],
    product: 'withholding',
    amount: { amount: 10_000, currency: 'CNY' },
    reference: `R-${randomUUID()}`,
  });
  return expectStatus(reply, status);
}

const tell = (transaction: Json, misbehaviour: string, more: object = {}) =>
  control('/control/callbacks', {
    channel: textAt(transaction, 'channel'),
    merchantNo: textAt(transaction, 'merchantNo'),
    channelOrderNo: textAt(transaction, 'channelOrderNo'),
    misbehaviour,
    ...more,
  });

const look = async (transaction: Json) =>
  expectStatus(await institution.client.get(`/v1/transactions/${textAt(transaction, 'id')}`), 200);

/** Of a channel's messages in a state, that which names the order. */
const listed = (state: string, channelOrderNo: string) =>
  eventually(`a message that is ${state}`, async () => {
    const { body } = await operator().get(`/v1/admin/callbacks?state=${state}&limit=200`);
    return listAt(body, 'items').find((item) => JSON.stringify(item).includes(channelOrderNo));
  });

describe('a message of the sandbox', () => {
  test('ends a payment that nothing else tells of, and says so in its timeline', async () => {
    const transaction = await topUpBy(saidByStatementOnly, 202);
    expect(await tell(transaction, 'again')).toMatchObject({ heard: true, status: 200 });
    const ended = await look(transaction);
    expect(valueAt(ended, 'status')).toBe('succeeded');
    expect(JSON.stringify(valueAt(ended, 'timeline'))).toContain('"source":"callback"');
  });

  test('that is told again is heard again, and changes nothing', async () => {
    const transaction = await topUpBy(good, 201);
    const before = await look(transaction);
    expect(await tell(transaction, 'again')).toMatchObject({ heard: true });
    expect(await tell(transaction, 'again')).toMatchObject({ heard: true });
    expect(await look(transaction)).toEqual(before);
  });

  test('that contradicts the books is answered, shown on the transaction and kept for operators as it came', async () => {
    const transaction = await topUpBy(good, 201);
    expect(await tell(transaction, 'contradict')).toMatchObject({ heard: true });
    const after = await look(transaction);
    expect(valueAt(after, 'status')).toBe('succeeded');
    expect(JSON.stringify(valueAt(after, 'timeline'))).toContain('"event":"contradict"');
    const item = await listed('contradicting', textAt(transaction, 'channelOrderNo'));
    const shown = expectStatus(await operator().get(`/v1/admin/callbacks/${textAt(item, 'id')}`), 200);
    expect(textAt(shown, 'body')).toContain(textAt(transaction, 'channelOrderNo'));
    expect(listAt(shown, 'events')).toMatchObject([{ claim: 'failed', reason: 'succeeded_here' }]);
  });

  test('of an order that is not ours is answered and kept', async () => {
    const transaction = await topUpBy(good, 201);
    const channelOrderNo = randomUUID().replaceAll('-', '').slice(0, 27).toUpperCase();
    const callbackUrl = `${deployed('ApiUrl')}/v1/channels/${textAt(transaction, 'channel')}/callbacks`;
    expect(await tell(transaction, 'unknown_order', { channelOrderNo, callbackUrl })).toMatchObject({ heard: true });
    expect(await listed('received', channelOrderNo)).toMatchObject({ events: [{ reason: 'unknown_order' }] });
  });

  test('that is not signed by it, or ten minutes old, is refused', async () => {
    const transaction = await topUpBy(good, 201);
    expect(await tell(transaction, 'wrong_signature')).toMatchObject({ heard: false, status: 401 });
    expect(await tell(transaction, 'stale')).toMatchObject({ heard: false, status: 401 });
  });

  test('in words that were never agreed is refused and kept', async () => {
    const transaction = await topUpBy(good, 201);
    expect(await tell(transaction, 'unreadable')).toMatchObject({ heard: false, status: 422 });
    const { body } = await operator().get('/v1/admin/callbacks?state=unreadable&limit=200');
    const shown = await Promise.all(
      listAt(body, 'items').map((item) => operator().get(`/v1/admin/callbacks/${textAt(item, 'id')}`)),
    );
    expect(JSON.stringify(shown.map((reply) => reply.body))).toContain(textAt(transaction, 'channelOrderNo'));
  });
});

describe('the ear for channels', () => {
  const path = '/v1/channels/sandbox-bank/callbacks';
  const send = (body: string | Uint8Array<ArrayBuffer>, type = 'application/json', to = path) =>
    fetch(`${deployed('ApiUrl')}${to}`, { method: 'POST', headers: { 'content-type': type }, body });

  test('answers strangers with a problem', async () => {
    const answer = await send('{}');
    expect(answer.status).toBe(401);
    expect(answer.headers.get('content-type')).toBe('application/problem+json');
    expect(await answer.json()).toMatchObject({ code: 'callback_rejected' });
    expect((await send('{}', 'application/json', '/v1/channels/no-such-channel/callbacks')).status).toBe(404);
  });

  test('takes any type of content, up to 256 KiB', async () => {
    expect((await send('<x/>', 'application/x-www-form-urlencoded')).status).toBe(401);
    expect((await send(new Uint8Array(8), 'application/octet-stream')).status).toBe(401);
    expect((await send('x'.repeat(256 * 1024))).status).toBe(401);
    expect((await send('x'.repeat(256 * 1024 + 1))).status).toBe(413);
    expect((await send(new Uint8Array(256 * 1024 + 1), 'application/octet-stream')).status).toBe(413);
  });

  test('shows what it heard to operators alone', async () => {
    for (const to of ['/v1/admin/callbacks?state=unmatched', '/v1/admin/stuck-payments']) {
      expect((await anonymous().get(to)).status).toBe(401);
      expect((await institution.client.get(to)).status).toBe(403);
    }
    expect((await operator().get('/v1/admin/callbacks?state=handled')).status).toBe(400);
    expect((await operator().get('/v1/admin/callbacks/cbk_01JZ8Q4T6M3V9X5B7N1K2R0C8D')).status).toBe(404);
  });

  test('knows which payments are stuck', async () => {
    const page = expectStatus(await operator().get('/v1/admin/stuck-payments?olderThanMinutes=1'), 200);
    expect(listAt(page, 'items').length).toBeGreaterThanOrEqual(0);
    expect((await operator().get('/v1/admin/stuck-payments?olderThanMinutes=0')).status).toBe(400);
  });
});
