import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { kindNames } from '../../../functions/channels/configuration/kinds/kind-names.ts';
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
import { goodValues } from './surroundings.ts';

let institution: Institution;

beforeAll(async () => {
  institution = await approvedInstitution();
});

const newId = () => `x${ulid().toLowerCase()}`;

/** A place of a kind that no other test uses. */
const freeIds = {
  banks: () => `B${ulid().slice(-12)}`,
  'card-bins': () => `9${String(Math.floor(Math.random() * 1e9)).padStart(9, '0')}`,
} as const;
const idOf = (kind: (typeof kindNames)[number]): string =>
  kind === 'banks' || kind === 'card-bins' ? freeIds[kind]() : newId();

const merchantNoAt = (at: string) => institution.merchants.find(({ channel }) => channel === at)?.merchantNo;

/** Rules of one kind may not be for the same orders twice, so each belongs to the institution of this test. */
const goodValue = (kind: (typeof kindNames)[number]) => ({
  ...goodValues[kind].value,
  ...((kind === 'routes' || kind === 'fees') && { institution: institution.id }),
  // and a policy to its merchant number
  ...(kind === 'reconciliation-policies' && { merchantNo: merchantNoAt('sandbox-bank') }),
  ...(kind === 'arrival-rules' && {
    merchantNo: merchantNoAt('sandbox-wallet'),
    bank: { channel: 'sandbox-bank', merchantNo: merchantNoAt('sandbox-bank') },
  }),
});

describe.each(kindNames)('%s', (kind) => {
  test('are put, shown, listed, changed and deleted by an operator, with a record of it all', async () => {
    const path = `/v1/admin/${kind}/${idOf(kind)}`;
    const value = goodValue(kind);
    const made = expectStatus(await operator().put(path, { kind, value, version: 0, reason: 'first' }), 200);
    expect(made).toMatchObject({ kind, version: 1, value });
    expect(expectStatus(await operator().get(path), 200)).toEqual(made);
    expect(await idsOf(kind)).toContain(textAt(made, 'id'));

    expectStatus(await operator().put(path, { kind, value }), 200);
    expect((await operator().put(path, { kind, value, version: 7 })).body).toMatchObject({ code: 'changed_meanwhile' });
    expect((await operator().delete(`${path}?version=1&reason=over`)).status).toBe(204);
    expect((await operator().get(path)).status).toBe(404);

    const changes = listAt(expectStatus(await operator().get(`${path}/changes`), 200), 'items');
    expect(changes).toMatchObject([
      { kind, version: 2, before: value, reason: 'over', changedBy: textAt(made, 'changedBy') },
      { kind, version: 1, after: value, reason: 'first' },
    ]);
    expect(changes[0]).not.toHaveProperty('after');
  });

  test('are closed to institutions and to strangers', async () => {
    for (const call of [
      (client: typeof institution.client) => client.get(`/v1/admin/${kind}`),
      (client: typeof institution.client) => client.get(`/v1/admin/${kind}/x`),
      (client: typeof institution.client) => client.put(`/v1/admin/${kind}/x`, { kind, value: goodValue(kind) }),
      (client: typeof institution.client) => client.delete(`/v1/admin/${kind}/x`),
      (client: typeof institution.client) => client.get(`/v1/admin/${kind}/x/changes`),
    ]) {
      expect((await call(institution.client)).status).toBe(403);
      expect((await call(anonymous())).status).toBe(401);
    }
  });
});

async function idsOf(kind: string): Promise<string[]> {
  const ids: string[] = [];
  let cursor: unknown = null;
  do {
    const after = cursor === null ? '' : `&cursor=${cursor}`;
    const page = expectStatus(await operator().get(`/v1/admin/${kind}?limit=200${after}`), 200);
    for (const item of listAt(page, 'items')) ids.push(textAt(item, 'id'));
    cursor = valueAt(page, 'nextCursor');
  } while (cursor !== null);
  return ids;
}

describe('what operators put', () => {
  const good = { bank: 'HARBOUR', on: true, reason: 'test' };

  test.each<[string, unknown, number, string]>([
    ['nothing', undefined, 400, 'body'],
    ['no JSON', '{', 400, 'body'],
    ['a list', [], 400, 'body'],
    ['no kind', { value: good }, 400, 'body.kind'],
    ['another kind', { kind: 'limits', value: goodValues.limits.value }, 422, 'body.kind'],
    ['a field too many', { kind: 'switches', value: { ...good, colour: 'red' } }, 400, 'body.value'],
    ['a wrong type', { kind: 'switches', value: { ...good, on: 'yes' } }, 400, 'body.value.on'],
    ['a fraction', { kind: 'switches', value: good, version: 1.5 }, 400, 'body.version'],
    ['an unknown bank', { kind: 'switches', value: { ...good, bank: 'NOWHERE' } }, 422, 'body.value.bank'],
    ['an unknown channel', { kind: 'switches', value: { ...good, channel: 'nowhere' } }, 422, 'body.value.channel'],
    [
      'a channel without the product',
      { kind: 'switches', value: { ...good, channel: 'sandbox-wallet', product: 'payout' } },
      422,
      'body.value.channel',
    ],
    ['a control character', { kind: 'switches', value: { ...good, reason: 'bell\u0007' } }, 400, 'body.value.reason'],
    [
      'a window that ends first',
      {
        kind: 'switches',
        value: { ...good, maintenance: [{ from: '2026-03-02T00:00:00Z', to: '2026-03-01T00:00:00Z' }] },
      },
      400,
      'body.value.maintenance.0.to',
    ],
  ])('with %s is turned away, and the field is named', async (_, body, status, field) => {
    const reply = await operator().put(`/v1/admin/switches/${newId()}`, body);
    expect([reply.status, reply.headers.get('content-type')]).toEqual([status, 'application/problem+json']);
    expect(listAt(reply.body, 'errors')).toContainEqual(expect.objectContaining({ field }));
  });

  test('may not have tiers that overlap, amounts that are no integers, or an adapter that can not do it', async () => {
    const tiers = [
      { upTo: 100, flat: 1, basisPoints: 0 },
      { upTo: 50, flat: 1, basisPoints: 0 },
      { flat: 1, basisPoints: 0 },
    ];
    const fee = {
      institution: institution.id,
      product: 'payout',
      payer: 'member',
      schedule: [{ from: '2026-01-01', tiers }],
    };
    const overlapping = await operator().put(`/v1/admin/fees/${newId()}`, { kind: 'fees', value: fee });
    expect(overlapping.body).toMatchObject({ errors: [{ field: 'body.value.schedule.0.tiers.1.upTo' }] });
    const exponent = `{"kind":"limits","value":{"per":"card","currency":"CNY","maximum":1e3}}`;
    expect((await operator().put(`/v1/admin/limits/${newId()}`, exponent)).status).toBe(400);
  });

  test('is put once for one Idempotency-Key, and a key is for one request', async () => {
    const path = `/v1/admin/switches/${newId()}`;
    const key = ulid();
    const body = { kind: 'switches', value: good };
    const [first, second] = await Promise.all([1, 2].map(() => operator().put(path, body, { key })));
    expect(first?.body).toEqual(second?.body);
    expect((await operator().put(path, { ...body, reason: 'other' }, { key })).body).toMatchObject({
      code: 'idempotency_mismatch',
    });
    expect(listAt((await operator().get(`${path}/changes`)).body, 'items')).toHaveLength(1);
    const { headers } = { headers: { 'idempotency-key': '' } };
    expect((await operator().put(path, body, { headers })).status).toBe(400);
    expect((await operator().delete(path)).status).toBe(204);
  });

  test('is found among all changes, newest first and in pages', async () => {
    const id = newId();
    const value = { ...good, reason: `reason of ${id}` };
    expectStatus(await operator().put(`/v1/admin/switches/${id}`, { kind: 'switches', value }), 200);
    const page = expectStatus(await operator().get('/v1/admin/changes?limit=200'), 200);
    expect(listAt(page, 'items')).toContainEqual(expect.objectContaining({ id, after: value }));
    const [first] = listAt(expectStatus(await operator().get('/v1/admin/changes?limit=1'), 200), 'items');
    expect(first).toHaveProperty('changedAt');
    expect((await operator().get('/v1/admin/changes?cursor=eHk')).status).toBe(400);
    expect((await operator().delete(`/v1/admin/switches/${id}`)).status).toBe(204);
  });
});

describe('a path', () => {
  test.each([
    '/v1/admin/loans',
    '/v1/admin/loans/x',
    '/v1/admin/switches/a%20b',
    '/v1/admin/switches/unknown',
    '/v1/admin/merchants/sandbox-bank/unknown',
    '/v1/admin/merchants/Sandbox/1',
  ])('%s names nothing', async (path) => {
    expect((await operator().get(path)).body).toMatchObject({ status: 404, code: 'not_found' });
  });

  test('may have no query that nobody knows', async () => {
    expect((await operator().get('/v1/admin/banks?colour=red')).status).toBe(400);
    expect((await operator().get('/v1/admin/merchants')).body).toMatchObject({ errors: [{ field: 'query.channel' }] });
  });
});

describe('channels', () => {
  test('are shown with what their adapters can do', async () => {
    const page = expectStatus(await operator().get('/v1/admin/channels'), 200);
    const wallet = listAt(page, 'items').find((each) => textAt(each, 'id') === 'sandbox-wallet');
    expect(wallet).toMatchObject({
      version: expect.any(Number),
      operations: expect.arrayContaining(['collect', 'query']),
    });
  });

  test('that are made work for settlement accounts within seconds', async () => {
    const id = newId();
    const registration = { institutionId: institution.id, channel: id, merchantNo: ulid() };
    expect((await operator().post('/v1/settlement-accounts', registration)).body).toMatchObject({
      code: 'unknown_channel',
    });
    const { value } = goodValues.channels;
    expectStatus(await operator().put(`/v1/admin/channels/${id}`, { kind: 'channels', value }), 200);
    const account = await eventually('the new channel is known', async () => {
      const reply = await operator().post('/v1/settlement-accounts', registration);
      return reply.status === 201 ? reply.body : undefined;
    });
    expect(account).toMatchObject({ channel: id });
    expect((await operator().delete(`/v1/admin/channels/${id}`)).body).toMatchObject({ code: 'in_use' });
  });
});
