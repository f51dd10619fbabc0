/**
 * One institution can't see, use or change what belongs to another: every route that institutions may call is tried with
 * another institution's ids. A new route without a line here fails the first test.
 */
import { beforeAll, describe, expect, test } from '@jest/globals';
import { allRoutes } from '../../functions/documentation/routes.ts';
import type { Route } from '../../functions/runtime/route.ts';
import {
  type ApiClient,
  anonymous,
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  operator,
  type Reply,
  textAt,
} from '../support/deployment.ts';

interface Belongings {
  readonly institution: Institution;
  readonly memberAccountId: string;
  readonly settlementAccountId: string;
  readonly bindingId: string;
  readonly topUpId: string;
  readonly verificationId: string;
  readonly freezeId: string;
  readonly transferId: string;
  readonly batchId: string;
  readonly endpointId: string;
  readonly eventId: string;
  readonly deliveryId: string;
}

const goodCard = '6200000000000005';

async function settleIn(name: string): Promise<Belongings> {
  const institution = await approvedInstitution(name);
  const { client } = institution;
  const endpoint = expectStatus(await client.post('/v1/webhook-endpoints', { url: 'https://receiver.invalid/' }), 201);
  const endpointId = textAt(endpoint, 'id');
  const account = expectStatus(await client.post('/v1/member-accounts', { externalUserId: 'user-1' }), 201);
  const memberAccountId = textAt(account, 'id');
  const binding = expectStatus(
    await client.post('/v1/card-bindings', {
      accountId: memberAccountId,
      cardNumber: goodCard,
      holderName: '张三',
      idNumber: '110101199003070011',
      mobile: '13800000000',
    }),
    201,
  );
  const bindingId = textAt(binding, 'id');
  const topUp = expectStatus(await client.post('/v1/top-ups', topUpOf(memberAccountId, bindingId, 'first')), 201);
  const verification = expectStatus(await client.post('/v1/verifications', verificationOf('张三')), 201);
  const settlementAccountId = institution.merchants[0]?.settlementAccountId ?? '';
  const second = expectStatus(await client.post('/v1/member-accounts', { externalUserId: 'user-2' }), 201);
  const secondAccountId = textAt(second, 'id');
  const freeze = expectStatus(await client.post('/v1/freezes', freezeOf(memberAccountId)), 201);
  const transfer = expectStatus(await client.post('/v1/transfers', transferOf(memberAccountId, secondAccountId)), 201);
  const batch = await client.post('/v1/withdrawal-batches', batchOf(memberAccountId, bindingId, 'first'));
  const delivery = await eventually('a webhook', async () => {
    const deliveries = await client.get(`/v1/webhook-deliveries?endpointId=${endpointId}`);
    return listAt(expectStatus(deliveries, 200), 'items')[0];
  });
  return {
    institution,
    memberAccountId,
    settlementAccountId,
    bindingId,
    topUpId: textAt(topUp, 'id'),
    verificationId: textAt(verification, 'id'),
    freezeId: textAt(freeze, 'id'),
    transferId: textAt(transfer, 'id'),
    batchId: textAt(expectStatus(batch, 202), 'id'),
    endpointId,
    eventId: textAt(delivery, 'eventId'),
    deliveryId: textAt(delivery, 'id'),
  };
}

const verificationOf = (name: string) => ({ kind: 'two_factor', name, idNumber: '110101199003070011' });

const freezeOf = (accountId: string) => ({ accountId, amount: { amount: 100, currency: 'CNY' }, reference: 'first' });

const transferOf = (fromAccountId: string, toAccountId: string) => ({
  fromAccountId,
  toAccountId,
  amount: { amount: 100, currency: 'CNY' },
  reference: 'first',
});

const topUpOf = (accountId: string, bindingId: string, reference: string) => ({
  accountId,
  bindingId,
  reference,
  product: 'withholding',
  amount: { amount: 10_000, currency: 'CNY' },
});

const withdrawalOf = (accountId: string, bindingId: string) => ({
  accountId,
  bindingId,
  reference: 'foreign-withdrawal',
  amount: { amount: 100, currency: 'CNY' },
});

const batchOf = (accountId: string, bindingId: string, reference: string) => ({
  reference,
  lines: [{ accountId, bindingId, amount: { amount: 100, currency: 'CNY' }, reference: `${reference}-line` }],
});

/** That a case of another institution is not there is held by `cases.e2e.test.ts`: none has one here. */
const unknownDifference = 'diff_00000000000000000000000000';

function merchantOf({ institution: { merchants } }: Belongings) {
  const [merchant] = merchants;
  if (!merchant) throw new Error('an institution has no merchant number');
  return { channel: merchant.channel, merchantNo: merchant.merchantNo };
}

const merchantQuery = (belongings: Belongings): string => `${new URLSearchParams(merchantOf(belongings))}`;

let ours: Belongings;
let theirs: Belongings;

beforeAll(async () => {
  [ours, theirs] = await Promise.all([settleIn('Harbour Group'), settleIn('Lakeside Group')]);
});

/** How institution «ours» tries to reach what is «theirs» over each route. */
const attempts: Record<string, (client: ApiClient) => Promise<Reply>> = {
  'GET /v1/institutions/{id}': (client) => client.get(`/v1/institutions/${theirs.institution.id}`),
  'GET /v1/institutions/{id}/accounts': (client) => client.get(`/v1/institutions/${theirs.institution.id}/accounts`),
  'GET /v1/accounts/{id}': (client) => client.get(`/v1/accounts/${theirs.memberAccountId}`),
  'GET /v1/accounts/{id}/entries': (client) => client.get(`/v1/accounts/${theirs.memberAccountId}/entries`),
  'GET /v1/accounts/{id}/balances': (client) =>
    client.get(`/v1/accounts/${theirs.memberAccountId}/balances?date=2026-03-01`),
  'POST /v1/card-bindings': (client) =>
    client.post('/v1/card-bindings', {
      accountId: theirs.memberAccountId,
      cardNumber: goodCard,
      holderName: '张三',
      idNumber: '110101199003070011',
      mobile: '13800000000',
    }),
  'GET /v1/card-bindings/{id}': (client) => client.get(`/v1/card-bindings/${theirs.bindingId}`),
  'DELETE /v1/card-bindings/{id}': (client) => client.delete(`/v1/card-bindings/${theirs.bindingId}`),
  'POST /v1/card-bindings/{id}/confirm': (client) =>
    client.post(`/v1/card-bindings/${theirs.bindingId}/confirm`, { code: '123456' }),
  'POST /v1/card-bindings/{id}/default': (client) => client.post(`/v1/card-bindings/${theirs.bindingId}/default`, {}),
  'POST /v1/card-bindings/{id}/agreements': (client) =>
    client.post(`/v1/card-bindings/${theirs.bindingId}/agreements`, {}),
  'GET /v1/member-accounts/{id}': (client) => client.get(`/v1/member-accounts/${theirs.memberAccountId}`),
  'DELETE /v1/member-accounts/{id}': (client) => client.delete(`/v1/member-accounts/${theirs.memberAccountId}`),
  'POST /v1/verifications': (client) =>
    client.post('/v1/verifications', { ...verificationOf('张三'), accountId: theirs.memberAccountId }),
  'GET /v1/verifications/{id}': (client) => client.get(`/v1/verifications/${theirs.verificationId}`),
  'POST /v1/verifications/{id}/confirm': (client) =>
    client.post(`/v1/verifications/${theirs.verificationId}/confirm`, { amount: { amount: 1, currency: 'CNY' } }),
  'POST /v1/top-ups': (client) =>
    client.post('/v1/top-ups', topUpOf(theirs.memberAccountId, theirs.bindingId, 'foreign')),
  'POST /v1/withdrawals': (client) =>
    client.post('/v1/withdrawals', withdrawalOf(theirs.memberAccountId, theirs.bindingId)),
  'GET /v1/withdrawal-batches/{id}': (client) => client.get(`/v1/withdrawal-batches/${theirs.batchId}`),
  'POST /v1/refunds': (client) =>
    client.post('/v1/refunds', { transactionId: theirs.topUpId, reference: 'foreign-refund' }),
  'POST /v1/top-ups/{id}/confirm': (client) => client.post(`/v1/top-ups/${theirs.topUpId}/confirm`, { code: '123456' }),
  'GET /v1/transactions/totals': (client) =>
    client.get(`/v1/transactions/totals?institutionId=${theirs.institution.id}`),
  'GET /v1/transactions/{id}': (client) => client.get(`/v1/transactions/${theirs.topUpId}`),
  'POST /v1/freezes': (client) => client.post('/v1/freezes', freezeOf(theirs.memberAccountId)),
  'GET /v1/freezes/{id}': (client) => client.get(`/v1/freezes/${theirs.freezeId}`),
  'POST /v1/freezes/{id}/release': (client) => client.post(`/v1/freezes/${theirs.freezeId}/release`, {}),
  'POST /v1/freezes/{id}/capture': (client) =>
    client.post(`/v1/freezes/${theirs.freezeId}/capture`, { toAccountId: ours.memberAccountId }),
  'POST /v1/transfers': (client) =>
    client.post('/v1/transfers', { ...transferOf(theirs.memberAccountId, ours.memberAccountId), reference: 'foreign' }),
  'POST /v1/transfer-batches': (client) =>
    client.post('/v1/transfer-batches', {
      mode: 'all_or_nothing',
      transfers: [{ ...transferOf(ours.memberAccountId, theirs.memberAccountId), reference: 'foreign' }],
    }),
  'GET /v1/transfers/{id}': (client) => client.get(`/v1/transfers/${theirs.transferId}`),
  'POST /v1/transfers/{id}/reversals': (client) =>
    client.post(`/v1/transfers/${theirs.transferId}/reversals`, { reason: 'foreign' }),
  'POST /v1/accounts/{id}/changes': (client) =>
    client.post(`/v1/accounts/${theirs.memberAccountId}/changes`, { status: 'blocked', reason: 'foreign' }),
  'GET /v1/accounts/{id}/changes': (client) => client.get(`/v1/accounts/${theirs.memberAccountId}/changes`),
  'GET /v1/webhook-endpoints/{id}': (client) => client.get(`/v1/webhook-endpoints/${theirs.endpointId}`),
  'DELETE /v1/webhook-endpoints/{id}': (client) => client.delete(`/v1/webhook-endpoints/${theirs.endpointId}`),
  'POST /v1/webhook-endpoints/{id}/rotate-secret': (client) =>
    client.post(`/v1/webhook-endpoints/${theirs.endpointId}/rotate-secret`),
  'POST /v1/webhook-endpoints/{id}/enable': (client) =>
    client.post(`/v1/webhook-endpoints/${theirs.endpointId}/enable`),
  'POST /v1/webhook-endpoints/{id}/test': (client) => client.post(`/v1/webhook-endpoints/${theirs.endpointId}/test`),
  'POST /v1/webhook-endpoints/{id}/replay': (client) =>
    client.post(`/v1/webhook-endpoints/${theirs.endpointId}/replay`, { since: '2026-03-01T00:00:00Z' }),
  'GET /v1/events/{id}': (client) => client.get(`/v1/events/${theirs.eventId}`),
  'GET /v1/webhook-deliveries': (client) => client.get(`/v1/webhook-deliveries?endpointId=${theirs.endpointId}`),
  'GET /v1/webhook-deliveries/{id}': (client) => client.get(`/v1/webhook-deliveries/${theirs.deliveryId}`),
  'POST /v1/webhook-deliveries/{id}/replay': (client) =>
    client.post(`/v1/webhook-deliveries/${theirs.deliveryId}/replay`),
  'GET /v1/reconciliations/{id}': (client) => client.get('/v1/reconciliations/recon_00000000000000000000000000'),
  'GET /v1/reconciliations/{id}/differences': (client) =>
    client.get('/v1/reconciliations/recon_00000000000000000000000000/differences'),
  'GET /v1/reconciliations/{id}/report': (client) =>
    client.get('/v1/reconciliations/recon_00000000000000000000000000/report'),
  'GET /v1/reconciliations/{id}/report/{report}': (client) =>
    client.get('/v1/reconciliations/recon_00000000000000000000000000/report/funds-detail'),
  'GET /v1/reconciliation-reports/{report}': (client) =>
    client.get(
      `/v1/reconciliation-reports/fee-summary?from=2026-03-01&to=2026-03-01&institutionId=${theirs.institution.id}`,
    ),
  'GET /v1/reconciliations/{id}/progress': (client) =>
    client.get('/v1/reconciliations/recon_00000000000000000000000000/progress'),
  'GET /v1/reconciliations/{id}/proof': (client) =>
    client.get('/v1/reconciliations/recon_00000000000000000000000000/proof'),
  'GET /v1/carried-items': (client) => client.get(`/v1/carried-items?${merchantQuery(theirs)}`),
  'GET /v1/settlement-accounts/{id}/suspense': (client) =>
    client.get(`/v1/settlement-accounts/${theirs.settlementAccountId}/suspense?from=2026-03-01&to=2026-03-01`),
  'GET /v1/differences/{id}': (client) => client.get(`/v1/differences/${unknownDifference}`),
  'POST /v1/differences/{id}/comments': (client) =>
    client.post(`/v1/differences/${unknownDifference}/comments`, { text: 'ours?' }),
  'POST /v1/differences/{id}/attachments': (client) =>
    client.post(`/v1/differences/${unknownDifference}/attachments`, {
      fileName: 'paper.pdf',
      contentType: 'application/pdf',
      size: 1,
      sha256: '0'.repeat(64),
    }),
  'GET /v1/differences/{id}/attachments/{attachmentId}': (client) =>
    client.get(`/v1/differences/${unknownDifference}/attachments/${'0'.repeat(26)}`),
  'GET /v1/arrivals': (client) =>
    client.get(`/v1/arrivals?from=2026-03-01&to=2026-03-01&institutionId=${theirs.institution.id}`),
  'GET /v1/reports/trial-balance': (client) =>
    client.get(`/v1/reports/trial-balance?institutionId=${theirs.institution.id}`),
  'GET /v1/reports/general-ledger': (client) =>
    client.get(`/v1/reports/general-ledger?date=2026-03-01&institutionId=${theirs.institution.id}`),
  'GET /v1/reports/journal': (client) =>
    client.get(`/v1/reports/journal?date=2026-03-01&institutionId=${theirs.institution.id}`),
};

/** Lists answer only what is the caller's own, whatever they are asked for. */
const lists: Record<string, (client: ApiClient) => Promise<Reply>> = {
  'GET /v1/settlement-accounts': (client) =>
    client.get(`/v1/settlement-accounts?institutionId=${theirs.institution.id}`),
  'GET /v1/member-accounts': (client) => client.get('/v1/member-accounts'),
  'GET /v1/card-bindings': (client) => client.get(`/v1/card-bindings?accountId=${theirs.memberAccountId}`),
  'GET /v1/verifications': (client) => client.get('/v1/verifications'),
  'GET /v1/freezes': (client) => client.get(`/v1/freezes?accountId=${theirs.memberAccountId}`),
  'GET /v1/transfers': (client) => client.get('/v1/transfers'),
  'GET /v1/transactions': (client) => client.get(`/v1/transactions?accountId=${theirs.memberAccountId}`),
  'GET /v1/reconciliations': (client) => client.get('/v1/reconciliations'),
  'GET /v1/differences': (client) => client.get(`/v1/differences?settlementAccountId=${theirs.settlementAccountId}`),
  'GET /v1/business-dates': (client) => client.get('/v1/business-dates'),
  'GET /v1/webhook-endpoints': (client) => client.get('/v1/webhook-endpoints'),
  'GET /v1/events': (client) => client.get(`/v1/events?objectId=${theirs.topUpId}`),
};

/** Each line is answered for itself. */
const byLine: Record<string, (client: ApiClient) => Promise<Reply>> = {
  'POST /v1/withdrawal-batches': (client) =>
    client.post('/v1/withdrawal-batches', batchOf(theirs.memberAccountId, theirs.bindingId, 'foreign')),
};

/** Takes no id of anybody's thing: the reference and the user's name are the caller's own words. */
const ownWordsOnly = [
  'POST /v1/webhook-endpoints',
  'POST /v1/member-accounts',
  'GET /v1/transactions/by-reference/{reference}',
  'GET /v1/transfers/by-reference/{reference}',
];

const nameOf = ({ method, path }: { method: string; path: string }) => `${method} ${path}`;

test('every route that institutions may call is tried here', () => {
  const open = allRoutes.filter((route) => route.callers.includes('institution')).map(nameOf);
  expect(open.sort()).toEqual(
    [...Object.keys(attempts), ...Object.keys(lists), ...Object.keys(byLine), ...ownWordsOnly].sort(),
  );
});

describe("another institution's things", () => {
  test.each(Object.keys(attempts))('are not there for %s', async (route) => {
    const reply = await attempts[route]?.(ours.institution.client);
    expect([reply?.status, reply?.body]).toMatchObject([404, { code: 'not_found' }]);
  });

  test.each(Object.keys(byLine))('are refused in every line of %s', async (route) => {
    const reply = await byLine[route]?.(ours.institution.client);
    expect(reply?.body).toMatchObject({
      lines: { items: [{ status: 'refused', refusal: { code: 'not_found' }, transactionId: null }] },
    });
  });

  test.each(Object.keys(lists))('are in no list of %s', async (route) => {
    const reply = await lists[route]?.(ours.institution.client);
    expect([200, 400, 403, 404]).toContain(reply?.status);
    for (const id of [
      theirs.institution.id,
      theirs.memberAccountId,
      theirs.bindingId,
      theirs.topUpId,
      theirs.verificationId,
    ]) {
      // what the caller itself wrote may be echoed in a refusal, so only lists are searched
      if (reply?.status === 200) expect(reply.text).not.toContain(id);
    }
  });

  test('are still as they were', async () => {
    const client = theirs.institution.client;
    expect((await client.get(`/v1/card-bindings/${theirs.bindingId}`)).body).toMatchObject({ status: 'active' });
    expect((await client.get(`/v1/transactions/${theirs.topUpId}`)).status).toBe(200);
  });

  test('may carry the same words: a reference and a user name are each institution’s own', async () => {
    const [first, second] = await Promise.all(
      [ours, theirs].map(({ institution }) => institution.client.get('/v1/transactions/by-reference/first')),
    );
    expect([textAt(first?.body ?? null, 'id'), textAt(second?.body ?? null, 'id')]).toEqual([
      ours.topUpId,
      theirs.topUpId,
    ]);
  });
});

describe('the door', () => {
  const filled = (path: string) => path.replaceAll(/\{\w+\}/g, 'x');
  const call = (client: ApiClient, { method, path }: { method: Route['method']; path: string }) =>
    ({
      GET: () => client.get(filled(path)),
      POST: () => client.post(filled(path), {}),
      PUT: () => client.put(filled(path), {}),
      DELETE: () => client.delete(filled(path)),
    })[method]();

  test.each(allRoutes.map((route) => [nameOf(route), route] as const))(
    '%s is closed without a token',
    async (_, route) => {
      const reply = await call(anonymous(), route);
      expect([reply.status, reply.headers.get('content-type')]).toEqual([401, 'application/problem+json']);
      expect(reply.body).toMatchObject({ code: 'unauthenticated' });
    },
  );

  test.each(
    allRoutes.filter(({ callers }) => !callers.includes('institution')).map((route) => [nameOf(route), route] as const),
  )('%s is for operators only', async (_, route) => {
    expect((await call(ours.institution.client, route)).status).toBe(403);
  });

  test.each(
    allRoutes.filter(({ callers }) => !callers.includes('operator')).map((route) => [nameOf(route), route] as const),
  )('%s is for institutions only', async (_, route) => {
    expect((await call(operator(), route)).status).toBe(403);
  });
});
