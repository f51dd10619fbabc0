import { beforeAll, describe, expect, test } from '@jest/globals';
import { approvedInstitution, expectStatus, type Institution, operator, valueAt } from '../support/deployment.ts';
import { balancesOf, fundedMember, newInstitution, newMember, newReference, yuan } from './money-world.ts';

describe('changes of accounts over the deployed API', () => {
  let harbour: Institution;
  let stranger: Institution;
  let memberId: string;
  let otherId: string;

  beforeAll(async () => {
    [harbour, stranger] = await Promise.all([
      newInstitution('Harbour Group'),
      approvedInstitution('Stranger Group', []),
    ]);
    memberId = await fundedMember(harbour, 10_000);
    otherId = await newMember(harbour);
  });

  const changes = () => `/v1/accounts/${memberId}/changes`;
  const pay = (amount: number) =>
    harbour.client.post('/v1/transfers', {
      fromAccountId: memberId,
      toAccountId: otherId,
      amount: yuan(amount),
      reference: newReference(),
    });
  const codeOf = ({ status, body }: { status: number; body: Parameters<typeof valueAt>[0] }) => [
    status,
    valueAt(body, 'code'),
  ];

  test('an overdraft, a block, slots: each works at once and is recorded', async () => {
    const overdrawn = await operator().post(changes(), { overdraft: yuan(5_000), reason: 'good customer' });
    expect(expectStatus(overdrawn, 200)).toMatchObject({ overdraft: yuan(5_000), status: 'active', slots: 1 });
    expectStatus(await pay(12_000), 201);
    expect(await balancesOf(harbour, memberId)).toEqual([-2_000, 0]);
    expectStatus(await operator().post(changes(), { slots: 3, reason: 'busy' }), 200);
    expectStatus(await operator().post(changes(), { status: 'debit_blocked', reason: 'court order' }), 200);
    expect(codeOf(await pay(1))).toEqual([409, 'account_blocked']);
    expect(codeOf(await harbour.client.post(changes(), { status: 'active', reason: 'no' }))).toEqual([
      403,
      'blocked_by_operator',
    ]);
    expectStatus(await operator().post(changes(), { status: 'active', reason: 'lifted' }), 200);
    expectStatus(await pay(3_000), 201);
    expect(codeOf(await pay(1))).toEqual([422, 'insufficient_funds']);
    expect(codeOf(await operator().post(changes(), { overdraft: yuan(4_999), reason: 'less' }))).toEqual([
      409,
      'below_floor',
    ]);

    const record = expectStatus(await harbour.client.get(`${changes()}?limit=3`), 200);
    expect(record).toMatchObject({
      items: [
        { by: { kind: 'operator' }, reason: 'lifted', from: { status: 'debit_blocked' }, to: { status: 'active' } },
        { reason: 'court order', from: { status: 'active' }, to: { status: 'debit_blocked' } },
        { reason: 'busy', from: { slots: 1 }, to: { slots: 3, overdraft: yuan(5_000) } },
      ],
    });
    const rest = await operator().get(`${changes()}?cursor=${valueAt(record, 'nextCursor')}`);
    expect(expectStatus(rest, 200)).toMatchObject({
      items: [
        { reason: 'good customer', from: { overdraft: yuan(0) } },
        { by: null, from: null },
      ],
      nextCursor: null,
    });
  });

  test('an institution changes the states of its members and nothing else', async () => {
    const own = `/v1/accounts/${otherId}/changes`;
    expectStatus(await harbour.client.post(own, { status: 'blocked', reason: 'lost phone' }), 200);
    expect(codeOf(await pay(1))).toEqual([409, 'account_blocked']);
    expectStatus(await harbour.client.post(own, { status: 'active', reason: 'found' }), 200);
    for (const wanted of [{ overdraft: yuan(1) }, { slots: 2 }]) {
      expect(codeOf(await harbour.client.post(own, { ...wanted, reason: 'please' }))).toEqual([403, 'operators_only']);
    }
    expect(codeOf(await harbour.client.post(own, { status: 'closed', reason: 'bye' }))).toEqual([
      409,
      'account_not_empty',
    ]);
    const both = { status: 'blocked', slots: 2, reason: 'both' };
    expect(codeOf(await operator().post(own, both))).toEqual([400, 'invalid_request']);
  });

  test('a foreign institution finds neither the account nor its record', async () => {
    expect(codeOf(await stranger.client.post(changes(), { status: 'blocked', reason: 'mine' }))).toEqual([
      404,
      'not_found',
    ]);
    expect(codeOf(await stranger.client.get(changes()))).toEqual([404, 'not_found']);
  });
});
