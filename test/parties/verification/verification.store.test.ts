import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import type { VerificationResult, VerifyRequest } from '../../../functions/channels/index.ts';
import { type AccountId, type InstitutionId, idFrom } from '../../../functions/kernel/ids.ts';
import { getItem } from '../../../functions/kernel/table.ts';
import { requestChange } from '../../../functions/ledger/account-changes.ts';
import { readAccount, settlementCompanions } from '../../../functions/ledger/index.ts';
import { openMemberAccount } from '../../../functions/parties/open-member-account.ts';
import { createVerification, type VerifyCommand } from '../../../functions/parties/verification/create-verification.ts';
import { resolveVerification } from '../../../functions/parties/verification/resolve-verification.ts';
import { sweepVerifications } from '../../../functions/parties/verification/sweep-verifications.ts';
import type { Verification } from '../../../functions/parties/verification/verification.ts';
import { listVerifications } from '../../../functions/parties/verification/verification-list-store.ts';
import { findVerification } from '../../../functions/parties/verification/verification-store.ts';
import { startProcess } from '../../payments/crash.ts';
import { engines } from '../../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  pricedConfiguration,
  type Tables,
  type World,
  type WorldFacts,
  worldOf,
} from '../parties-world.ts';

const person = { kind: 'two_factor', name: '张三', idNumber: '110101199003070011' } as const;
const denial: VerificationResult = { outcome: 'refused', reason: 'identity_mismatch', retryElsewhere: false };
const busy: VerificationResult = { outcome: 'refused', reason: 'maintenance', retryElsewhere: true };
const silence: VerificationResult = { outcome: 'unknown', cause: 'timeout' };

describe.each(engines)('a verification on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
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
  });

  const worldAs = (facts: WorldFacts = {}) =>
    worldOf(tables, counterparty, { clock: () => now, configuration: pricedConfiguration, ...facts });

  const command = (facts: Partial<VerifyCommand> = {}): VerifyCommand => ({
    institutionId,
    currency: 'CNY',
    facts: person,
    operationId: ulid(),
    ...facts,
  });
  const verify = (facts: Partial<VerifyCommand> = {}, by = world) => createVerification(by, command(facts));
  const verified = async (facts: Partial<VerifyCommand> = {}) => granted(await verify(facts));

  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };

  /** Owed by and for the merchant number at a channel: cost, payable, receivable, income. */
  async function owed({ route }: Verification): Promise<readonly bigint[]> {
    const { pending, feesPayable, feesReceivable, feeIncome } = settlementCompanions(
      route?.settlementAccountId ?? idFrom('acct', 'none'),
    );
    const accounts = await Promise.all(
      [pending, feesPayable, feesReceivable, feeIncome].map((id) => readAccount(world.ledger, id)),
    );
    const [first, ...others] = accounts.map((account) => account?.balances);
    return [first?.fees ?? -1n, ...others.map((balances) => balances?.available ?? -1n)];
  }

  test('that a channel confirms has succeeded, and its verdict is paid for and charged', async () => {
    const verification = await verified();
    expect(verification).toMatchObject({
      status: 'succeeded',
      route: { channel: 'sandbox-wallet' },
      masked: { name: '张**', idNumber: '1***************11' },
    });
    expect(await findVerification(world, verification.id)).toEqual(verification);
    expect(await owed(verification)).toEqual([30n, 30n, 50n, 50n]);
  });

  test.each([
    [person, { factors: 'two' }],
    [
      { ...person, kind: 'three_factor', cardNumber: '6200000000000005' },
      { factors: 'three', cardNumber: '6200000000000005' },
    ],
    [
      { ...person, kind: 'four_factor', cardNumber: '6200000000000005', mobile: '13800138000' },
      { factors: 'four', cardNumber: '6200000000000005', mobile: '13800138000' },
    ],
  ] as const)('tells the channel the facts of its kind, and keeps them masked only: %p', async (facts, told) => {
    const { id } = await verified({ facts });
    const { kind: _, ...numbers } = facts;
    expect(counterparty.asked).toMatchObject([{ facts: { ...numbers, ...told } }]);
    const item = await getItem(world.table, { pk: `VERIFICATION#${id}`, sk: 'VERIFICATION' });
    const text = JSON.stringify(item, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    for (const secret of Object.values(numbers)) expect(text).not.toContain(secret);
  });

  test('that a channel denies has failed, and the verdict is paid for all the same', async () => {
    counterparty.verify = () => denial;
    const verification = await verified();
    expect(verification).toMatchObject({
      status: 'failed',
      failure: { code: 'facts_refused', reason: 'identity_mismatch' },
    });
    expect(await owed(verification)).toEqual([30n, 30n, 50n, 50n]);
    expect(counterparty.asked).toHaveLength(1);
  });

  test('goes to the next channel where the first could not look, and owes nothing to the first', async () => {
    counterparty.verify = ({ channel }) => (channel === 'sandbox-wallet' ? busy : { outcome: 'succeeded' });
    const verification = await verified();
    expect(verification).toMatchObject({ status: 'succeeded', attempt: 2, route: { channel: 'sandbox-bank' } });
    expect(verification.history.map(({ event, channel }) => [event, channel])).toEqual([
      ['reroute', 'sandbox-wallet'],
      ['pass', 'sandbox-bank'],
    ]);
    expect(await owed(verification)).toEqual([30n, 30n, 50n, 50n]);
    expect(new Set(counterparty.asked.map(({ requestNo }) => requestNo)).size).toBe(2);
  });

  test('that no channel could look at has failed without a verdict, and nothing is owed', async () => {
    counterparty.verify = () => busy;
    const verification = await verified();
    expect(verification).toMatchObject({ status: 'failed', failure: { code: 'no_verdict' }, fee: { amount: 0n } });
    expect(await owed(verification)).toEqual([0n, 0n, 0n, 0n]);
    expect(counterparty.asked).toHaveLength(2);
  });

  test('about which the channel falls silent is asked of nobody else, and stays processing', async () => {
    counterparty.verify = () => silence;
    const verification = await verified();
    expect(verification).toMatchObject({ status: 'processing', attempt: 1 });
    expect(counterparty.asked).toHaveLength(1);
    expect(await owed(verification)).toEqual([0n, 0n, 0n, 0n]);
  });

  test.each([
    [{ outcome: 'succeeded' }, 'succeeded', 50n],
    [denial, 'failed', 50n],
    [busy, 'failed', 0n],
    [silence, 'processing', 0n],
    [{ outcome: 'not_found' }, 'processing', 0n],
  ] as const)('is resolved by what the channel says when it is asked again: %p', async (answer, status, fee) => {
    counterparty.verify = () => silence;
    const silent = await verified();
    counterparty.queryVerification = () => answer;
    const resolved = await resolveVerification(world, silent);
    expect(resolved.status).toBe(status);
    expect((await owed(resolved))[3]).toBe(fee);
    expect(counterparty.queried).toMatchObject([{ requestNo: counterparty.asked[0]?.requestNo }]);
    expect(await findVerification(world, silent.id)).toEqual(resolved);
  });

  test('keeps each question that its channel left open, and of very many the first', async () => {
    counterparty.verify = () => silence;
    let silent = await verified();
    counterparty.queryVerification = () => silence;
    const calls = ({ history }: Verification) => history.map(({ call }) => call?.operation);
    silent = await resolveVerification(world, silent);
    expect(calls(silent)).toEqual(['verify', 'queryVerification']);
    for (let asked = 0; asked < 25; asked++) silent = await resolveVerification(world, silent);
    expect(calls(silent)).toHaveLength(20);
    counterparty.queryVerification = () => ({ outcome: 'succeeded' });
    expect(await resolveVerification(world, silent)).toMatchObject({ status: 'succeeded' });
  });

  test('that the channel never had is given up after ten minutes', async () => {
    counterparty.verify = () => silence;
    const silent = await verified();
    later(10);
    expect(await resolveVerification(world, silent)).toMatchObject({
      status: 'failed',
      failure: { code: 'no_verdict', reason: 'never_received' },
    });
  });

  test('that nobody asks about is looked at by the sweep, once it is half a minute old, and later again and again', async () => {
    counterparty.verify = () => silence;
    const silent = await verified();
    counterparty.queryVerification = ({ requestNo }) =>
      requestNo.startsWith(silent.id.slice(4)) ? { outcome: 'succeeded' } : silence;
    await sweepVerifications(world, { limit: 100 });
    expect(await findVerification(world, silent.id)).toMatchObject({ status: 'processing' });
    const look = async () => {
      counterparty.queried.length = 0;
      await sweepVerifications(world, { limit: 100 });
      return counterparty.queried.filter(({ requestNo }) => requestNo.startsWith(silent.id.slice(4))).length;
    };
    const answer = counterparty.queryVerification;
    counterparty.queryVerification = () => silence;
    later(1);
    expect([await look(), await look()]).toEqual([1, 0]);
    later(2);
    expect(await look()).toBe(1);
    counterparty.queryVerification = answer;
    later(2);
    expect(await look()).toBe(1);
    expect(await findVerification(world, silent.id)).toMatchObject({ status: 'succeeded' });
  });

  test('of facts that were proved lately succeeds at once, costs nothing and asks nobody', async () => {
    const first = await verified();
    const second = await verified();
    expect(second).toMatchObject({
      status: 'succeeded',
      cachedFrom: first.id,
      fee: { amount: 0n },
      cost: { amount: 0n },
    });
    expect(await findVerification(world, second.id)).toEqual(second);
    expect(counterparty.asked).toHaveLength(1);
    expect(await owed(first)).toEqual([30n, 30n, 50n, 50n]);
  });

  test('of facts that differ, of another kind, or of another institution, is asked anew', async () => {
    await verified();
    await verified({ facts: { ...person, name: '李四' } });
    await verified({ facts: { ...person, kind: 'three_factor', cardNumber: '6200000000000005' } });
    await verified({ institutionId: await activeInstitution(world) });
    expect(counterparty.asked).toHaveLength(4);
  });

  test.each([
    ['two_factor', {}, 365],
    ['three_factor', { cardNumber: '6200000000000005' }, 90],
    ['four_factor', { cardNumber: '6200000000000005', mobile: '13800138000' }, 90],
  ] as const)('of %s is remembered for its days and no longer', async (kind, more, days) => {
    const facts = { ...person, ...more, kind } as VerifyCommand['facts'];
    const first = await verified({ facts });
    later(days * 24 * 60 - 1);
    expect(await verified({ facts })).toMatchObject({ cachedFrom: first.id });
    later(1);
    expect((await verified({ facts })).cachedFrom).toBeUndefined();
    expect(counterparty.asked).toHaveLength(2);
  });

  test('that failed is not remembered', async () => {
    counterparty.verify = () => denial;
    await verified();
    counterparty.verify = () => ({ outcome: 'succeeded' });
    expect(await verified()).toMatchObject({ status: 'succeeded' });
    expect(counterparty.asked).toHaveLength(2);
  });

  test('is refused where no channel verifies, and nothing is stored', async () => {
    institutionId = await activeInstitution(world, []);
    expect(await verify()).toMatchObject({ refused: 'verification_unavailable' });
    expect((await listVerifications(world, { institutionId, filter: {}, limit: 10 })).items).toEqual([]);
  });

  test('of a member is for an own one, whose account is neither closed nor blocked', async () => {
    const member = granted(
      await openMemberAccount(world, { institutionId, externalUserId: 'u', currency: 'CNY', operationId: ulid() }),
    );
    const { accountId } = member;
    expect(await verified({ accountId })).toMatchObject({ accountId });
    expect(await verify({ institutionId: idFrom('inst', 'other'), accountId })).toMatchObject({ refused: 'not_found' });
    await setStatus(accountId, 'debit_blocked');
    granted(await verify({ accountId }));
    await setStatus(accountId, 'blocked');
    expect(await verify({ accountId })).toMatchObject({ refused: 'account_blocked' });
    await setStatus(accountId, 'closed');
    expect(await verify({ accountId })).toMatchObject({ refused: 'account_closed' });
  });

  async function setStatus(accountId: AccountId, status: 'debit_blocked' | 'blocked' | 'closed'): Promise<void> {
    const caller = { kind: 'operator', clientId: 'olga' } as const;
    granted(
      await requestChange(world.ledger, { caller, accountId, wanted: { status }, reason: 'test', operationId: ulid() }),
    );
  }

  test('is one for an operation, and cannot be changed for other facts under it', async () => {
    const operationId = ulid();
    const first = await verified({ operationId });
    expect(await verified({ operationId })).toEqual(first);
    expect(await verify({ operationId, facts: { ...person, name: '李四' } })).toMatchObject({
      refused: 'idempotency_mismatch',
    });
    expect(counterparty.asked).toHaveLength(1);
  });

  test('happens once, wherever the process dies, and is charged once', async () => {
    const undisturbed = startProcess();
    institutionId = await activeInstitution(world, ['sandbox-bank']);
    granted(await verify({}, worldAs({ process: undisturbed })));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        institutionId = await activeInstitution(world, ['sandbox-bank']);
        counterparty.asked.length = 0;
        const operationId = ulid();
        const dying = worldAs({ process: startProcess({ call, blow }) });
        await expect(verify({ operationId }, dying)).rejects.toThrow(/died/);
        const verification = await verified({ operationId });
        expect(verification).toMatchObject({ status: 'succeeded' });
        expect(await owed(verification)).toEqual([30n, 30n, 50n, 50n]);
        expect(new Set(counterparty.asked.map(({ requestNo }) => requestNo)).size).toBe(1);
      }
    }
  });

  test('whose answer and query race ends once, and is charged once', async () => {
    counterparty.verify = () => silence;
    const silent = await verified();
    counterparty.queryVerification = () => ({ outcome: 'succeeded' });
    const resolved = await Promise.all(Array.from({ length: 5 }, () => resolveVerification(world, silent)));
    for (const each of resolved) expect(each).toEqual(resolved[0]);
    expect(await owed(silent)).toEqual([30n, 30n, 50n, 50n]);
  });

  test('list goes from page to page, newest first, by every filter', async () => {
    const made: Verification[] = [];
    counterparty.verify = ({ facts }: VerifyRequest) =>
      'name' in facts && facts.name === '王五' ? denial : { outcome: 'succeeded' };
    for (const name of ['张三', '李四', '王五']) {
      later(1);
      made.push(await verified({ facts: { ...person, name } }));
    }
    later(1);
    made.push(await verified({ facts: { ...person, kind: 'three_factor', cardNumber: '6200000000000005' } }));
    const list = async (facts: Partial<Parameters<typeof listVerifications>[1]> = {}) =>
      (await listVerifications(world, { institutionId, filter: {}, limit: 10, ...facts })).items.map(({ id }) => id);
    const [one, two, three, four] = made.map(({ id }) => id);
    expect(await list()).toEqual([four, three, two, one]);
    const page = await listVerifications(world, { institutionId, filter: {}, limit: 3 });
    expect(page.items.map(({ id }) => id)).toEqual([four, three, two]);
    expect(await list({ ...(page.continueAfter && { after: page.continueAfter }) })).toEqual([one]);
    expect(await list({ filter: { status: 'failed' } })).toEqual([three]);
    expect(await list({ filter: { kind: 'three_factor' } })).toEqual([four]);
    expect(await list({ filter: { channel: 'sandbox-wallet', kind: 'two_factor' } })).toEqual([three, two, one]);
    expect(await list({ filter: { channel: 'sandbox-bank' } })).toEqual([]);
    expect(await list({ from: new Date(made[1]?.createdAt ?? ''), until: new Date(made[3]?.createdAt ?? '') })).toEqual(
      [three, two],
    );
    expect(await list({ institutionId: idFrom('inst', 'other') })).toEqual([]);
  });
});
