import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { Json } from '../../local/outsider/json.ts';
import {
  type ApiClient,
  anonymous,
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  numberAt,
  operator,
  type Reply,
  textAt,
  valueAt,
} from '../support/deployment.ts';

/** Test cards of the sandbox, by what becomes of their orders; its README has the table. */
const cards = {
  good: '6200000000000005',
  refusedByBank: '6200000000000104',
  refusedByChannel: '6200000000000112',
  silentButPaid: '6200000000000203',
  silentAndRefused: '6200000000000211',
  lost: '6200000000000229',
} as const;

type Card = keyof typeof cards;

interface Member {
  readonly accountId: string;
  readonly bindings: Readonly<Record<Card, string>>;
}

const yuan = (amount: number) => ({ amount, currency: 'CNY' });
const newReference = () => `R-${randomUUID()}`;

async function newMember({ client }: Institution): Promise<Member> {
  const opened = await client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  const accountId = textAt(expectStatus(opened, 201), 'id');
  // one after another, and again where a cold channel on a busy machine has not answered in time
  const bind = (cardNumber: string) =>
    eventually(`a binding of ${cardNumber}`, async () => {
      const card = {
        accountId,
        cardNumber,
        holderName: '张小海',
        idNumber: '999999199001010016',
        mobile: '13900000000',
      };
      const reply = await client.post('/v1/card-bindings', card);
      if (valueAt(reply.body, 'code') === 'channel_unavailable') return undefined;
      return textAt(expectStatus(reply, 201), 'id');
    });
  const bindings: Partial<Record<Card, string>> = {};
  for (const card of Object.keys(cards) as Card[]) bindings[card] = await bind(cards[card]); // the table's own keys
  return { accountId, bindings: bindings as Member['bindings'] }; // one per card
}

let harbour: Institution;
let member: Member;

beforeAll(async () => {
  harbour = await approvedInstitution();
  member = await newMember(harbour);
});

interface Wish {
  readonly amount?: number;
  readonly card?: Card;
  readonly reference?: string;
  readonly of?: Member;
}

const bodyOf = ({ amount = 10_000, card = 'good', reference = newReference(), of = member }: Wish) => ({
  accountId: of.accountId,
  bindingId: of.bindings[card],
  amount: yuan(amount),
  reference,
});

const topUp = (wish: Wish = {}, key: string = randomUUID()): Promise<Reply> =>
  harbour.client.post('/v1/top-ups', { ...bodyOf(wish), product: 'withholding' }, { key });
const withdraw = (wish: Wish = {}, key: string = randomUUID()): Promise<Reply> =>
  harbour.client.post('/v1/withdrawals', bodyOf(wish), { key });

async function fundedMember(amount: number): Promise<Member> {
  const of = await newMember(harbour);
  await made(await topUp({ amount, of }));
  return of;
}

async function balances({ accountId }: Member) {
  const account = expectStatus(await harbour.client.get(`/v1/accounts/${accountId}`), 200);
  return {
    available: numberAt(account, 'balances.available.amount'),
    frozen: numberAt(account, 'balances.frozen.amount'),
  };
}

/** What became of a payment: at once as a rule, by its follow-up where the channel was slow. */
async function made(reply: Reply, client: ApiClient = harbour.client): Promise<Json> {
  const shown = expectStatus(reply, 201, 202);
  return reply.status === 201 ? shown : ended(textAt(shown, 'id'), client);
}

const transaction = async (id: string, client: ApiClient = harbour.client) =>
  expectStatus(await client.get(`/v1/transactions/${id}`), 200);

const asObject = (json: Json): object => (typeof json === 'object' && json !== null ? json : {});

const ended = (id: string, client: ApiClient = harbour.client) =>
  eventually(`the end of ${id}`, async () => {
    const shown = await transaction(id, client);
    return textAt(shown, 'status') === 'processing' ? undefined : shown;
  });

describe('a top-up', () => {
  test('is booked at once, and found by its id and by its reference', async () => {
    const of = await newMember(harbour);
    const reference = newReference();
    const shown = await made(await topUp({ of, reference }));
    expect(shown).toMatchObject({
      kind: 'top_up',
      product: 'withholding',
      status: 'succeeded',
      amount: yuan(10_000),
      fee: yuan(60),
      channel: 'sandbox-wallet',
      failure: null,
    });
    expect(await balances(of)).toEqual({ available: 10_000, frozen: 0 });
    // with its timeline besides
    expect(await transaction(textAt(shown, 'id'))).toMatchObject({ ...asObject(shown) });
    const found = await harbour.client.get(`/v1/transactions/by-reference/${reference}`);
    expect(expectStatus(found, 200)).toMatchObject({ ...asObject(shown) });
    expect(listAt(expectStatus(found, 200), 'timeline').map((item) => valueAt(item, 'type'))).toEqual([
      'state',
      'call',
      'state',
      'posting',
    ]);
  });

  test('that the channel refuses is made as well, and failed', async () => {
    const shown = await made(await topUp({ card: 'refusedByBank' }));
    expect(shown).toMatchObject({ status: 'failed', failure: { code: 'refused', reason: 'insufficient_balance' } });
    expect(shown).toMatchObject({ fee: yuan(0) });
  });

  test('that a channel refuses for itself goes to the next one', async () => {
    const shown = await made(await topUp({ card: 'refusedByChannel' }));
    expect(shown).toMatchObject({ status: 'failed', channel: 'sandbox-bank' });
    expect(textAt(shown, 'channelOrderNo')).toMatch(/2$/);
  });

  test.each([
    ['silentButPaid', 'succeeded'],
    ['silentAndRefused', 'failed'],
    ['lost', 'failed'],
  ] as const)('without an answer (%s) is processing, and then %s', async (card, end) => {
    const of = await newMember(harbour);
    const open = expectStatus(await topUp({ card, of }), 202);
    expect(open).toMatchObject({ status: 'processing', completedAt: null });
    expect(await ended(textAt(open, 'id'))).toMatchObject({ status: end });
    expect(await balances(of)).toEqual({ available: end === 'succeeded' ? 10_000 : 0, frozen: 0 });
  });

  test('asked for fifty times at once with one key happens once, and gets fifty equal answers', async () => {
    const of = await newMember(harbour);
    const [reference, key] = [newReference(), randomUUID()];
    // comes back while the first still runs, and where the gateway itself gave up on fifty cold functions at once
    const ask = async (): Promise<Reply> => {
      for (;;) {
        const reply = await topUp({ of, reference }, key);
        const ours = valueAt(reply.body, 'code') !== undefined || reply.status < 400;
        if (ours && reply.status !== 409) return reply;
        if (ours) expect(valueAt(reply.body, 'code')).toBe('idempotency_in_progress');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    };
    const replies = await Promise.all(Array.from({ length: 50 }, ask));
    expect([...new Set(replies.map(({ status, text }) => `${status} ${text}`))]).toHaveLength(1);
    const [first] = replies;
    expect(first && (await made(first))).toMatchObject({ status: 'succeeded' });
    const replays = replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true');
    expect(replays.length).toBeGreaterThanOrEqual(49);
    expect(await balances(of)).toEqual({ available: 10_000, frozen: 0 });
  });
});

describe('a withdrawal', () => {
  test('takes its amount, and the institution bears the fee', async () => {
    const of = await fundedMember(30_000);
    const shown = await made(await withdraw({ of }));
    expect(shown).toMatchObject({
      kind: 'withdrawal',
      product: 'payout',
      status: 'succeeded',
      channel: 'sandbox-bank',
      fee: yuan(10),
    });
    expect(await balances(of)).toEqual({ available: 20_000, frozen: 0 });
  });

  test('that is refused gives its amount back', async () => {
    const of = await fundedMember(30_000);
    expect(await made(await withdraw({ of, card: 'refusedByBank' }))).toMatchObject({ status: 'failed' });
    expect(await balances(of)).toEqual({ available: 30_000, frozen: 0 });
  });

  test.each([
    ['silentButPaid', 'succeeded', 20_000],
    ['lost', 'failed', 30_000],
  ] as const)('without an answer (%s) freezes its amount until it is %s', async (card, end, available) => {
    const of = await fundedMember(30_000);
    const open = expectStatus(await withdraw({ of, card }), 202);
    expect(await balances(of)).toEqual({ available: 20_000, frozen: 10_000 });
    expect(await ended(textAt(open, 'id'))).toMatchObject({ status: end });
    expect(await balances(of)).toEqual({ available, frozen: 0 });
  });

  test('that the account does not cover is refused, leaves nothing behind, and its key is burnt', async () => {
    const of = await newMember(harbour);
    const [reference, key] = [newReference(), randomUUID()];
    const refused = await withdraw({ of, reference }, key);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'insufficient_funds' });
    expect((await harbour.client.get(`/v1/transactions/by-reference/${reference}`)).status).toBe(404);
    await made(await topUp({ of, amount: 50_000 }));
    const late = await withdraw({ of, reference }, key);
    expect([late.status, late.text]).toEqual([422, refused.text]);
    expectStatus(await withdraw({ of, reference }), 201, 202);
  });

  test('of the same money twenty times at once is paid out once', async () => {
    const of = await fundedMember(10_000);
    const replies = await Promise.all(Array.from({ length: 20 }, () => withdraw({ of })));
    const taken = replies.filter(({ status }) => status !== 422);
    expect(taken).toHaveLength(1);
    for (const reply of taken) expect(await made(reply)).toMatchObject({ status: 'succeeded' });
    expect(await balances(of)).toEqual({ available: 0, frozen: 0 });
  });
});

describe('a request for a payment', () => {
  test('with a reference that is taken names its transaction', async () => {
    const reference = newReference();
    const id = textAt(expectStatus(await topUp({ reference }), 201, 202), 'id');
    const again = await topUp({ reference });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'reference_taken', detail: expect.stringContaining(id) });
  });

  test.each([
    [400, 'invalid_request', { amount: yuan(0) }],
    [400, 'invalid_request', { amount: { amount: 1.5, currency: 'CNY' } }],
    [400, 'invalid_request', { amount: { amount: '100', currency: 'CNY' } }],
    [400, 'invalid_request', { reference: 'with space' }],
    [400, 'invalid_request', { reference: '..' }],
    [400, 'invalid_request', { product: 'barter' }],
    [400, 'invalid_request', { unknown: 1 }],
    [400, 'invalid_request', { product: 'payout' }],
    [400, 'invalid_request', { product: 'personal_ebanking' }],
    [422, 'amount_too_large', { amount: { amount: Number.MAX_SAFE_INTEGER, currency: 'CNY' } }],
    [422, 'currency_mismatch', { amount: { amount: 100, currency: 'USD' } }],
    [404, 'not_found', { accountId: 'acct_00000000000000000000000000' }],
    [404, 'not_found', { bindingId: 'bind_00000000000000000000000000' }],
  ])('is answered %s %s for %j', async (status, code, wrong) => {
    const body = { ...bodyOf({}), product: 'withholding', ...wrong };
    const reply = await harbour.client.post('/v1/top-ups', body);
    expect([reply.status, valueAt(reply.body, 'code')]).toEqual([status, code]);
    expect(reply.headers.get('content-type')).toContain('application/problem+json');
  });

  test('is for institutions with a token', async () => {
    const body = { ...bodyOf({}), product: 'withholding' };
    expect((await anonymous().post('/v1/top-ups', body)).status).toBe(401);
    expect((await operator().post('/v1/top-ups', body)).status).toBe(403);
    expect((await operator().post('/v1/withdrawals', bodyOf({}))).status).toBe(403);
  });
});

describe('the list of transactions', () => {
  let own: Institution;
  let references: string[];

  beforeAll(async () => {
    own = await approvedInstitution('Orchard Ltd');
    const of = await newMember(own);
    references = [];
    for (const card of ['good', 'refusedByBank', 'good', 'good'] as const) {
      const body = { ...bodyOf({ of, card }), product: 'withholding' };
      await made(await own.client.post('/v1/top-ups', body), own.client);
      references.unshift(body.reference);
    }
  });

  const shown = async (query: string, client: ApiClient = own.client) => {
    const list = expectStatus(await client.get(`/v1/transactions${query}`), 200);
    return {
      references: listAt(list, 'items').map((item) => textAt(item, 'reference')),
      nextCursor: valueAt(list, 'nextCursor'),
    };
  };

  test('is newest first, and paged without gaps', async () => {
    const first = await shown('?limit=3');
    expect(first.references).toEqual(references.slice(0, 3));
    const second = await shown(`?limit=3&cursor=${first.nextCursor}`);
    expect(second).toEqual({ references: references.slice(3), nextCursor: null });
  });

  test('is filtered, and never ends before it has ended', async () => {
    expect(await shown('?status=failed')).toEqual({ references: [references[2]], nextCursor: null });
    expect((await shown('?kind=withdrawal')).references).toEqual([]);
    expect((await shown('?from=2000-01-01&to=2000-01-02')).references).toEqual([]);
    expect((await shown('?channel=sandbox-wallet')).references).toEqual(references);
  });

  test('shows an institution its own, and operators the one that they name', async () => {
    expect((await shown('', harbour.client)).references).not.toContain(references[0]);
    expect((await shown(`?institutionId=${own.id}`, operator())).references).toEqual(references);
    expect((await operator().get('/v1/transactions')).status).toBe(400);
    expect((await harbour.client.get(`/v1/transactions?institutionId=${own.id}`)).status).toBe(404);
  });

  test('does not let a cursor of another list, or none of ours, in', async () => {
    const { nextCursor } = await shown('?limit=1');
    const foreign = await shown(`?cursor=${nextCursor}`, harbour.client);
    for (const reference of references) expect(foreign.references).not.toContain(reference);
    for (const cursor of ['A', 'x'.repeat(400), Buffer.from('ENTRY#1').toString('base64url')]) {
      expect((await own.client.get(`/v1/transactions?cursor=${cursor}`)).status).toBe(400);
    }
  });

  test.each(['limit=0', 'limit=x', 'status=odd', 'from=2026-02-30', 'accountId=1', 'surprise=1', 'institutionId=1'])(
    'answers 400 to ?%s',
    async (query) => {
      expect((await own.client.get(`/v1/transactions?${query}`)).status).toBe(400);
    },
  );

  test('and a transaction are not there for another institution', async () => {
    const list = expectStatus(await own.client.get('/v1/transactions?limit=1'), 200);
    const id = textAt(list, 'items.0.id');
    expect((await harbour.client.get(`/v1/transactions/${id}`)).status).toBe(404);
    expect((await harbour.client.get(`/v1/transactions/by-reference/${references[0]}`)).status).toBe(404);
    expect((await harbour.client.get('/v1/transactions/nothing')).status).toBe(404);
    expect(await transaction(id, operator())).toMatchObject({ id });
    const byReference = `/v1/transactions/by-reference/${references[0]}`;
    expect((await operator().get(byReference)).status).toBe(400);
    expect((await operator().get(`${byReference}?institutionId=${own.id}`)).status).toBe(200);
  });
});
