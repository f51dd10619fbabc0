import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
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

interface Member {
  readonly accountId: string;
  readonly bindings: Readonly<Record<keyof typeof cards, string>>;
}

const yuan = (amount: number) => ({ amount, currency: 'CNY' });
const newReference = () => `R-${randomUUID()}`;

async function newMember({ client }: Institution): Promise<Member> {
  const opened = await client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  const accountId = textAt(expectStatus(opened, 201), 'id');
  const bind = async (cardNumber: string) => {
    const card = { accountId, cardNumber, holderName: '张小海', idNumber: '999999199001010016', mobile: '13900000000' };
    return textAt(expectStatus(await client.post('/v1/card-bindings', card), 201), 'id');
  };
  const bound = await Promise.all(
    Object.entries(cards).map(async ([name, cardNumber]) => [name, await bind(cardNumber)] as const),
  );
  return { accountId, bindings: Object.fromEntries(bound) as Member['bindings'] }; // one per card
}

let harbour: Institution;
let member: Member;

beforeAll(async () => {
  harbour = await approvedInstitution();
  member = await newMember(harbour);
});

interface Wish {
  readonly amount?: number;
  readonly card?: keyof typeof cards;
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
  expectStatus(await topUp({ amount, of }), 201);
  return of;
}

async function balances({ accountId }: Member) {
  const account = expectStatus(await harbour.client.get(`/v1/accounts/${accountId}`), 200);
  return { available: numberAt(account, 'available.amount'), frozen: numberAt(account, 'frozen.amount') };
}

const transaction = async (id: string, client: ApiClient = harbour.client) =>
  expectStatus(await client.get(`/v1/transactions/${id}`), 200);

const ended = (id: string) =>
  eventually(`the end of ${id}`, async () => {
    const shown = await transaction(id);
    return textAt(shown, 'status') === 'processing' ? undefined : shown;
  });

describe('a top-up', () => {
  test('is booked at once, and found by its id and by its reference', async () => {
    const of = await newMember(harbour);
    const reference = newReference();
    const made = expectStatus(await topUp({ of, reference }), 201);
    expect(made).toMatchObject({
      kind: 'top_up',
      product: 'withholding',
      status: 'succeeded',
      amount: yuan(10_000),
      fee: yuan(60),
      channel: 'sandbox-wallet',
      failure: null,
    });
    expect(await balances(of)).toEqual({ available: 10_000, frozen: 0 });
    expect(await transaction(textAt(made, 'id'))).toEqual(made);
    const found = await harbour.client.get(`/v1/transactions/by-reference/${reference}`);
    expect(expectStatus(found, 200)).toEqual(made);
  });

  test('that the channel refuses is made as well, and failed', async () => {
    const made = expectStatus(await topUp({ card: 'refusedByBank' }), 201);
    expect(made).toMatchObject({ status: 'failed', failure: { code: 'refused', reason: 'insufficient_balance' } });
    expect(made).toMatchObject({ fee: yuan(0) });
  });

  test('that a channel refuses for itself goes to the next one', async () => {
    const made = expectStatus(await topUp({ card: 'refusedByChannel' }), 201);
    expect(made).toMatchObject({ status: 'failed', channel: 'sandbox-bank' });
    expect(textAt(made, 'channelOrderNo')).toMatch(/2$/);
  });

  test.each([
    ['silentButPaid', 'succeeded'],
    ['silentAndRefused', 'failed'],
    ['lost', 'failed'],
  ] as const)('without an answer (%s) is processing, and then %s', async (card, end) => {
    const of = await newMember(harbour);
    const made = expectStatus(await topUp({ card, of }), 202);
    expect(made).toMatchObject({ status: 'processing', completedAt: null });
    expect(await ended(textAt(made, 'id'))).toMatchObject({ status: end });
    expect(await balances(of)).toEqual({ available: end === 'succeeded' ? 10_000 : 0, frozen: 0 });
  });

  test('asked for fifty times at once with one key happens once, and gets fifty equal answers', async () => {
    const of = await newMember(harbour);
    const [reference, key] = [newReference(), randomUUID()];
    const ask = async (): Promise<Reply> => {
      for (;;) {
        const reply = await topUp({ of, reference }, key);
        if (reply.status !== 409) return reply;
        expect(valueAt(reply.body, 'code')).toBe('idempotency_in_progress');
        await new Promise((resolve) => setTimeout(resolve, 1_000));
      }
    };
    const replies = await Promise.all(Array.from({ length: 50 }, ask));
    expect(new Set(replies.map(({ status, text }) => `${status} ${text}`)).size).toBe(1);
    expect(replies[0]?.status).toBe(201);
    expect(replies.filter(({ headers }) => headers.get('idempotency-replayed') === 'true')).toHaveLength(49);
    expect(await balances(of)).toEqual({ available: 10_000, frozen: 0 });
  });
});

describe('a withdrawal', () => {
  test('takes its amount, and the institution bears the fee', async () => {
    const of = await fundedMember(30_000);
    const made = expectStatus(await withdraw({ of }), 201);
    expect(made).toMatchObject({
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
    expect(expectStatus(await withdraw({ of, card: 'refusedByBank' }), 201)).toMatchObject({ status: 'failed' });
    expect(await balances(of)).toEqual({ available: 30_000, frozen: 0 });
  });

  test.each([
    ['silentButPaid', 'succeeded', 20_000],
    ['lost', 'failed', 30_000],
  ] as const)('without an answer (%s) freezes its amount until it is %s', async (card, end, available) => {
    const of = await fundedMember(30_000);
    const made = expectStatus(await withdraw({ of, card }), 202);
    expect(await balances(of)).toEqual({ available: 20_000, frozen: 10_000 });
    expect(await ended(textAt(made, 'id'))).toMatchObject({ status: end });
    expect(await balances(of)).toEqual({ available, frozen: 0 });
  });

  test('that the account does not cover is refused, leaves nothing behind, and its key is burnt', async () => {
    const of = await newMember(harbour);
    const [reference, key] = [newReference(), randomUUID()];
    const refused = await withdraw({ of, reference }, key);
    expect(refused.status).toBe(422);
    expect(refused.body).toMatchObject({ code: 'insufficient_funds' });
    expect((await harbour.client.get(`/v1/transactions/by-reference/${reference}`)).status).toBe(404);
    expectStatus(await topUp({ of, amount: 50_000 }), 201);
    const late = await withdraw({ of, reference }, key);
    expect([late.status, late.text]).toEqual([422, refused.text]);
    expectStatus(await withdraw({ of, reference }), 201);
  });

  test('of the same money twenty times at once is paid out once', async () => {
    const of = await fundedMember(10_000);
    const replies = await Promise.all(Array.from({ length: 20 }, () => withdraw({ of })));
    expect(replies.map(({ status }) => status).sort()).toEqual([201, ...new Array<number>(19).fill(422)]);
    expect(await balances(of)).toEqual({ available: 0, frozen: 0 });
  });
});

describe('a request for a payment', () => {
  test('with a reference that is taken names its transaction', async () => {
    const reference = newReference();
    const id = textAt(expectStatus(await topUp({ reference }), 201), 'id');
    const again = await topUp({ reference });
    expect(again.status).toBe(409);
    expect(again.body).toMatchObject({ code: 'reference_taken', detail: expect.stringContaining(id) });
  });

  test.each([
    [400, 'invalid_request', { amount: yuan(0) }],
    [400, 'invalid_request', { amount: { amount: 1.5, currency: 'CNY' } }],
    [400, 'invalid_request', { amount: { amount: '100', currency: 'CNY' } }],
    [400, 'invalid_request', { reference: 'with space' }],
    [400, 'invalid_request', { product: 'barter' }],
    [400, 'invalid_request', { unknown: 1 }],
    [422, 'product_not_available', { product: 'quick_payment' }],
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
      expectStatus(await own.client.post('/v1/top-ups', body), 201);
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
