import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  operator,
  textAt,
  valueAt,
} from '../../support/deployment.ts';
import { balancesOf, fundedMember, newInstitution, newMember, newReference, yuan } from '../money-world.ts';

describe('freezes over the deployed API', () => {
  let harbour: Institution;
  let stranger: Institution;
  let payer: string;
  let payee: string;

  beforeAll(async () => {
    [harbour, stranger] = await Promise.all([
      newInstitution('Harbour Group'),
      approvedInstitution('Stranger Group', []),
    ]);
    payer = await fundedMember(harbour, 100_000);
    payee = await newMember(harbour);
  });

  const freeze = (amount: number, facts: object = {}) => ({
    accountId: payer,
    amount: yuan(amount),
    reference: newReference(),
    ...facts,
  });

  test('freeze, capture a part, release a part, and see what remains', async () => {
    const body = freeze(10_000, { reason: 'deposit' });
    const made = expectStatus(await harbour.client.post('/v1/freezes', body), 201);
    const id = textAt(made, 'id');
    expect(made).toMatchObject({
      status: 'active',
      remaining: yuan(10_000),
      placedBy: 'institution',
      reason: 'deposit',
      expiresAt: null,
      balancesAfter: [{ accountId: payer, available: yuan(90_000), frozen: yuan(10_000) }],
    });
    const captured = await harbour.client.post(`/v1/freezes/${id}/capture`, {
      toAccountId: payee,
      amount: yuan(6_000),
    });
    expect(expectStatus(captured, 200)).toMatchObject({
      captured: yuan(6_000),
      remaining: yuan(4_000),
      balancesAfter: [
        { accountId: payer, available: yuan(90_000), frozen: yuan(4_000) },
        { accountId: payee, available: yuan(6_000), frozen: yuan(0) },
      ],
    });
    const shown = expectStatus(await harbour.client.get(`/v1/transfers/${textAt(captured.body, 'postingId')}`), 200);
    expect(shown).toMatchObject({ kind: 'hold_capture', freezeId: id, amount: yuan(6_000) });
    expectStatus(await harbour.client.post(`/v1/freezes/${id}/release`, {}), 200);
    expect(expectStatus(await harbour.client.get(`/v1/freezes/${id}`), 200)).toMatchObject({
      status: 'ended',
      released: yuan(4_000),
      remaining: yuan(0),
    });
    expect(await balancesOf(harbour, payer)).toEqual([94_000, 0]);
    const again = await harbour.client.post(`/v1/freezes/${id}/release`, {});
    expect([again.status, valueAt(again.body, 'code')]).toEqual([409, 'hold_ended']);
    expect(valueAt(expectStatus(await harbour.client.post('/v1/freezes', body), 201), 'id')).toBe(id);
  });

  test('each side releases only its own, and a foreign institution sees neither', async () => {
    const own = textAt(expectStatus(await harbour.client.post('/v1/freezes', freeze(100)), 201), 'id');
    const official = textAt(expectStatus(await operator().post('/v1/freezes', freeze(200)), 201), 'id');
    const refused = [
      await harbour.client.post(`/v1/freezes/${official}/release`, {}),
      await harbour.client.post(`/v1/freezes/${official}/capture`, { toAccountId: payee }),
      await operator().post(`/v1/freezes/${own}/release`, {}),
    ];
    for (const reply of refused) expect([reply.status, valueAt(reply.body, 'code')]).toEqual([403, 'not_your_hold']);
    expect((await harbour.client.get(`/v1/freezes/${official}`)).body).toMatchObject({ placedBy: 'operator' });
    for (const id of [own, official]) {
      const tries = [
        await stranger.client.get(`/v1/freezes/${id}`),
        await stranger.client.post(`/v1/freezes/${id}/release`, {}),
        await stranger.client.post(`/v1/freezes/${id}/capture`, { toAccountId: payee }),
      ];
      for (const reply of tries) expect([reply.status, valueAt(reply.body, 'code')]).toEqual([404, 'not_found']);
    }
    expectStatus(await harbour.client.post(`/v1/freezes/${own}/release`, {}), 200);
    expectStatus(await operator().post(`/v1/freezes/${official}/release`, {}), 200);
  });

  test('a freeze whose time is over is released by itself, and can not be captured before that', async () => {
    const body = freeze(300, { expiresAt: new Date(Date.now() + 3_000).toISOString() });
    const id = textAt(expectStatus(await harbour.client.post('/v1/freezes', body), 201), 'id');
    await new Promise((resolve) => setTimeout(resolve, 3_100));
    const late = await harbour.client.post(`/v1/freezes/${id}/capture`, { toAccountId: payee });
    expect([409]).toContain(late.status);
    expect(['hold_expired', 'hold_ended']).toContain(valueAt(late.body, 'code'));
    // the sweep runs each minute
    await eventually(
      'the release of the freeze',
      async () => {
        const shown = await harbour.client.get(`/v1/freezes/${id}`);
        return valueAt(shown.body, 'status') === 'ended' ? shown : undefined;
      },
      110_000,
    );
    expect((await balancesOf(harbour, payer))[1]).toBe(0);
  });

  test('what is wrong is named', async () => {
    const past = await harbour.client.post('/v1/freezes', freeze(1, { expiresAt: '2020-01-01T00:00:00Z' }));
    expect([past.status, valueAt(past.body, 'code')]).toEqual([422, 'expiry_past']);
    const tooMuch = await harbour.client.post('/v1/freezes', freeze(100_000_000));
    expect([tooMuch.status, valueAt(tooMuch.body, 'code')]).toEqual([422, 'insufficient_funds']);
    const shapeless = await harbour.client.post('/v1/freezes', {
      accountId: payer,
      amount: yuan(0),
      reference: '..',
      expiresAt: 'soon',
    });
    expect([shapeless.status, valueAt(shapeless.body, 'code')]).toEqual([400, 'invalid_request']);
  });
});
