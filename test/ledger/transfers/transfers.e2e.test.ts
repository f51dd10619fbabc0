import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  approvedInstitution,
  expectStatus,
  type Institution,
  listAt,
  operator,
  textAt,
  valueAt,
} from '../../support/deployment.ts';
import { balancesOf, fundedMember, newInstitution, newMember, newReference, yuan } from '../money-world.ts';

describe('transfers over the deployed API', () => {
  let harbour: Institution;
  let stranger: Institution;
  let from: string;
  let to: string;

  beforeAll(async () => {
    [harbour, stranger] = await Promise.all([
      newInstitution('Harbour Group'),
      approvedInstitution('Stranger Group', []),
    ]);
    from = await fundedMember(harbour, 100_000);
    to = await newMember(harbour);
  });

  const order = (amount: number, facts: object = {}) => ({
    fromAccountId: from,
    toAccountId: to,
    amount: yuan(amount),
    reference: newReference(),
    ...facts,
  });
  const codeOf = ({ status, body }: { status: number; body: Parameters<typeof valueAt>[0] }) => [
    status,
    valueAt(body, 'code'),
  ];

  test('a dry run, the transfer, its repeat and its reversals', async () => {
    const { client } = harbour;
    const body = order(30_000, { description: 'rent' });
    const dry = expectStatus(await client.post('/v1/transfers', { ...body, dryRun: true }), 200);
    expect(await balancesOf(harbour, from)).toEqual([100_000, 0]);
    const made = expectStatus(await client.post('/v1/transfers', body), 201);
    const balancesAfter = [
      { accountId: from, available: yuan(70_000), frozen: yuan(0) },
      { accountId: to, available: yuan(30_000), frozen: yuan(0) },
    ];
    expect([valueAt(dry, 'balancesAfter'), valueAt(made, 'balancesAfter')]).toEqual([balancesAfter, balancesAfter]);
    const id = textAt(made, 'id');
    expect(expectStatus(await client.post('/v1/transfers', body), 201)).toEqual(made);
    expect(codeOf(await client.post('/v1/transfers', { ...body, amount: yuan(1) }))).toEqual([409, 'reference_taken']);
    expectStatus(await client.post('/v1/transfers', { ...body, reference: newReference() }), 201);
    expect(await balancesOf(harbour, to)).toEqual([60_000, 0]);

    const reversals = `/v1/transfers/${id}/reversals`;
    const part = expectStatus(await client.post(reversals, { amount: yuan(10_000), reason: 'too much' }), 201);
    expect(part).toMatchObject({ kind: 'reversal', reverses: id, fromAccountId: to, toAccountId: from });
    expect(codeOf(await client.post(reversals, { amount: yuan(20_001), reason: 'more' }))).toEqual([
      422,
      'exceeds_original',
    ]);
    expectStatus(await client.post(reversals, { reason: 'the rest' }), 201);
    expect(codeOf(await client.post(reversals, { reason: 'again' }))).toEqual([422, 'exceeds_original']);
    expect(codeOf(await client.post(`/v1/transfers/${textAt(part, 'id')}/reversals`, { reason: 'back' }))).toEqual([
      422,
      'not_reversible',
    ]);
    expect(expectStatus(await operator().get(`/v1/transfers/${id}`), 200)).toMatchObject({ reversed: yuan(30_000) });
    expect(await balancesOf(harbour, from)).toEqual([70_000, 0]);
  });

  test('a batch happens as a whole or not at all, or item by item', async () => {
    const { client } = harbour;
    const before = await balancesOf(harbour, from);
    const bad = [order(100), order(100_000_000), order(200)];
    const refused = await client.post('/v1/transfer-batches', { mode: 'all_or_nothing', transfers: bad });
    expect(codeOf(refused)).toEqual([422, 'insufficient_funds']);
    expect(await balancesOf(harbour, from)).toEqual(before);
    const each = await client.post('/v1/transfer-batches', { mode: 'item_by_item', transfers: bad });
    expect(expectStatus(each, 200)).toMatchObject({
      items: [{ outcome: 'posted' }, { outcome: 'refused', code: 'insufficient_funds' }, { outcome: 'posted' }],
    });
    const good = Array.from({ length: 20 }, () => order(1));
    const all = await client.post('/v1/transfer-batches', { mode: 'all_or_nothing', transfers: good });
    expect(valueAt(expectStatus(all, 201), 'items.19.transfer.balancesAfter.0.available')).toEqual(
      yuan(before[0] - 320),
    );
    const dry = { mode: 'item_by_item', transfers: [order(1)], dryRun: true };
    expectStatus(await client.post('/v1/transfer-batches', dry), 200);
    expect((await balancesOf(harbour, from))[0]).toBe(before[0] - 320);
    const twice = order(1);
    const wrong = [
      { mode: 'all_or_nothing', transfers: [twice, twice] },
      { mode: 'all_or_nothing', transfers: [] },
      { mode: 'all_or_nothing', transfers: [...good, order(1)] },
      { mode: 'all_or_nothing', transfers: [order(1, { toAccountId: from })] },
    ];
    for (const body of wrong)
      expect(codeOf(await client.post('/v1/transfer-batches', body))).toEqual([400, 'invalid_request']);
  });

  test('a transfer is found by its reference, and a foreign institution finds neither it nor the accounts', async () => {
    const made = expectStatus(await harbour.client.post('/v1/transfers', order(1)), 201);
    const id = textAt(made, 'id');
    const byReference = `/v1/transfers/by-reference/${textAt(made, 'reference')}`;
    expect(textAt(expectStatus(await harbour.client.get(byReference), 200), 'id')).toBe(id);
    const tries = [
      await stranger.client.get(byReference),
      await stranger.client.post('/v1/transfers', order(1)),
      await stranger.client.post('/v1/transfers', order(1, { dryRun: true })),
      await stranger.client.post('/v1/transfer-batches', { mode: 'all_or_nothing', transfers: [order(1)] }),
      await stranger.client.get(`/v1/transfers/${id}`),
      await stranger.client.post(`/v1/transfers/${id}/reversals`, { reason: 'mine' }),
    ];
    for (const reply of tries) expect(codeOf(reply)).toEqual([404, 'not_found']);
  });

  test('a list shows them newest first, in pages, and freezes have one of their own', async () => {
    const { client } = harbour;
    const made: string[] = [];
    for (let n = 0; n < 3; n++)
      made.unshift(textAt(expectStatus(await client.post('/v1/transfers', order(1)), 201), 'id'));
    const frozen = { accountId: from, amount: yuan(1), reference: newReference() };
    const freezeId = textAt(expectStatus(await client.post('/v1/freezes', frozen), 201), 'id');
    const first = expectStatus(await client.get('/v1/transfers?limit=2'), 200);
    const next = expectStatus(await client.get(`/v1/transfers?limit=1&cursor=${textAt(first, 'nextCursor')}`), 200);
    const shown = [...listAt(first, 'items'), ...listAt(next, 'items')].map((item) => textAt(item, 'id'));
    expect(shown).toEqual(made);
    const ofOperator = `/v1/transfers?institutionId=${harbour.id}&limit=1`;
    expect(valueAt(expectStatus(await operator().get(ofOperator), 200), 'items.0.id')).toBe(made[0]);
    expect(codeOf(await operator().get('/v1/transfers'))).toEqual([400, 'institution_required']);
    const freezes = expectStatus(await client.get(`/v1/freezes?accountId=${from}`), 200);
    expect(listAt(freezes, 'items').map((item) => textAt(item, 'id'))).toEqual([freezeId]);
    expect(valueAt(expectStatus(await client.get(`/v1/freezes?accountId=${to}`), 200), 'items')).toEqual([]);
  });

  test('nothing is taken from an account that mirrors a channel', async () => {
    const settlement = harbour.merchants[0]?.settlementAccountId;
    expect(codeOf(await harbour.client.post('/v1/transfers', order(1, { fromAccountId: settlement })))).toEqual([
      422,
      'account_not_payable',
    ]);
  });
});
