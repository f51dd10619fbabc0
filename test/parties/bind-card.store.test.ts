import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { type BindResult, registerMerchantWrites } from '../../functions/channels/index.ts';
import { type AccountId, type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { getItem } from '../../functions/kernel/table.ts';
import { type BindCommand, bindCard } from '../../functions/parties/bind-card.ts';
import type { Binding } from '../../functions/parties/binding.ts';
import { findBinding, listBindings } from '../../functions/parties/binding-store.ts';
import { openMemberAccount } from '../../functions/parties/open-member-account.ts';
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
  worldOf,
} from './parties-world.ts';

const card = { number: '6200000000000005', holderName: '张三', idNumber: '110101199003070011', mobile: '13800138000' };
const refusal: BindResult = { outcome: 'refused', reason: 'card_details_mismatch' };
const silence: BindResult = { outcome: 'unknown', cause: 'timeout' };

describe.each(engines)('a card on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
  let counterparty: Counterparty;
  let world: World;
  let accountId: AccountId;

  beforeAll(async () => {
    tables = await createTables(client());
    institutionId = await activeInstitution(worldOf(tables, new Counterparty()));
  });
  beforeEach(async () => {
    counterparty = new Counterparty();
    world = worldOf(tables, counterparty);
    accountId = await newMember();
  });

  async function newMember(): Promise<AccountId> {
    const facts = { institutionId, externalUserId: ulid(), currency: 'CNY', operationId: ulid() } as const;
    return granted(await openMemberAccount(world, facts)).accountId;
  }

  const bind = (facts: Partial<BindCommand> = {}, by = world) =>
    bindCard(by, { institutionId, accountId, card, operationId: ulid(), ...facts });

  const unbind = ({ id }: Binding, operationId = ulid()) => unbindCard(world, { institutionId, id, operationId });

  const stored = (id: string) => getItem(world.table, { pk: `BINDING#${id}`, sk: 'BINDING' });

  test('is bound at every channel of the institution that agrees', async () => {
    const binding = granted(await bind());
    expect(binding).toMatchObject({ status: 'active', cardMasked: '620000******0005', accountId });
    expect(Object.keys(binding.agreements).sort()).toEqual(['sandbox-bank', 'sandbox-wallet']);
    expect(await findBinding(world, binding.id)).toEqual(binding);
  });

  test('is bound where one channel agrees, whatever the other one says', async () => {
    for (const answer of [refusal, silence]) {
      counterparty.bind = ({ channel }) =>
        channel === 'sandbox-bank' ? answer : { outcome: 'succeeded', agreementNo: 'A1' };
      const binding = granted(await bind({ accountId: await newMember() }));
      expect(Object.keys(binding.agreements)).toEqual(['sandbox-wallet']);
    }
  });

  test('is asked for once at a channel, at the merchant number that is tried first', async () => {
    const two = await activeInstitution(world, ['sandbox-bank']);
    const facts = { channel: 'sandbox-bank', merchantNo: ulid(), currency: 'CNY', priority: 999 } as const;
    const channel = (await world.channels.catalogue()).find(({ id }) => id === 'sandbox-bank');
    if (!channel) throw new Error('no such channel');
    const second = { ...facts, channel: channel.id, institutionId: two, accountId: idFrom('acct', facts.merchantNo) };
    await world.commit(
      registerMerchantWrites(world.channels, { ...second, status: 'active', registeredAt: new Date() }),
    );
    const member = { institutionId: two, externalUserId: 'u', currency: 'CNY', operationId: ulid() } as const;
    const account = granted(await openMemberAccount(world, member)).accountId;
    granted(await bind({ institutionId: two, accountId: account }));
    expect(counterparty.asked).toHaveLength(1);
    expect(counterparty.asked[0]?.merchantNo).not.toBe(facts.merchantNo);
  });

  test('leaves no number in the clear', async () => {
    const binding = granted(await bind());
    const text = JSON.stringify(await stored(binding.id), (_, value) =>
      typeof value === 'bigint' ? String(value) : value,
    );
    for (const secret of [card.number, card.idNumber, card.mobile]) expect(text).not.toContain(secret);
  });

  test('of a member is bound once, and the second time names the binding', async () => {
    const binding = granted(await bind());
    const refused = { refused: 'card_already_bound', detail: expect.stringContaining(binding.id) };
    expect(await bind()).toEqual(refused);
    granted(await bind({ accountId: await newMember() }));
  });

  test('that many requests bind at once becomes one binding', async () => {
    const outcomes = await Promise.all(Array.from({ length: 6 }, () => bind()));
    const bound = new Set(outcomes.flatMap((outcome) => ('id' in outcome ? [outcome.id] : [])));
    expect(bound.size).toBe(1);
    for (const outcome of outcomes) {
      if ('refused' in outcome) expect(outcome.refused).toBe('card_already_bound');
    }
    const { items } = await listBindings(world, accountId, { limit: 10 });
    expect(items.filter(({ status }) => status === 'active')).toHaveLength(1);
    const requests = new Set(counterparty.asked.map(({ channel, requestNo }) => `${channel} ${requestNo}`));
    expect(requests.size).toBe(2);
  });

  test('that every channel refuses is not bound, forgotten, and free to be tried again', async () => {
    counterparty.bind = () => refusal;
    expect(await bind()).toMatchObject({
      refused: 'card_refused',
      detail: expect.stringContaining('card_details_mismatch'),
    });
    const { items } = await listBindings(world, accountId, { limit: 10 });
    expect(items).toMatchObject([{ status: 'refused' }]);
    expect(await stored(items[0]?.id ?? '')).not.toHaveProperty('sealed');
    counterparty.bind = new Counterparty().bind;
    expect(granted(await bind())).toMatchObject({ status: 'active' });
  });

  test('about which no channel speaks stays pending, and the next request goes on with the same request numbers', async () => {
    counterparty.bind = () => silence;
    expect(await bind()).toMatchObject({ refused: 'channel_unavailable' });
    const { items } = await listBindings(world, accountId, { limit: 10 });
    expect(items).toMatchObject([{ status: 'pending' }]);
    const asked = counterparty.asked.map(({ requestNo }) => requestNo).sort();

    counterparty.bind = new Counterparty().bind;
    counterparty.asked.length = 0;
    expect(granted(await bind())).toMatchObject({ id: items[0]?.id, status: 'active' });
    expect(counterparty.asked.map(({ requestNo }) => requestNo).sort()).toEqual(asked);
  });

  test('is bound once, wherever the process dies', async () => {
    const undisturbed = startProcess();
    granted(await bind({}, worldOf(tables, counterparty, { process: undisturbed })));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        const facts = { accountId: await newMember(), operationId: ulid() };
        counterparty.asked.length = 0;
        const dying = worldOf(tables, counterparty, { process: startProcess({ call, blow }) });
        await expect(bind(facts, dying)).rejects.toThrow(/died/);
        const binding = granted(await bind(facts));
        expect(binding).toMatchObject({ status: 'active', accountId: facts.accountId });
        const requests = new Set(counterparty.asked.map(({ channel, requestNo }) => `${channel} ${requestNo}`));
        expect(requests.size).toBe(2);
        expect((await listBindings(world, facts.accountId, { limit: 10 })).items).toHaveLength(1);
      }
    }
  });

  test('cannot be changed for another one under the same operation', async () => {
    const operationId = ulid();
    granted(await bind({ operationId }));
    const other = { ...card, number: '6200000000000104' };
    expect(await bind({ operationId, card: other })).toMatchObject({ refused: 'idempotency_mismatch' });
  });

  test('is not bound to a foreign or unknown account, nor without a merchant number', async () => {
    const other = await activeInstitution(world, []);
    expect(await bind({ institutionId: other })).toMatchObject({ refused: 'not_found' });
    expect(await bind({ accountId: idFrom('acct', 'nobody') })).toMatchObject({ refused: 'not_found' });
    const member = { institutionId: other, externalUserId: 'u', currency: 'CNY', operationId: ulid() } as const;
    const account = granted(await openMemberAccount(world, member)).accountId;
    expect(await bind({ institutionId: other, accountId: account })).toMatchObject({ refused: 'no_merchant' });
    expect(counterparty.asked).toEqual([]);
  });

  test('that is unbound is forgotten and can be bound anew', async () => {
    const binding = granted(await bind());
    expect(await unbind(binding)).toBe('unbound');
    expect(await findBinding(world, binding.id)).toMatchObject({ status: 'unbound', cardMasked: binding.cardMasked });
    expect(await stored(binding.id)).not.toHaveProperty('sealed');
    expect(granted(await bind()).id).not.toBe(binding.id);
  });

  test('is unbound once: a retry of that operation sees it done, another operation is refused', async () => {
    const binding = granted(await bind());
    const operationId = ulid();
    expect(await unbind(binding, operationId)).toBe('unbound');
    expect(await unbind(binding, operationId)).toBe('unbound');
    expect(await unbind(binding)).toMatchObject({ refused: 'already_unbound' });
  });

  test('is not another institution’s to unbind', async () => {
    const { id } = granted(await bind());
    const foreign = { institutionId: idFrom('inst', 'other'), id, operationId: ulid() };
    expect(await unbindCard(world, foreign)).toMatchObject({ refused: 'not_found' });
    expect(await findBinding(world, id)).toMatchObject({ status: 'active' });
  });

  test('list of a member goes from page to page, oldest first', async () => {
    const numbers = ['6200000000000005', '6200000000000104', '6200000000000112'];
    const ids: string[] = [];
    for (const [n, number] of numbers.entries()) {
      const operationId = ulid(1_700_000_000_000 + n);
      ids.push(granted(await bind({ card: { ...card, number }, operationId })).id);
    }
    const first = await listBindings(world, accountId, { limit: 2 });
    const after = Buffer.from(first.nextCursor ?? '', 'base64url').toString();
    const second = await listBindings(world, accountId, { limit: 2, after });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
    expect(second.nextCursor).toBeNull();
  });
});
