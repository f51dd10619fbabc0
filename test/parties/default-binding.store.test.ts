import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { type AccountId, type BindingId, type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { getItem } from '../../functions/kernel/table.ts';
import { requestChange } from '../../functions/ledger/account-changes.ts';
import { readAccount } from '../../functions/ledger/index.ts';
import { addAgreements } from '../../functions/parties/add-agreements.ts';
import { bindCard } from '../../functions/parties/bind-card.ts';
import { findBinding, listBindings } from '../../functions/parties/binding-store.ts';
import { closeMember } from '../../functions/parties/close-member.ts';
import { findDefault } from '../../functions/parties/default-store.ts';
import { openMemberAccount } from '../../functions/parties/open-member-account.ts';
import { setDefaultBinding } from '../../functions/parties/set-default.ts';
import { registerSettlementAccount } from '../../functions/parties/settlement-accounts.ts';
import { unbindCard } from '../../functions/parties/unbind-card.ts';
import { startProcess } from '../payments/crash.ts';
import { engines } from '../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  type Tables,
  type World,
  type WorldFacts,
  worldOf,
} from './parties-world.ts';

const holder = { holderName: '张三', idNumber: '110101199003070011', mobile: '13800138000' };
const [one, two, three] = ['6200000000000005', '6200000000000104', '6200000000000112'] as const;

describe.each(engines)('the cards of a member on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
  let accountId: AccountId;
  let counterparty: Counterparty;
  let world: World;

  beforeAll(async () => {
    tables = await createTables(client());
    institutionId = await activeInstitution(worldOf(tables, new Counterparty()));
  });
  beforeEach(async () => {
    counterparty = new Counterparty();
    world = worldAs();
    await newMember();
  });

  const worldAs = (facts: WorldFacts = {}) => worldOf(tables, counterparty, facts);

  async function newMember(): Promise<void> {
    const facts = { institutionId, externalUserId: ulid(), currency: 'CNY', operationId: ulid() } as const;
    accountId = granted(await openMemberAccount(world, facts)).accountId;
  }

  const tryBind = (number: string) =>
    bindCard(world, { institutionId, accountId, card: { number, ...holder }, operationId: ulid() });
  const bind = async (number: string) => granted(await tryBind(number)).id;
  const unbind = async (id: BindingId) => granted(await unbindCard(world, { institutionId, id, operationId: ulid() }));
  const setDefault = (id: BindingId) => setDefaultBinding(world, { institutionId, id });
  const theDefault = async () => (await findDefault(world, accountId)).bindingId;
  const active = async () =>
    (await listBindings(world, accountId, { limit: 50 })).items.filter(({ status }) => status === 'active');

  test('know their bank and type by the bin, where it is known', async () => {
    expect(await findBinding(world, await bind(one))).toMatchObject({ bank: 'ICBC', cardType: 'debit' });
    const unknown = await findBinding(world, await bind('4000000000000002'));
    expect([unknown?.bank, unknown?.cardType]).toEqual([undefined, undefined]);
  });

  test('have no default before the first one, which then is it', async () => {
    expect(await theDefault()).toBeUndefined();
    const first = await bind(one);
    await bind(two);
    expect(await theDefault()).toBe(first);
  });

  test('have the one as default that was chosen last', async () => {
    const ids = [await bind(one), await bind(two)] as const;
    granted(await setDefault(ids[1]));
    expect(await theDefault()).toBe(ids[1]);
    granted(await setDefault(ids[1]));
    granted(await setDefault(ids[0]));
    expect(await theDefault()).toBe(ids[0]);
  });

  test('pass the default on to the oldest one that is left', async () => {
    const ids = [await bind(one), await bind(two), await bind(three)] as const;
    granted(await setDefault(ids[2]));
    await unbind(ids[1]);
    expect(await theDefault()).toBe(ids[2]);
    await unbind(ids[2]);
    expect(await theDefault()).toBe(ids[0]);
    await unbind(ids[0]);
    expect(await theDefault()).toBeUndefined();
    const anew = await bind(two);
    expect(await theDefault()).toBe(anew);
  });

  test('take no default that is foreign, unknown or not active', async () => {
    const id = await bind(one);
    expect(await setDefaultBinding(world, { institutionId: idFrom('inst', 'other'), id })).toMatchObject({
      refused: 'not_found',
    });
    expect(await setDefault(idFrom('bind', 'none'))).toMatchObject({ refused: 'not_found' });
    await unbind(id);
    expect(await setDefault(id)).toMatchObject({ refused: 'binding_not_active' });
  });

  test('have exactly one default that is active, whatever is bound, chosen and unbound at once', async () => {
    for (let round = 1; round <= 4; round++) {
      await newMember();
      const [first, second] = [await bind(one), await bind(two)];
      await Promise.all([setDefault(second), unbind(first), bind(three), setDefault(first), unbind(second)]);
      const left = await active();
      expect(left).toHaveLength(1);
      expect(await theDefault()).toBe(left[0]?.id);
      await Promise.all([unbind(left[0]?.id ?? first), bind(one)]);
      const [last] = await active();
      expect(await theDefault()).toBe(last?.id);
    }
  });

  test('have an active default, at whatever moment of a binding another card is unbound, and the other way round', async () => {
    const binding = (by: World) =>
      bindCard(by, { institutionId, accountId, card: { number: two, ...holder }, operationId: ulid() });
    const unbinding = (id: BindingId) => (by: World) => unbindCard(by, { institutionId, id, operationId: ulid() });
    for (const struck of ['binding', 'unbinding'] as const) {
      for (let call = 1, ended = false; !ended; call++) {
        await newMember();
        const first = await bind(one);
        const [act, blow] =
          struck === 'binding'
            ? [binding, () => unbinding(first)(world)]
            : [unbinding(first), () => binding(world).then(granted)];
        const process = startProcess({ call, blow });
        granted<unknown>(await act(worldAs({ process })));
        ended = process.calls() < call;
        if (ended) continue;
        const [left] = await active();
        expect(left?.id).not.toBe(first);
        expect(await theDefault()).toBe(left?.id);
      }
    }
  });

  test('are used at a channel that was registered later, once it has agreed to them', async () => {
    institutionId = await activeInstitution(world, ['sandbox-wallet']);
    await newMember();
    const id = await bind(one);
    const merchant = {
      institutionId,
      channel: 'sandbox-bank',
      merchantNo: ulid(),
      currency: 'CNY',
      priority: 9,
    } as const;
    granted(await registerSettlementAccount(world, { ...merchant, operationId: ulid() }));
    counterparty.asked.length = 0;
    const added = granted(await addAgreements(world, { institutionId, id }));
    expect(Object.keys(added.agreements).sort()).toEqual(['sandbox-bank', 'sandbox-wallet']);
    expect(counterparty.asked).toMatchObject([{ channel: 'sandbox-bank', card: { number: one, ...holder } }]);
    expect(granted(await addAgreements(world, { institutionId, id }))).toEqual(added);
    expect(counterparty.asked).toHaveLength(1);
  });

  test('stay as they are where a further channel refuses or says nothing', async () => {
    counterparty.bind = ({ channel }) =>
      channel === 'sandbox-bank'
        ? { outcome: 'unknown', cause: 'timeout' }
        : { outcome: 'succeeded', agreementNo: 'A' };
    const id = await bind(one);
    expect(await addAgreements(world, { institutionId, id })).toMatchObject({ refused: 'channel_unavailable' });
    counterparty.bind = () => ({ outcome: 'refused', reason: 'card_unknown' });
    expect(await addAgreements(world, { institutionId, id })).toMatchObject({ refused: 'card_refused' });
    counterparty.bind = () => ({ outcome: 'code_sent' });
    const asked = granted(await addAgreements(world, { institutionId, id }));
    expect(asked).toMatchObject({ status: 'active', codes: { 'sandbox-bank': { tries: 0 } } });
    await unbind(id);
    expect(await addAgreements(world, { institutionId, id })).toMatchObject({ refused: 'binding_not_active' });
  });

  test('are bound and widened while the account is neither blocked nor closed', async () => {
    const id = await bind(one);
    const caller = { kind: 'operator', clientId: 'olga' } as const;
    const block = { caller, accountId, wanted: { status: 'blocked' }, reason: 'test', operationId: ulid() } as const;
    granted(await requestChange(world.ledger, block));
    expect(await tryBind(two)).toMatchObject({ refused: 'account_blocked' });
    expect(await addAgreements(world, { institutionId, id })).toMatchObject({ refused: 'account_blocked' });
    granted(await requestChange(world.ledger, { ...block, wanted: { status: 'closed' }, operationId: ulid() }));
    expect(await tryBind(two)).toMatchObject({ refused: 'account_closed' });
  });

  const close = (operationId = ulid(), by = world) =>
    closeMember(by, {
      caller: { kind: 'institution', clientId: 'app', institutionId },
      accountId,
      reason: 'the member leaves',
      operationId,
    });

  test('are unbound and forgotten when the member leaves', async () => {
    const ids = [await bind(one), await bind(two)];
    expect(await close()).toBe('closed');
    expect(await readAccount(world.ledger, accountId)).toMatchObject({ status: 'closed' });
    for (const id of ids) {
      expect(await findBinding(world, id)).toMatchObject({ status: 'unbound' });
      expect(await getItem(world.table, { pk: `BINDING#${id}`, sk: 'BINDING' })).not.toHaveProperty('sealed');
    }
    expect(await theDefault()).toBeUndefined();
    expect(await close()).toBe('closed');
  });

  test('are unbound, and the account is closed once, wherever the process dies', async () => {
    await bind(one);
    const undisturbed = startProcess();
    granted(await close(ulid(), worldAs({ process: undisturbed })));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        await newMember();
        const id = await bind(one);
        const operationId = ulid();
        await expect(close(operationId, worldAs({ process: startProcess({ call, blow }) }))).rejects.toThrow(/died/);
        expect(await close(operationId)).toBe('closed');
        expect(await findBinding(world, id)).toMatchObject({ status: 'unbound' });
        expect(await readAccount(world.ledger, accountId)).toMatchObject({ status: 'closed' });
      }
    }
  });

  test('are not another institution’s to close', async () => {
    const caller = { kind: 'institution', clientId: 'app', institutionId: idFrom('inst', 'other') } as const;
    expect(await closeMember(world, { caller, accountId, reason: 'x', operationId: ulid() })).toMatchObject({
      refused: 'not_found',
    });
  });
});
