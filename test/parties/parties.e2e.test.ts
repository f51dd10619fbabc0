import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ApiClient,
  approve,
  approvedInstitution,
  center,
  expectStatus,
  type Institution,
  listAt,
  newMerchantNo,
  operator,
  type Reply,
  textAt,
  valueAt,
} from '../support/deployment.ts';

/** Test cards and identities of the sandbox; its README has the table. */
const goodCard = '6200000000000005';
const refusedCard = '6200000000000500';
const silentCard = '6200000000000518';
const goodIdentity = { name: '张三', idNumber: '110101199003070011' };
const wrongIdentity = { name: '张三', idNumber: '110101199003074041' };
const silentIdentity = { name: '张三', idNumber: '110101199003075032' };

const zero = { amount: 0, currency: 'CNY' };
const nothing = { available: zero, frozen: zero };
/** The sandbox holds a silent answer back until the center has stopped waiting. */
const silenceMs = 60_000;
const codeOf = (reply: Reply) => [reply.status, valueAt(reply.body, 'code')];

let harbour: Institution;
let quay: Institution;
beforeAll(async () => {
  [harbour, quay] = await Promise.all([approvedInstitution('Harbour Ltd'), approvedInstitution('Quay Ltd')]);
});

async function newMember(client: ApiClient = harbour.client): Promise<string> {
  return textAt(expectStatus(await client.post('/v1/member-accounts', { externalUserId: randomUUID() }), 201), 'id');
}

const card = (accountId: string, cardNumber = goodCard) => ({
  accountId,
  cardNumber,
  holderName: '张三',
  idNumber: goodIdentity.idNumber,
  mobile: '13800138000',
});

describe('a settlement account', () => {
  const facts = () => ({ institutionId: harbour.id, channel: 'sandbox-bank', merchantNo: newMerchantNo() });

  test('shows its pending and reconciled figures as one account', async () => {
    const made = expectStatus(await operator().post('/v1/settlement-accounts', facts()), 201);
    expect(made).toMatchObject({ currency: 'CNY', priority: 100, status: 'active' });
    const account = expectStatus(await harbour.client.get(`/v1/accounts/${textAt(made, 'id')}`), 200);
    expect(account).toMatchObject({ kind: 'settlement', balances: { pending: zero, reconciled: zero } });
  });

  test('is one for a merchant number', async () => {
    const request = facts();
    const key = randomUUID();
    const first = await operator().post('/v1/settlement-accounts', request, { key });
    const again = await operator().post('/v1/settlement-accounts', request, { key });
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    expect(codeOf(await operator().post('/v1/settlement-accounts', request))).toEqual([409, 'merchant_taken']);
    const others = { ...request, institutionId: quay.id };
    expect(codeOf(await operator().post('/v1/settlement-accounts', others))).toEqual([409, 'merchant_taken']);
  });

  test('needs a channel that there is and an institution that may act', async () => {
    expect(codeOf(await operator().post('/v1/settlement-accounts', { ...facts(), channel: 'no-bank' }))).toEqual([
      422,
      'unknown_channel',
    ]);
    const nobody = { ...facts(), institutionId: 'inst_00000000000000000000000000' };
    expect(codeOf(await operator().post('/v1/settlement-accounts', nobody))).toEqual([404, 'not_found']);
    const idle = expectStatus(await operator().post('/v1/institutions', { name: 'Idle Ltd' }), 202);
    const early = { ...facts(), institutionId: textAt(idle, 'id') };
    expect(codeOf(await operator().post('/v1/settlement-accounts', early))).toEqual([409, 'institution_not_active']);
  });

  test.each([
    ['merchantNo', 'has space'],
    ['merchantNo', 'x'.repeat(33)],
    ['currency', 'XYZ'],
    ['priority', -1],
    ['priority', 1.5],
    ['institutionId', 'inst_1'],
  ])('with a wrong %s (%p) names the field', async (field, value) => {
    const reply = await operator().post('/v1/settlement-accounts', { ...facts(), [field]: value });
    expect([reply.status, valueAt(reply.body, 'errors.0.field')]).toEqual([400, `body.${field}`]);
  });

  test('is listed for its own institution only', async () => {
    const own = expectStatus(await harbour.client.get('/v1/settlement-accounts?limit=200'), 200);
    expect(new Set(listAt(own, 'items').map((item) => valueAt(item, 'institutionId')))).toEqual(new Set([harbour.id]));
    expect((await harbour.client.get(`/v1/settlement-accounts?institutionId=${quay.id}`)).status).toBe(404);
    expect(codeOf(await operator().get('/v1/settlement-accounts'))).toEqual([400, 'institution_required']);
    expect((await operator().get(`/v1/settlement-accounts?institutionId=${quay.id}`)).status).toBe(200);
  });
});

describe("an institution's own account", () => {
  test('is proposed, approved, and then there', async () => {
    const path = `/v1/institutions/${harbour.id}/accounts`;
    const made = expectStatus(await operator().post(path, {}), 202);
    expect(made).toMatchObject({ status: 'proposed', currency: 'CNY', institutionId: harbour.id });
    const id = textAt(made, 'id');
    expect((await harbour.client.get(`/v1/accounts/${id}`)).status).toBe(404);
    await approve(center(), textAt(made, 'approvalId'));
    const opened = { kind: 'institution', balances: nothing };
    expect(expectStatus(await harbour.client.get(`/v1/accounts/${id}`), 200)).toMatchObject(opened);
    expect((await harbour.client.get(path)).text).toContain(id);
    for (const foreign of [path, `/v1/institutions/${harbour.id}`, `/v1/accounts/${id}`]) {
      expect((await quay.client.get(foreign)).status).toBe(404);
    }
  });
});

describe('a member account', () => {
  test('is opened with nothing in it, and one for each user', async () => {
    const externalUserId = randomUUID();
    const made = expectStatus(await harbour.client.post('/v1/member-accounts', { externalUserId }), 201);
    expect(made).toMatchObject({ externalUserId, status: 'active', currency: 'CNY', balances: nothing });
    const account = await harbour.client.get(`/v1/accounts/${textAt(made, 'id')}`);
    expect(expectStatus(account, 200)).toMatchObject({ kind: 'member', balances: nothing });
    expect(codeOf(await harbour.client.post('/v1/member-accounts', { externalUserId }))).toEqual([
      409,
      'member_exists',
    ]);
    const found = expectStatus(await harbour.client.get(`/v1/member-accounts?externalUserId=${externalUserId}`), 200);
    expect(textAt(found, 'items.0.id')).toBe(textAt(made, 'id'));
    const elsewhere = expectStatus(await quay.client.get(`/v1/member-accounts?externalUserId=${externalUserId}`), 200);
    expect(listAt(elsewhere, 'items')).toEqual([]);
  });

  test('with an identity is verified by a channel, and shows the number masked', async () => {
    const request = { externalUserId: randomUUID(), ...goodIdentity };
    const reply = await harbour.client.post('/v1/member-accounts', request);
    expect(expectStatus(reply, 201)).toMatchObject({ identity: { idNumberMasked: '1***************11' } });
    expect(reply.text).not.toContain(goodIdentity.idNumber);
  });

  test.each([
    [wrongIdentity, 'verification_failed'],
    [silentIdentity, 'verification_unavailable'],
  ])(
    'with the identity %p is refused as %s, and nothing is opened',
    async (identity, code) => {
      const externalUserId = randomUUID();
      const refused = await harbour.client.post('/v1/member-accounts', { externalUserId, ...identity });
      expect(codeOf(refused)).toEqual([422, code]);
      expect((await harbour.client.post('/v1/member-accounts', { externalUserId })).status).toBe(201);
    },
    silenceMs,
  );

  test.each([
    [{}, 'body.externalUserId'],
    [{ externalUserId: 'has space' }, 'body.externalUserId'],
    [{ externalUserId: 'u', name: '张三' }, 'body.idNumber'],
    [{ externalUserId: 'u', currency: 'cny' }, 'body.currency'],
    [{ externalUserId: 'u', idNumbr: '110101199003070011' }, 'body'],
    [[], 'body'],
  ])('asked for with %j names the field', async (body, field) => {
    const reply = await harbour.client.post('/v1/member-accounts', body);
    expect([reply.status, valueAt(reply.body, 'errors.0.field')]).toEqual([400, field]);
  });
});

describe('a card', () => {
  test('is bound at every channel of the institution, shown masked, and unbound', async () => {
    const accountId = await newMember();
    const key = randomUUID();
    const first = await harbour.client.post('/v1/card-bindings', card(accountId), { key });
    const bound = expectStatus(first, 201);
    expect(bound).toMatchObject({
      accountId,
      status: 'active',
      cardMasked: '620000******0005',
      channels: ['sandbox-bank', 'sandbox-wallet'],
    });
    expect((await harbour.client.post('/v1/card-bindings', card(accountId), { key })).text).toBe(first.text);

    const id = textAt(bound, 'id');
    const twice = await harbour.client.post('/v1/card-bindings', card(accountId));
    expect(codeOf(twice)).toEqual([409, 'card_already_bound']);
    expect(textAt(twice.body, 'detail')).toContain(id);
    const list = await harbour.client.get(`/v1/card-bindings?accountId=${accountId}`);
    expect(expectStatus(list, 200)).toEqual({ items: [bound], nextCursor: null });
    for (const { text } of [first, twice, list]) expect(text).not.toContain(goodCard);

    const unbinding = randomUUID();
    for (const _ of [1, 2]) {
      const gone = await harbour.client.delete(`/v1/card-bindings/${id}`, { key: unbinding });
      expect([gone.status, gone.text]).toEqual([204, '']);
    }
    expect(codeOf(await harbour.client.delete(`/v1/card-bindings/${id}`))).toEqual([409, 'already_unbound']);
    expect(expectStatus(await harbour.client.get(`/v1/card-bindings/${id}`), 200)).toMatchObject({ status: 'unbound' });
    expectStatus(await harbour.client.post('/v1/card-bindings', card(accountId)), 201);
  });

  test('that the channels refuse is refused', async () => {
    const refused = await harbour.client.post('/v1/card-bindings', card(await newMember(), refusedCard));
    expect(codeOf(refused)).toEqual([422, 'card_refused']);
  });

  test(
    'about which the channels stay silent is pending, until a new request goes on with it',
    async () => {
      const accountId = await newMember();
      expect(codeOf(await harbour.client.post('/v1/card-bindings', card(accountId, silentCard)))).toEqual([
        422,
        'channel_unavailable',
      ]);
      const list = expectStatus(await harbour.client.get(`/v1/card-bindings?accountId=${accountId}`), 200);
      expect(list).toMatchObject({ items: [{ status: 'pending', channels: [] }] });
      const again = await harbour.client.post('/v1/card-bindings', card(accountId, silentCard));
      expect(codeOf(again)).toEqual([422, 'channel_unavailable']);
      expect(textAt(again.body, 'detail')).toContain(textAt(list, 'items.0.id'));
    },
    silenceMs,
  );

  test('is not bound where the institution has no merchant number', async () => {
    const { client } = await approvedInstitution('Pier Ltd', []);
    expect(codeOf(await client.post('/v1/card-bindings', card(await newMember(client))))).toEqual([409, 'no_merchant']);
  });

  test('and the account it is bound to are unknown to every other institution', async () => {
    const accountId = await newMember();
    const id = textAt(expectStatus(await harbour.client.post('/v1/card-bindings', card(accountId)), 201), 'id');
    expect((await quay.client.get(`/v1/card-bindings/${id}`)).status).toBe(404);
    expect((await quay.client.delete(`/v1/card-bindings/${id}`)).status).toBe(404);
    expect((await quay.client.get(`/v1/card-bindings?accountId=${accountId}`)).status).toBe(404);
    expect((await quay.client.post('/v1/card-bindings', card(accountId))).status).toBe(404);
    expect(expectStatus(await harbour.client.get(`/v1/card-bindings/${id}`), 200)).toMatchObject({ status: 'active' });
    expect(expectStatus(await operator().get(`/v1/card-bindings/${id}`), 200)).toMatchObject({ id });
  });

  test.each([
    ['cardNumber', '6200000000000006'],
    ['cardNumber', '62'],
    ['idNumber', ''],
    ['mobile', '+'],
    ['holderName', ''],
    ['accountId', 'acct_1'],
  ])('with a wrong %s (%p) names the field, and the answer does not quote it', async (field, value) => {
    const reply = await harbour.client.post('/v1/card-bindings', { ...card(await newMember()), [field]: value });
    expect([reply.status, valueAt(reply.body, 'errors.0.field')]).toEqual([400, `body.${field}`]);
    if (field === 'cardNumber' && value.length > 10) expect(reply.text).not.toContain(value);
  });
});
