/** Routing as operators see it and payments feel it, on the deployed stack. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  anonymous,
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  operator,
  textAt,
  valueAt,
} from '../../support/deployment.ts';

const goodCard = '6200000000000005';

describe('routing', () => {
  let institution: Institution;
  let accountId: string;
  let bindingId: string;

  beforeAll(async () => {
    institution = await approvedInstitution('Routed Group');
    const { client } = institution;
    accountId = textAt(expectStatus(await client.post('/v1/member-accounts', { externalUserId: 'user-1' }), 201), 'id');
    const card = {
      accountId,
      cardNumber: goodCard,
      holderName: '张三',
      idNumber: '110101199003070011',
      mobile: '13800000000',
    };
    bindingId = textAt(expectStatus(await client.post('/v1/card-bindings', card), 201), 'id');
  });

  const explain = async (query: Record<string, string | number>) => {
    const all = { institutionId: institution.id, product: 'withholding', amount: 10_000, currency: 'CNY', ...query };
    const search = new URLSearchParams(
      Object.entries(all).map(([name, value]): [string, string] => [name, String(value)]),
    );
    return operator().get(`/v1/admin/routes:explain?${search}`);
  };
  const candidates = async (query: Record<string, string | number> = {}) =>
    listAt(expectStatus(await explain(query), 200), 'candidates');
  const topUp = (amount: number, reference: string) =>
    institution.client.post('/v1/top-ups', {
      accountId,
      bindingId,
      reference,
      product: 'withholding',
      amount: { amount, currency: 'CNY' },
    });

  test('is explained, candidate by candidate, to operators alone', async () => {
    expect(await candidates({ bindingId })).toMatchObject([
      { verdict: 'taken', rank: 1, observed: { circuit: 'closed', cost: { currency: 'CNY' } } },
      { verdict: 'taken', rank: 2 },
    ]);
    expect(await candidates({ product: 'payout' })).toContainEqual(
      expect.objectContaining({ channel: 'sandbox-wallet', verdict: 'left', reason: 'product_not_offered' }),
    );
    const foreign = await explain({ bindingId: `bind_${'0'.repeat(26)}` });
    expect([foreign.status, foreign.body]).toMatchObject([404, { code: 'not_found' }]);
    expect((await explain({ amount: -1 })).status).toBe(400);
    expect((await institution.client.get('/v1/admin/routes:explain')).status).toBe(403);
    expect((await anonymous().get('/v1/admin/routes:explain')).status).toBe(401);
  });

  test('learns from payments which channels carry them out', async () => {
    expectStatus(await topUp(10_000, 'learnt-from'), 201);
    const learnt = await eventually('an outcome that was counted', async () => {
      const counted = (await candidates()).filter((each) => !JSON.stringify(each).includes('"orders":0'));
      return counted.length > 0 ? counted : undefined;
    });
    expect(learnt.length).toBeGreaterThan(0);
  });

  test('holds top-ups to a limit per card, and says what is left of it', async () => {
    // more than any other test moves by one card meanwhile
    const limit = { per: 'card', currency: 'CNY', product: 'withholding', daily: 900_000_000 };
    const id = `routed-${Date.now()}`;
    expectStatus(
      await operator().put(`/v1/admin/limits/${id}`, { kind: 'limits', value: limit, reason: 'a test' }),
      200,
    );
    try {
      const seen = await eventually('the limit', async () =>
        (await candidates({ bindingId })).find((each) => JSON.stringify(each).includes(id)),
      );
      expect(JSON.stringify(seen)).toContain('"left":{"amount":900000000');
      // functions go by what they have read for five seconds
      await new Promise((resolve) => setTimeout(resolve, 5_500));
      expectStatus(await topUp(600_000_000, 'within'), 201);
      const refused = await topUp(600_000_000, 'beyond');
      expect([refused.status, refused.body]).toMatchObject([422, { code: 'limit_exceeded' }]);
      expect(await candidates({ bindingId, amount: 600_000_000 })).toMatchObject([
        { reason: 'limit_exceeded' },
        { reason: 'limit_exceeded' },
      ]);
      expectStatus(await topUp(300_000_000, 'the-rest'), 201);
    } finally {
      expectStatus(await operator().delete(`/v1/admin/limits/${id}`), 204);
    }
  });

  test('holds withdrawals to the merchant reserve, once one is told', async () => {
    const bank = institution.merchants.find(({ channel }) => channel === 'sandbox-bank');
    const place = `/v1/admin/reserves/sandbox-bank/${bank?.merchantNo}`;
    const withdraw = (amount: number, reference: string) =>
      institution.client.post('/v1/withdrawals', {
        accountId,
        bindingId,
        reference,
        amount: { amount, currency: 'CNY' },
      });
    const balance = { amount: 5_000, currency: 'CNY' };
    const told = expectStatus(await operator().put(place, { balance, lowWater: 4_000 }), 200);
    expect(told).toMatchObject({ balance, left: balance, lowWater: { amount: 4_000 } });

    const refused = await withdraw(5_001, 'too-much');
    expect([refused.status, refused.body]).toMatchObject([422, { code: 'insufficient_reserve' }]);
    expectStatus(await withdraw(3_000, 'covered'), 201);
    const own = listAt(expectStatus(await operator().get('/v1/admin/reserves'), 200), 'items').find(
      (each) => valueAt(each, 'merchantNo') === bank?.merchantNo,
    );
    expect(own).toMatchObject({ balance, left: { amount: 2_000, currency: 'CNY' } });
    expect(await candidates({ product: 'payout', amount: 2_001, bindingId })).toContainEqual(
      expect.objectContaining({ channel: 'sandbox-bank', reason: 'insufficient_reserve' }),
    );
    const dollars = await operator().put(place, { balance: { amount: 1, currency: 'USD' } });
    expect([dollars.status, dollars.body]).toMatchObject([422, { code: 'currency_mismatch' }]);
  });
});
