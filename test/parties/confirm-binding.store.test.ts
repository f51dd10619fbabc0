import { beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import type { BindResult } from '../../functions/channels/index.ts';
import { type AccountId, type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { getItem } from '../../functions/kernel/table.ts';
import { bindingAnswer } from '../../functions/parties/answers.ts';
import { bindCard } from '../../functions/parties/bind-card.ts';
import type { Binding } from '../../functions/parties/binding.ts';
import { findBinding } from '../../functions/parties/binding-store.ts';
import { confirmBinding } from '../../functions/parties/confirm-binding.ts';
import { expireBindings } from '../../functions/parties/expire-binding.ts';
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
  type WorldFacts,
  worldOf,
} from './parties-world.ts';

const card = { number: '6200000000000005', holderName: '张三', idNumber: '110101199003070011', mobile: '13800138000' };
const sent: BindResult = { outcome: 'code_sent' };
const right = '123456';
const wrong = '000000';

describe.each(engines)('a card whose channels ask for codes, on $name', ({ client }) => {
  let tables: Tables;
  let institutionId: InstitutionId;
  let accountId: AccountId;
  let counterparty: Counterparty;
  let world: World;
  let now: Date;

  beforeAll(async () => {
    tables = await createTables(client());
    institutionId = await activeInstitution(worldOf(tables, new Counterparty()));
  });
  beforeEach(async () => {
    counterparty = new Counterparty();
    now = new Date();
    world = worldAs();
    await newMember();
    counterparty.bind = () => sent;
  });

  const worldAs = (facts: WorldFacts = {}) => worldOf(tables, counterparty, { clock: () => now, ...facts });
  const later = (minutes: number) => {
    now = new Date(now.getTime() + minutes * 60_000);
  };

  async function newMember(): Promise<void> {
    const facts = { institutionId, externalUserId: ulid(), currency: 'CNY', operationId: ulid() } as const;
    accountId = granted(await openMemberAccount(world, facts)).accountId;
  }

  const bind = (operationId = ulid()) => bindCard(world, { institutionId, accountId, card, operationId });
  const bound = async () => granted(await bind());

  const confirm = (
    { id }: Binding,
    facts: { code?: string; channel?: string; operationId?: string; by?: World } = {},
  ) => {
    const { by = world, code = right, channel = 'sandbox-bank', operationId = ulid() } = facts;
    return confirmBinding(by, { institutionId, id, code, channel, operationId });
  };

  const shown = (binding: Binding) => bindingAnswer(binding, { defaultId: undefined, now });
  const stored = ({ id }: Binding) => getItem(world.table, { pk: `BINDING#${id}`, sk: 'BINDING' });

  test('waits for a code of each of them', async () => {
    const binding = await bound();
    expect(binding).toMatchObject({ status: 'pending', agreements: {} });
    expect(await findBinding(world, binding.id)).toEqual(binding);
    expect(shown(binding).nextAction).toMatchObject({ type: 'code', channels: ['sandbox-bank', 'sandbox-wallet'] });
  });

  test('is bound by the first right code; the other channel is won by its own', async () => {
    const binding = await bound();
    const first = granted(await confirm(binding));
    expect(first).toMatchObject({ status: 'active' });
    expect(Object.keys(first.agreements)).toEqual(['sandbox-bank']);
    expect(shown(first).nextAction).toMatchObject({ channels: ['sandbox-wallet'] });
    const second = granted(await confirm(binding, { channel: 'sandbox-wallet' }));
    expect(Object.keys(second.agreements).sort()).toEqual(['sandbox-bank', 'sandbox-wallet']);
    expect(shown(second).nextAction).toBeUndefined();
    expect(await findBinding(world, binding.id)).toEqual(second);
  });

  test('names the channel of a code where several wait for one, and needs not where one does', async () => {
    const binding = await bound();
    const code = { institutionId, id: binding.id, code: right };
    expect(await confirmBinding(world, { ...code, operationId: ulid() })).toMatchObject({
      refused: 'channel_required',
    });
    granted(await confirm(binding));
    expect(granted(await confirmBinding(world, { ...code, operationId: ulid() }))).toMatchObject({ status: 'active' });
  });

  test('is active at once where another channel agrees without one', async () => {
    counterparty.bind = ({ channel }) =>
      channel === 'sandbox-bank' ? sent : { outcome: 'succeeded', agreementNo: 'A1' };
    const binding = await bound();
    expect(binding).toMatchObject({ status: 'active' });
    expect(shown(binding)).toMatchObject({ channels: ['sandbox-wallet'], nextAction: { channels: ['sandbox-bank'] } });
    expect(Object.keys(granted(await confirm(binding)).agreements)).toHaveLength(2);
  });

  test('takes five codes for a step, and ends with the last step', async () => {
    const binding = await bound();
    for (const channel of ['sandbox-bank', 'sandbox-wallet']) {
      for (let tries = 1; tries <= 4; tries++) {
        expect(await confirm(binding, { code: wrong, channel })).toMatchObject({
          refused: 'wrong_code',
          detail: expect.stringContaining(`${5 - tries} more`),
        });
      }
      expect(await confirm(binding, { code: wrong, channel })).toMatchObject({ refused: 'card_refused' });
      expect(await confirm(binding, { channel })).toMatchObject({ refused: 'nothing_to_confirm' });
    }
    expect(counterparty.codes).toHaveLength(10);
    expect(await findBinding(world, binding.id)).toMatchObject({ status: 'refused' });
    expect(await stored(binding)).not.toHaveProperty('sealed');
    expect(granted(await bind()).id).not.toBe(binding.id);
  });

  test('tells a channel no more than five codes, however many are told at once', async () => {
    const binding = await bound();
    await Promise.all(Array.from({ length: 20 }, () => confirm(binding, { code: wrong })));
    for (let tries = 1; tries <= 10; tries++) await confirm(binding, { code: wrong });
    expect(counterparty.codes).toHaveLength(5);
  });

  test('tells a channel no sixth code, though the process of the fifth died before it heard the answer', async () => {
    const binding = await bound();
    for (let tries = 1; tries <= 4; tries++) await confirm(binding, { code: wrong });
    for (let call = 1; counterparty.codes.length < 5; call++) {
      const dying = worldAs({ process: startProcess({ call, blow: 'dies_after' }) });
      await expect(confirm(binding, { code: wrong, by: dying })).rejects.toThrow(/died/);
      const tries = (await findBinding(world, binding.id))?.codes['sandbox-bank' as keyof typeof binding.codes]?.tries;
      if (tries === 5) break;
    }
    expect(await confirm(binding)).toMatchObject({ refused: 'card_refused' });
    expect(counterparty.codes.length).toBeLessThanOrEqual(5);
    expect(counterparty.codes.map(({ code }) => code)).not.toContain(right);
  });

  test('ends the step at once where the channel takes no more codes', async () => {
    counterparty.confirmBinding = () => ({ outcome: 'refused', reason: 'too_many_codes' });
    const binding = await bound();
    expect(await confirm(binding)).toMatchObject({ refused: 'card_refused' });
    expect(shown((await findBinding(world, binding.id)) ?? binding).nextAction).toMatchObject({
      channels: ['sandbox-wallet'],
    });
  });

  test('whose channel is silent about a code can tell it again', async () => {
    const binding = await bound();
    const answer = counterparty.confirmBinding;
    counterparty.confirmBinding = () => ({ outcome: 'unknown', cause: 'timeout' });
    expect(await confirm(binding)).toMatchObject({ refused: 'channel_unavailable' });
    counterparty.confirmBinding = answer;
    expect(granted(await confirm(binding))).toMatchObject({ status: 'active' });
  });

  test('has expired when no code came for ten minutes; the card is free to be bound anew', async () => {
    const [told, rebound, swept] = [await bound(), await newMember().then(bound), await newMember().then(bound)];
    later(10);
    expect(await confirm(told)).toMatchObject({ refused: expect.stringMatching(/code_expired|nothing_to_confirm/) });
    expect(await findBinding(world, told.id)).toMatchObject({ status: 'expired' });
    accountId = rebound.accountId;
    expect(granted(await bind()).id).not.toBe(rebound.id);
    expect(await findBinding(world, rebound.id)).toMatchObject({ status: 'expired' });
    await expireBindings(world, { limit: 100 });
    expect(await findBinding(world, swept.id)).toMatchObject({ status: 'expired' });
    expect(await stored(swept)).not.toHaveProperty('sealed');
  });

  test('that is asked for again keeps its tries and its time', async () => {
    const binding = await bound();
    await confirm(binding, { code: wrong });
    later(5);
    const again = await bound();
    expect(again).toMatchObject({
      id: binding.id,
      codes: {
        'sandbox-bank': { tries: 1, expiresAt: binding.codes['sandbox-bank' as keyof typeof binding.codes]?.expiresAt },
      },
    });
  });

  test('under its own operation is answered as it stands, and no code is sent twice', async () => {
    const operationId = ulid();
    const first = granted(await bind(operationId));
    counterparty.asked.length = 0;
    expect(granted(await bind(operationId))).toEqual(first);
    expect(counterparty.asked).toEqual([]);
  });

  test('is not another institution’s to confirm', async () => {
    const { id } = await bound();
    const foreign = { institutionId: idFrom('inst', 'other'), id, code: right, operationId: ulid() };
    expect(await confirmBinding(world, foreign)).toMatchObject({ refused: 'not_found' });
    expect(counterparty.codes).toEqual([]);
  });

  test('that waits for nothing takes no code', async () => {
    counterparty.bind = new Counterparty().bind;
    expect(await confirm(await bound())).toMatchObject({ refused: 'nothing_to_confirm' });
  });

  test('is confirmed once, wherever the process dies', async () => {
    const undisturbed = startProcess();
    granted(await confirm(await bound(), { by: worldAs({ process: undisturbed }) }));
    counterparty.codes.length = 0;
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        await newMember();
        const binding = await bound();
        const operationId = ulid();
        const dying = worldAs({ process: startProcess({ call, blow }) });
        await expect(confirm(binding, { operationId, by: dying })).rejects.toThrow(/died/);
        const confirmed = granted(await confirm(binding, { operationId }));
        expect(confirmed).toMatchObject({ status: 'active' });
        expect(Object.keys(confirmed.agreements)).toEqual(['sandbox-bank']);
        expect(new Set(counterparty.codes.map(({ requestNo }) => requestNo)).size).toBe(1);
        counterparty.codes.length = 0;
      }
    }
  });
});
