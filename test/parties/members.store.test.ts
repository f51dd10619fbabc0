import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import type { InstitutionId } from '../../functions/kernel/ids.ts';
import { getItem } from '../../functions/kernel/table.ts';
import { readAccount } from '../../functions/ledger/index.ts';
import { findMember, listMembers } from '../../functions/parties/member-store.ts';
import { openMemberAccount } from '../../functions/parties/open-member-account.ts';
import { startProcess } from '../payments/crash.ts';
import { engines } from '../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  type Tables,
  type World,
  worldOf,
} from './parties-world.ts';

const identity = { name: '张三', idNumber: '110101199003070011' };

describe.each(engines)('a member account on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
  let counterparty: Counterparty;
  let world: World;

  beforeAll(async () => {
    tables = await createTables(client());
    institutionId = await activeInstitution(worldOf(tables, new Counterparty()));
  });
  beforeEach(() => {
    counterparty = new Counterparty();
    world = worldOf(tables, counterparty);
  });

  const open = (facts: Partial<Parameters<typeof openMemberAccount>[1]> = {}, by = world) =>
    openMemberAccount(by, { institutionId, externalUserId: ulid(), currency: 'CNY', operationId: ulid(), ...facts });

  test('is opened in the ledger with nothing in it and a floor of zero', async () => {
    const member = granted(await open());
    const opened = { kind: 'member', institutionId, floor: 0n, balances: { available: 0n, frozen: 0n } };
    expect(await readAccount(world.ledger, member.accountId)).toMatchObject(opened);
    expect(counterparty.asked).toEqual([]);
  });

  test('is opened once for a user, by however many requests at once', async () => {
    const externalUserId = ulid();
    const outcomes = await Promise.all(Array.from({ length: 8 }, () => open({ externalUserId })));
    expect(outcomes.filter((outcome) => 'accountId' in outcome)).toHaveLength(1);
    const [opened] = outcomes.filter((outcome) => 'accountId' in outcome);
    for (const outcome of outcomes) {
      if ('refused' in outcome)
        expect(outcome).toMatchObject({
          refused: 'member_exists',
          detail: expect.stringContaining(opened?.accountId ?? '?'),
        });
    }
  });

  test('of the same user name belongs to each institution on its own', async () => {
    const externalUserId = ulid();
    const other = await activeInstitution(world, []);
    const [one, two] = [
      granted(await open({ externalUserId })),
      granted(await open({ externalUserId, institutionId: other })),
    ];
    expect(one.accountId).not.toBe(two.accountId);
  });

  test('is opened once, wherever the process dies', async () => {
    const undisturbed = startProcess();
    granted(await open({ identity }, worldOf(tables, counterparty, { process: undisturbed })));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        // what was proved is not asked about again
        const facts = { externalUserId: ulid(), operationId: ulid(), identity: { ...identity, name: ulid() } };
        await expect(
          open(facts, worldOf(tables, counterparty, { process: startProcess({ call, blow }) })),
        ).rejects.toThrow(/died/);
        const member = granted(await open(facts));
        expect(await findMember(world, member.accountId)).toEqual(member);
        expect(await readAccount(world.ledger, member.accountId)).toBeDefined();
      }
    }
  });

  test('with an identity is opened after a channel has confirmed it, and keeps the number masked and sealed', async () => {
    institutionId = await activeInstitution(world);
    const member = granted(await open({ identity }));
    expect(member.identity).toMatchObject({ idNumberMasked: '1***************11', verifiedBy: 'sandbox-wallet' });
    expect(counterparty.asked).toMatchObject([{ channel: 'sandbox-wallet', facts: { factors: 'two', ...identity } }]);
    const stored = await getItem(world.table, { pk: `MEMBER#${member.accountId}`, sk: 'MEMBER' });
    expect(stored).toHaveProperty('sealed.cipherText');
    const shown = JSON.stringify(stored, (_, value) => (typeof value === 'bigint' ? String(value) : value));
    expect(shown).not.toContain(identity.idNumber);
  });

  test.each([
    [{ outcome: 'refused', reason: 'identity_mismatch', retryElsewhere: false }, 'verification_failed'],
    [{ outcome: 'unknown', cause: 'timeout' }, 'verification_unavailable'],
  ] as const)('is not opened when the channel answers %p', async (answer, refused) => {
    institutionId = await activeInstitution(world);
    counterparty.verify = () => answer;
    const externalUserId = ulid();
    expect(await open({ externalUserId, identity })).toMatchObject({ refused });
    counterparty.verify = () => ({ outcome: 'succeeded' });
    granted(await open({ externalUserId, identity }));
  });

  test('with an identity that was proved lately asks no channel, and names the verification that answered', async () => {
    institutionId = await activeInstitution(world);
    const first = granted(await open({ identity }));
    const second = granted(await open({ identity }));
    expect(counterparty.asked).toHaveLength(1);
    const { verificationId, verifiedBy } = second.identity ?? {};
    expect(verifiedBy).toBe('sandbox-wallet');
    const stored = await getItem(world.table, { pk: `VERIFICATION#${verificationId}`, sk: 'VERIFICATION' });
    expect(stored).toMatchObject({ cachedFrom: first.identity?.verificationId, cost: 0n, fee: 0n });
  });

  test('with an identity is refused where the institution has no channel to ask', async () => {
    const alone = await activeInstitution(world, []);
    expect(await open({ institutionId: alone, identity })).toMatchObject({ refused: 'verification_unavailable' });
    granted(await open({ institutionId: alone }));
  });

  test('is listed among those of its institution, page by page', async () => {
    const own = await activeInstitution(world, []);
    for (const externalUserId of ['c', 'a', 'b']) granted(await open({ institutionId: own, externalUserId }));
    const first = await listMembers(world, own, { limit: 2 });
    expect(first.items.map(({ externalUserId }) => externalUserId)).toEqual(['a', 'b']);
    const after = Buffer.from(first.nextCursor ?? '', 'base64url').toString();
    const second = await listMembers(world, own, { limit: 2, after });
    expect(second.items.map(({ externalUserId }) => externalUserId)).toEqual(['c']);
    expect(second.nextCursor).toBeNull();
  });
});
