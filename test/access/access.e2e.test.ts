import { randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { askForToken } from '../../local/outsider/tokens.ts';
import {
  type ApiClient,
  anonymous,
  apiClient,
  approve,
  approvedInstitution,
  approver,
  center,
  deployed,
  expectStatus,
  listAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';
import { newSigningKey, sign } from './token-issuer.ts';

const withToken = (token: string): ApiClient => apiClient(deployed('ApiUrl'), async () => token);
const path = '/v1/settlement-accounts';

async function proposed(): Promise<{ readonly id: string; readonly approvalId: string }> {
  const body = expectStatus(await operator().post('/v1/institutions', { name: 'Quay Ltd' }), 202);
  return { id: textAt(body, 'id'), approvalId: textAt(body, 'approvalId') };
}

describe('a caller of the API', () => {
  test('without a token is answered 401 as a problem', async () => {
    const reply = await anonymous().get(path);
    expect(reply.status).toBe(401);
    expect(reply.headers.get('content-type')).toBe('application/problem+json');
    expect(reply.headers.get('www-authenticate')).toContain('Bearer');
    expect(reply.body).toMatchObject({ code: 'unauthenticated', status: 401 });
  });

  test.each(['nonsense', 'a.b.c', sign({ client_id: 'x', exp: 4e9 }, newSigningKey())])(
    'with the token %.20s… is answered 401 with a reason that does not quote it',
    async (token) => {
      const reply = await withToken(token).get(path);
      expect(reply.status).toBe(401);
      expect(reply.text).not.toContain(token);
    },
  );

  test('who signs a token with a key of its own, in the name of an operator, is nobody', async () => {
    const { access_token: real } = await askForToken(deployed('TokenUrl'), await operatorCredentials());
    const [, claims = ''] = real.split('.');
    const forged = sign(JSON.parse(Buffer.from(claims, 'base64url').toString()), newSigningKey());
    expect((await withToken(real).get('/v1/institutions')).status).toBe(200);
    expect((await withToken(forged).get('/v1/institutions')).status).toBe(401);
  });

  test('who is an institution gets no further than its own routes', async () => {
    const { client, id } = await approvedInstitution('Quay Ltd', []);
    for (const [method, route] of [
      ['get', '/v1/institutions'],
      ['get', '/v1/approvals'],
      ['get', `/v1/institutions/${id}/clients`],
      ['post', '/v1/institutions'],
      ['post', `/v1/institutions/${id}/clients`],
      ['post', '/v1/settlement-accounts'],
    ] as const) {
      const reply = method === 'get' ? await client.get(route) : await client.post(route, {});
      expect([route, reply.status, valueAt(reply.body, 'code')]).toEqual([route, 403, 'forbidden']);
    }
  });
});

const operatorCredentials = async () => ({
  clientId: deployed('OperatorClientId'),
  clientSecret: await center().readSecret(deployed('OperatorClientSecretArn')),
});

describe('four eyes', () => {
  test('let what one operator proposed happen when another approves it', async () => {
    const { id, approvalId } = await proposed();
    const shown = expectStatus(await approver().get(`/v1/approvals/${approvalId}`), 200);
    expect(shown).toMatchObject({
      kind: 'open_institution',
      subjectId: id,
      status: 'proposed',
      payload: { name: 'Quay Ltd' },
    });
    const open = expectStatus(await approver().get('/v1/approvals?status=proposed&limit=200'), 200);
    expect(listAt(open, 'items').map((item) => valueAt(item, 'id'))).toContain(approvalId);

    const own = await operator().post(`/v1/approvals/${approvalId}/approve`);
    expect([own.status, valueAt(own.body, 'code')]).toEqual([403, 'four_eyes_required']);
    await approve(center(), approvalId);
    expect(expectStatus(await operator().get(`/v1/institutions/${id}`), 200)).toMatchObject({ status: 'active' });
  });

  test('give a repeated approval its answer again, and refuse a second one', async () => {
    const { approvalId } = await proposed();
    const key = randomUUID();
    const first = await approver().post(`/v1/approvals/${approvalId}/approve`, undefined, { key });
    const again = await approver().post(`/v1/approvals/${approvalId}/approve`, undefined, { key });
    expect([first.status, again.status, again.text]).toEqual([200, 200, first.text]);
    expect(again.headers.get('idempotency-replayed')).toBe('true');
    const second = await approver().post(`/v1/approvals/${approvalId}/approve`);
    expect([second.status, valueAt(second.body, 'code')]).toEqual([409, 'already_decided']);
  });

  test('reject with a reason, and what is rejected gets no credentials', async () => {
    const { id, approvalId } = await proposed();
    const nameless = await approver().post(`/v1/approvals/${approvalId}/reject`, {});
    expect([nameless.status, valueAt(nameless.body, 'errors.0.field')]).toEqual([400, 'body.reason']);
    expectStatus(await approver().post(`/v1/approvals/${approvalId}/reject`, { reason: 'not one of ours' }), 200);
    expect((await operator().get(`/v1/institutions/${id}`)).body).toMatchObject({ status: 'rejected' });
    const refused = await operator().post(`/v1/institutions/${id}/clients`, {});
    expect([refused.status, valueAt(refused.body, 'code')]).toEqual([409, 'institution_not_active']);
  });

  test.each(['appr_00000000000000000000000000', 'appr_1', 'x'])('know no approval %s', async (id) => {
    expect((await operator().get(`/v1/approvals/${id}`)).status).toBe(404);
    expect((await operator().post(`/v1/approvals/${id}/approve`)).status).toBe(404);
  });

  test.each(['status=open', 'limit=0', 'limit=201', 'cursor=A', 'cursor=_w', 'cursor=!'])(
    'answer 400 to a list by %s',
    async (query) => {
      const reply = await operator().get(`/v1/approvals?${query}`);
      expect([reply.status, valueAt(reply.body, 'code')]).toEqual([400, 'invalid_request']);
    },
  );
});

describe('credentials of an institution', () => {
  test('work at once, and their secret is shown once', async () => {
    const { id } = await approvedInstitution('Quay Ltd', []);
    const key = randomUUID();
    const made = expectStatus(await operator().post(`/v1/institutions/${id}/clients`, { name: 'till' }, { key }), 201);
    expect(made).toMatchObject({ name: 'till', tokenUrl: deployed('TokenUrl'), institutionId: id });
    const credentials = { clientId: textAt(made, 'clientId'), clientSecret: textAt(made, 'clientSecret') };
    expect((await center().clientWith(credentials).get(path)).status).toBe(200);

    const again = expectStatus(await operator().post(`/v1/institutions/${id}/clients`, { name: 'till' }, { key }), 201);
    expect(again).toMatchObject({ clientId: credentials.clientId });
    expect(valueAt(again, 'clientSecret')).toBeUndefined();
    const list = await operator().get(`/v1/institutions/${id}/clients`);
    expect(list.text).toContain(credentials.clientId);
    expect(list.text).not.toContain(credentials.clientSecret);
  });

  test('stop at once when they are withdrawn, a token that is still good included', async () => {
    const { id, credentials } = await approvedInstitution('Quay Ltd', []);
    const { access_token: token } = await askForToken(deployed('TokenUrl'), credentials);
    const client = withToken(token);
    expect((await client.get(path)).status).toBe(200);

    const withdrawn = await operator().delete(`/v1/institutions/${id}/clients/${credentials.clientId}`);
    expect([withdrawn.status, withdrawn.text]).toEqual([204, '']);
    const reply = await client.get(path);
    expect([reply.status, valueAt(reply.body, 'detail')]).toEqual([401, 'These credentials have been withdrawn.']);
    await expect(askForToken(deployed('TokenUrl'), credentials)).rejects.toThrow();
    expect((await operator().delete(`/v1/institutions/${id}/clients/${credentials.clientId}`)).status).toBe(204);
  });

  test('are withdrawn only under the institution that they belong to', async () => {
    const [own, other] = await Promise.all([approvedInstitution('Quay Ltd', []), approvedInstitution('Pier Ltd', [])]);
    const foreign = await operator().delete(`/v1/institutions/${other.id}/clients/${own.credentials.clientId}`);
    expect(foreign.status).toBe(404);
    expect((await own.client.get(path)).status).toBe(200);
  });

  test('of an institution that there is not are not found', async () => {
    const nobody = '/v1/institutions/inst_00000000000000000000000000/clients';
    expect((await operator().post(nobody, {})).status).toBe(404);
    expect((await operator().get(nobody)).status).toBe(404);
    expect((await operator().delete(`${nobody}/abc`)).status).toBe(404);
  });
});
