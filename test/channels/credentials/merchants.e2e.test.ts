import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { fingerprintOf } from '../../../functions/channels/credentials/credentials.ts';
import {
  anonymous,
  approvedInstitution,
  expectStatus,
  type Institution,
  listAt,
  operator,
} from '../../support/deployment.ts';

let institution: Institution;
let path: string;

beforeAll(async () => {
  institution = await approvedInstitution();
  const [merchant] = institution.merchants;
  path = `/v1/admin/merchants/${merchant?.channel}/${merchant?.merchantNo}`;
});

describe('merchant numbers', () => {
  test('are listed by institution in routing order, and by channel', async () => {
    const [first, second] = institution.merchants;
    const ofInstitution = await operator().get(`/v1/admin/merchants?institutionId=${institution.id}`);
    expect(listAt(expectStatus(ofInstitution, 200), 'items')).toMatchObject([
      { merchantNo: first?.merchantNo, status: 'active' },
      { merchantNo: second?.merchantNo },
    ]);
    const both = await operator().get(`/v1/admin/merchants?institutionId=${institution.id}&channel=${second?.channel}`);
    expect(listAt(expectStatus(both, 200), 'items')).toMatchObject([{ merchantNo: second?.merchantNo }]);
    const ofChannel = await operator().get(`/v1/admin/merchants?channel=${first?.channel}&limit=1`);
    expect(listAt(expectStatus(ofChannel, 200), 'items')).toHaveLength(1);
  });

  test('are suspended and reactivated, with a record of it', async () => {
    const suspended = await operator().put(path, { priority: 5, status: 'suspended', reason: 'fraud' });
    expect(expectStatus(suspended, 200)).toMatchObject({ status: 'suspended', priority: 5, version: 1 });
    expect((await operator().put(path, { priority: 5, status: 'active', version: 0 })).body).toMatchObject({
      code: 'changed_meanwhile',
    });
    expectStatus(await operator().put(path, { priority: 5, status: 'active', version: 1 }), 200);
    expect(expectStatus(await operator().get(path), 200)).toMatchObject({ status: 'active', version: 2 });
    expect(listAt((await operator().get(`${path}/changes`)).body, 'items')).toMatchObject([
      { version: 2, before: { status: 'suspended' }, after: { status: 'active' } },
      { version: 1, before: { status: 'active' }, after: { status: 'suspended' }, reason: 'fraud' },
    ]);
  });

  test('take credentials that nobody can read back', async () => {
    const credentials = { apiKey: `sk_test_${ulid()}`, privateKey: '-----BEGIN KEY-----\nMIIB\n-----END KEY-----' };
    const key = ulid();
    const body = { credentials, reason: 'rotation' };
    const put = await operator().put(`${path}/credentials`, body, { key });
    const fingerprint = fingerprintOf(credentials);
    expect(expectStatus(put, 200)).toMatchObject({ credentials: { fingerprint, setAt: expect.any(String) } });

    const replay = await operator().put(`${path}/credentials`, body, { key });
    expect([replay.body, replay.headers.get('idempotency-replayed')]).toEqual([put.body, 'true']);
    const rotated = { apiKey: `sk_test_${ulid()}` };
    expect((await operator().put(`${path}/credentials`, { credentials: rotated }, { key })).body).toMatchObject({
      code: 'idempotency_mismatch',
    });
    expectStatus(await operator().put(`${path}/credentials`, { credentials: rotated }), 200);

    const seen = await Promise.all(
      [path, `${path}/changes`, '/v1/admin/changes'].map(async (each) => (await operator().get(each)).text),
    );
    expect(seen[0]).toContain(fingerprintOf(rotated));
    expect(seen[1]).toContain(fingerprint);
    expect([put.text, ...seen].join()).not.toMatch(/sk_test_|BEGIN KEY/);
  });

  test.each<[string, unknown, string]>([
    ['none', {}, 'body.credentials'],
    ['an empty set', { credentials: {} }, 'body.credentials'],
    ['a number', { credentials: { apiKey: 1 } }, 'body.credentials.apiKey'],
    ['an empty text', { credentials: { apiKey: '' } }, 'body.credentials.apiKey'],
  ])('take no credentials that are %s', async (_, body, field) => {
    const reply = await operator().put(`${path}/credentials`, body);
    expect(reply.status).toBe(400);
    expect(listAt(reply.body, 'errors')).toContainEqual(expect.objectContaining({ field }));
  });

  test('are closed to institutions and strangers, their own included', async () => {
    for (const client of [institution.client, anonymous()]) {
      const status = client === institution.client ? 403 : 401;
      expect((await client.get(path)).status).toBe(status);
      expect((await client.get(`/v1/admin/merchants?institutionId=${institution.id}`)).status).toBe(status);
      expect((await client.put(path, { priority: 1, status: 'active' })).status).toBe(status);
      expect((await client.put(`${path}/credentials`, { credentials: { apiKey: 'x' } })).status).toBe(status);
    }
  });

  test('that nobody has registered are not there', async () => {
    const nobody = '/v1/admin/merchants/sandbox-bank/nobody';
    for (const reply of [
      await operator().get(nobody),
      await operator().put(nobody, { priority: 1, status: 'active' }),
      await operator().put(`${nobody}/credentials`, { credentials: { apiKey: 'x' } }),
    ]) {
      expect([reply.status, reply.body]).toMatchObject([404, { code: 'not_found' }]);
    }
  });
});
