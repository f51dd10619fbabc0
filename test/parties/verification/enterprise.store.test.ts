import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import type { VerificationResult } from '../../../functions/channels/index.ts';
import { type AccountId, type InstitutionId, idFrom } from '../../../functions/kernel/ids.ts';
import { type Money, money } from '../../../functions/kernel/money.ts';
import { getItem } from '../../../functions/kernel/table.ts';
import { addAgreements } from '../../../functions/parties/add-agreements.ts';
import { findBinding, listBindings } from '../../../functions/parties/binding-store.ts';
import { findDefault } from '../../../functions/parties/default-store.ts';
import { expireBindings } from '../../../functions/parties/expire-binding.ts';
import { findInstitution } from '../../../functions/parties/institution-store.ts';
import { confirmVerification } from '../../../functions/parties/verification/confirm-verification.ts';
import { createVerification } from '../../../functions/parties/verification/create-verification.ts';
import { resolveVerification } from '../../../functions/parties/verification/resolve-verification.ts';
import { sweepVerifications } from '../../../functions/parties/verification/sweep-verifications.ts';
import type { Verification } from '../../../functions/parties/verification/verification.ts';
import { findVerification } from '../../../functions/parties/verification/verification-store.ts';
import { startProcess } from '../../payments/crash.ts';
import { engines } from '../../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  institutionAccount,
  pricedConfiguration,
  type Tables,
  type World,
  type WorldFacts,
  worldOf,
} from '../parties-world.ts';

const account = {
  number: '1001220009024900017',
  companyName: 'Harbour Retail Ltd',
  licenceNo: '91310000MA1FL0LX4T',
  bank: 'ICBC',
};
const silence: VerificationResult = { outcome: 'unknown', cause: 'timeout' };
const hour = 60;

describe.each(engines)('an enterprise verification on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
  let accountId: AccountId;
  let counterparty: Counterparty;
  let world: World;
  let now: Date;

  beforeAll(async () => {
    tables = await createTables(client());
  });
  beforeEach(async () => {
    counterparty = new Counterparty();
    now = new Date();
    world = worldAs();
    institutionId = await activeInstitution(world);
    accountId = await institutionAccount(world, institutionId);
  });

  const worldAs = (facts: WorldFacts = {}) =>
    worldOf(tables, counterparty, { clock: () => now, configuration: pricedConfiguration, ...facts });

  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };

  const verify = (by = world, operationId = ulid()) =>
    createVerification(by, {
      institutionId,
      accountId,
      currency: 'CNY',
      facts: { kind: 'enterprise', account },
      operationId,
    });

  /** What the channel was told to transfer: nobody else knows. */
  function transferred(): Money {
    const facts = counterparty.asked.flatMap((asked) => ('facts' in asked ? [asked.facts] : [])).at(-1);
    if (facts?.factors !== 'enterprise') throw new Error('nothing was transferred');
    return facts.transfer;
  }
  const wrong = () => money((transferred().amount % 99n) + 1n, 'CNY');

  const confirm = ({ id }: Verification, amount: Money, facts: { by?: World; operationId?: string } = {}) =>
    confirmVerification(facts.by ?? world, { institutionId, id, amount, operationId: facts.operationId ?? ulid() });

  const stored = async ({ id }: Verification) => getItem(world.table, { pk: `VERIFICATION#${id}`, sk: 'VERIFICATION' });

  test('waits for the amount that the channel was told to transfer, 1 to 99 minor units', async () => {
    const verification = granted(await verify());
    expect(verification).toMatchObject({
      status: 'awaiting_confirmation',
      fee: { amount: 50n },
      expiresAt: new Date(now.getTime() + 72 * 3_600_000).toISOString(),
    });
    expect(counterparty.asked).toMatchObject([{ facts: { factors: 'enterprise', account } }]);
    const { amount } = transferred();
    expect(amount >= 1n && amount <= 99n).toBe(true);
  });

  test('tells of another currency without counting it as a wrong amount', async () => {
    const verification = granted(await verify());
    expect(await confirm(verification, money(transferred().amount, 'USD'))).toMatchObject({
      refused: 'currency_mismatch',
    });
    expect(await findVerification(world, verification.id)).toEqual(verification);
  });

  test('draws any amount from 1 to 99, and no other', async () => {
    for (const [drawn, amount] of [
      [0, 1n],
      [98, 99n],
    ] as const) {
      granted(await verify({ ...world, draw: (bound) => (bound === 99 ? drawn : Number.NaN) }));
      expect(transferred()).toEqual(money(amount, 'CNY'));
    }
  });

  test('keeps neither the amount nor a number where they can be read', async () => {
    const verification = granted(await verify({ ...world, draw: () => 76 }));
    const item = { ...(await stored(verification)), sealed: undefined };
    const text = JSON.stringify(item, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const secret of [account.number, account.licenceNo, '"77"']) expect(text).not.toContain(secret);
  });

  test('succeeds with the right amount: the institution is proved, and its account is bound with agreements', async () => {
    const verification = granted(await verify());
    const confirmed = granted(await confirm(verification, transferred()));
    expect(confirmed).toMatchObject({ status: 'succeeded', bindingId: idFrom('bind', verification.id) });
    expect(await findVerification(world, verification.id)).toEqual(confirmed);
    expect(await findInstitution(world, institutionId)).toMatchObject({
      verification: {
        verificationId: verification.id,
        companyName: account.companyName,
        verifiedAt: now.toISOString(),
      },
    });
    const binding = await findBinding(world, idFrom('bind', verification.id));
    expect(binding).toMatchObject({
      kind: 'corporate_account',
      status: 'active',
      accountId,
      bank: 'ICBC',
      cardMasked: '***************0017',
    });
    expect(Object.keys(binding?.agreements ?? {}).sort()).toEqual(['sandbox-bank', 'sandbox-wallet']);
    expect(counterparty.asked.slice(1)).toMatchObject([{ corporateAccount: account }, { corporateAccount: account }]);
    expect(await findDefault(world, accountId)).toMatchObject({ bindingId: binding?.id });
    expect(await stored(verification)).not.toHaveProperty('sealed');
  });

  test('takes three amounts: two wrong ones are counted, the third one ends it', async () => {
    const verification = granted(await verify());
    expect(await confirm(verification, wrong())).toMatchObject({
      refused: 'wrong_amount',
      detail: expect.stringContaining('2 more'),
    });
    expect(await confirm(verification, wrong())).toMatchObject({ refused: 'wrong_amount' });
    expect(await confirm(verification, wrong())).toMatchObject({ refused: 'verification_failed' });
    expect(await confirm(verification, transferred())).toMatchObject({ refused: 'not_awaiting_confirmation' });
    expect(await findVerification(world, verification.id)).toMatchObject({ status: 'failed', wrongAmounts: 3 });
    expect(await stored(verification)).not.toHaveProperty('sealed');
  });

  test('succeeds at the third try', async () => {
    const verification = granted(await verify());
    for (let tries = 1; tries <= 2; tries++) await confirm(verification, wrong());
    expect(granted(await confirm(verification, transferred()))).toMatchObject({ status: 'succeeded', wrongAmounts: 2 });
  });

  test('counts no more than three wrong amounts, however many are told at once', async () => {
    const verification = granted(await verify());
    const answers = await Promise.all(Array.from({ length: 8 }, () => confirm(verification, wrong())));
    const codes = answers.map((answer) => ('refused' in answer ? answer.refused : answer.status)).sort();
    expect(codes.filter((code) => code === 'wrong_amount')).toHaveLength(2);
    expect(codes.filter((code) => code === 'verification_failed')).toHaveLength(1);
    expect(codes.filter((code) => code === 'not_awaiting_confirmation')).toHaveLength(5);
  });

  test('takes the amount up to the last moment of its three days', async () => {
    const verification = granted(await verify());
    later(72 * hour - 1);
    expect(granted(await confirm(verification, transferred()))).toMatchObject({ status: 'succeeded' });
  });

  test('has expired after three days, whoever looks first', async () => {
    const [told, swept] = [granted(await verify()), granted(await verify())];
    const amount = transferred();
    later(72 * hour);
    expect(await confirm(told, amount)).toMatchObject({ refused: 'verification_expired' });
    expect(await findVerification(world, told.id)).toMatchObject({ status: 'expired' });
    await sweepVerifications(world, { limit: 100 });
    expect(await findVerification(world, swept.id)).toMatchObject({ status: 'expired', failure: { code: 'expired' } });
    expect(await stored(swept)).not.toHaveProperty('sealed');
  });

  test('is not another institution’s to confirm', async () => {
    const { id } = granted(await verify());
    const foreign = { institutionId: idFrom('inst', 'other'), id, amount: transferred(), operationId: ulid() };
    expect(await confirmVerification(world, foreign)).toMatchObject({ refused: 'not_found' });
  });

  test('is for an open account of the institution', async () => {
    const own = accountId;
    accountId = idFrom('acct', 'nobody');
    expect(await verify()).toMatchObject({ refused: 'not_found' });
    accountId = await institutionAccount(world, await activeInstitution(world));
    expect(await verify()).toMatchObject({ refused: 'not_found' });
    accountId = own;
    expect(granted(await verify()).accountId).toBe(own);
  });

  test('whose channel was silent is resolved by a query, and can still be confirmed', async () => {
    counterparty.verify = () => silence;
    const silent = granted(await verify());
    expect(silent.status).toBe('processing');
    counterparty.queryVerification = () => ({ outcome: 'succeeded' });
    const resolved = await resolveVerification(world, silent);
    expect(resolved).toMatchObject({ status: 'awaiting_confirmation' });
    expect(granted(await confirm(resolved, transferred()))).toMatchObject({ status: 'succeeded' });
  });

  test('of an account that is bound already keeps its binding', async () => {
    const first = granted(await verify());
    const { bindingId } = granted(await confirm(first, transferred()));
    const second = granted(await verify());
    expect(granted(await confirm(second, transferred()))).toMatchObject({ status: 'succeeded', bindingId });
    expect((await listBindings(world, accountId, { limit: 10 })).items).toHaveLength(1);
  });

  test('succeeds though no channel agrees yet; the agreements are added when they are asked for again', async () => {
    counterparty.bind = () => ({ outcome: 'unknown', cause: 'timeout' });
    const verification = granted(await verify());
    const { bindingId, status } = granted(await confirm(verification, transferred()));
    if (!bindingId) throw new Error('nothing was bound');
    expect(status).toBe('succeeded');
    later(100 * hour);
    await expireBindings(world, { limit: 100 });
    expect(await findBinding(world, bindingId)).toMatchObject({ status: 'pending', agreements: {} });
    counterparty.bind = new Counterparty().bind;
    expect(granted(await addAgreements(world, { institutionId, id: bindingId }))).toMatchObject({ status: 'active' });
  });

  test('is confirmed once, wherever the process dies, and no try is counted twice', async () => {
    for (const right of [true, false]) {
      const first = granted(await verify());
      const undisturbed = startProcess();
      await confirm(first, right ? transferred() : wrong(), { by: worldAs({ process: undisturbed }) });
      for (let call = 1; call <= undisturbed.calls(); call++) {
        for (const blow of ['dies_before', 'dies_after'] as const) {
          accountId = await institutionAccount(world, institutionId);
          const verification = granted(await verify());
          const amount = right ? transferred() : wrong();
          const operationId = ulid();
          const dying = worldAs({ process: startProcess({ call, blow }) });
          await expect(confirm(verification, amount, { by: dying, operationId })).rejects.toThrow(/died/);
          const answer = await confirm(verification, amount, { operationId });
          if (right) {
            expect(granted(answer)).toMatchObject({ status: 'succeeded' });
            const { items } = await listBindings(world, accountId, { limit: 10 });
            expect(items).toMatchObject([{ status: 'active', kind: 'corporate_account' }]);
          } else {
            expect(answer).toMatchObject({ refused: 'wrong_amount', detail: expect.stringContaining('2 more') });
          }
        }
      }
    }
  });

  test('is asked for once, wherever the process dies: where the amount is lost, the channel is asked what it knows', async () => {
    const undisturbed = startProcess();
    granted(await verify(worldAs({ process: undisturbed })));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        counterparty.asked.length = 0;
        const operationId = ulid();
        await expect(verify(worldAs({ process: startProcess({ call, blow }) }), operationId)).rejects.toThrow(/died/);
        const arrived = counterparty.asked.length > 0;
        counterparty.queryVerification = () => (arrived ? { outcome: 'succeeded' } : { outcome: 'not_found' });
        const verification = granted(await verify(world, operationId));
        expect(counterparty.asked.length).toBeLessThanOrEqual(1);
        const begun = counterparty.asked.length === 1;
        expect(verification.status).toBe(begun ? 'awaiting_confirmation' : 'processing');
      }
    }
  });
});
