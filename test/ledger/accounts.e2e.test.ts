import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  anonymous,
  approvedInstitution,
  expectStatus,
  type Institution,
  operator,
  textAt,
} from '../support/deployment.ts';

describe('accounts over the deployed API', () => {
  let harbour: Institution;
  let stranger: Institution;
  let memberId: string;
  let settlementId: string;

  beforeAll(async () => {
    harbour = await approvedInstitution('Harbour Group');
    stranger = await approvedInstitution('Stranger Group', []);
    const opened = await harbour.client.post('/v1/member-accounts', { externalUserId: 'user-1' });
    memberId = textAt(expectStatus(opened, 201), 'id');
    settlementId = harbour.merchants[0]?.settlementAccountId ?? 'none';
  });

  const nothing = { amount: 0, currency: 'CNY' };

  test('a new member account is open and empty', async () => {
    expect(expectStatus(await harbour.client.get(`/v1/accounts/${memberId}`), 200)).toMatchObject({
      id: memberId,
      kind: 'member',
      status: 'active',
      balances: { available: nothing, frozen: nothing },
    });
  });

  test('a settlement account shows two figures', async () => {
    expect(expectStatus(await harbour.client.get(`/v1/accounts/${settlementId}`), 200)).toMatchObject({
      kind: 'settlement',
      balances: { pending: nothing, reconciled: nothing },
    });
  });

  test('entries come as JSON and, when asked for, as a CSV file', async () => {
    const path = `/v1/accounts/${memberId}/entries`;
    expect(expectStatus(await harbour.client.get(path), 200)).toEqual({ items: [], nextCursor: null });
    const file = await harbour.client.get(path, { headers: { accept: 'text/csv' } });
    expect(file.headers.get('content-type')).toContain('text/csv');
    expect(file.text).toMatch(/^accountingDate,postedAt,/);
  });

  test('only their institution and operators see them', async () => {
    for (const id of [memberId, settlementId]) {
      for (const path of [`/v1/accounts/${id}`, `/v1/accounts/${id}/entries`]) {
        expect((await stranger.client.get(path)).status).toBe(404);
        expect((await operator().get(path)).status).toBe(200);
        expect((await anonymous().get(path)).status).toBe(401);
      }
    }
  });

  test('wrong dates and cursors are named', async () => {
    const path = `/v1/accounts/${memberId}/entries?from=2026-02-30&cursor=!`;
    const reply = await harbour.client.get(path);
    expect(reply.status).toBe(400);
    expect(reply.body).toMatchObject({ errors: [{ field: 'query.cursor' }, { field: 'query.from' }] });
  });
});
