import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import {
  deleteConfiguration,
  type Putting,
  putConfiguration,
} from '../../../functions/channels/configuration/change-configuration.ts';
import { listChanges } from '../../../functions/channels/configuration/change-store.ts';
import type { KindName } from '../../../functions/channels/configuration/kinds/kind-names.ts';
import { listConfiguration, readEntry } from '../../../functions/channels/configuration/list-configuration.ts';
import {
  adapterWith,
  bankOfCard,
  channelIdSchema,
  channelsOf,
  type Merchant,
  readConfiguration,
  registerMerchantWrites,
  sandboxConfiguration,
} from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { Crash, clientOf, type Process, startProcess } from '../../payments/crash.ts';
import { createTable, engines } from '../../support/engines.ts';
import { goodValues, share } from './surroundings.ts';

const quiet = async () => ({ outcome: 'unknown', cause: 'nobody asks here' }) as const;

describe.each(engines)('the configuration of channels on $name', ({ client }) => {
  let table: Table;

  beforeAll(async () => {
    table = await createTable(client(), 'channels');
  });

  function configuringOf(process: Process = startProcess(), clock = () => new Date()): Putting {
    const seen = { ...table, client: clientOf(process, table.client) };
    const adapter = adapterWith({
      collect: quiet,
      payout: quiet,
      query: quiet,
      cancel: quiet,
      verify: quiet,
      queryVerification: quiet,
    });
    return {
      channels: { table: seen, adapters: { sandbox: adapter, 'sandbox-xml': adapter }, builtIn: sandboxConfiguration },
      commit: committer(seen.client, { random: Math.random, sleepMs: async () => {} }),
      clock,
      formatNames: ['sandbox-csv'],
    };
  }

  interface Facts {
    readonly value?: Record<string, unknown>;
    readonly version?: number;
    readonly reason?: string;
    readonly operationId?: string;
    readonly changedBy?: string;
  }

  const put = (kind: KindName, id: string, facts: Facts = {}, configuring = configuringOf()) => {
    const { value = goodValues[kind].value, version, reason, operationId = ulid(), changedBy = 'olga' } = facts;
    return putConfiguration(configuring, { kind, id, put: { kind, value, version, reason }, changedBy, operationId });
  };
  const remove = (kind: KindName, id: string, facts: Omit<Facts, 'value'> = {}, configuring = configuringOf()) =>
    deleteConfiguration(configuring, { kind, id, changedBy: 'olga', operationId: ulid(), ...facts });
  const changesOf = async (kind: string, id: string) => (await listChanges(table, { kind, id }, { limit: 50 })).items;

  const newId = () => `x${ulid().toLowerCase()}`;
  const off = (reason: string) => ({ bank: 'HARBOUR', on: false, reason });

  test('is read back as it was put, with its version and who put it', async () => {
    const id = newId();
    const entry = await put('switches', id, { value: off('upgrade') });
    expect(entry).toMatchObject({ kind: 'switches', id, version: 1, value: off('upgrade'), changedBy: 'olga' });
    expect(await readEntry(configuringOf().channels, 'switches', id)).toEqual(entry);
    const { switches } = await readConfiguration(configuringOf().channels);
    expect(switches.find((each) => each.id === id)).toMatchObject({ bank: 'HARBOUR', on: false });
  });

  test('keeps who changed what, when, from what to what and why, over a deletion as well', async () => {
    const id = newId();
    await put('switches', id, { value: off('upgrade'), reason: 'the bank called' });
    await put('switches', id, { value: off('longer upgrade'), changedBy: 'piotr' });
    await remove('switches', id, { reason: 'it is back' });
    await put('switches', id, { value: off('again') });

    const changes = await changesOf('switches', id);

    expect(
      changes.map(({ version, before, after, changedBy, reason }) => [version, before, after, changedBy, reason]),
    ).toEqual([
      [4, undefined, off('again'), 'olga', undefined],
      [3, off('longer upgrade'), undefined, 'olga', 'it is back'],
      [2, off('upgrade'), off('longer upgrade'), 'piotr', undefined],
      [1, undefined, off('upgrade'), 'olga', 'the bank called'],
    ]);
  });

  test('lists the changes of one thing and of all in pages, newest first', async () => {
    const id = newId();
    // the last of all changes, whoever else makes some
    const late = Date.UTC(2099, 0, 1) + Date.now();
    for (const [index, reason] of ['one', 'two', 'three'].entries()) {
      await put('switches', id, { value: off(reason), operationId: ulid(late + index) });
    }

    for (const whose of [{ kind: 'switches', id }, 'everything'] as const) {
      const first = await listChanges(table, whose, { limit: 2 });
      expect(first.items.map(({ after }) => after)).toEqual([off('three'), off('two')]);
      const after = Buffer.from(first.nextCursor ?? '', 'base64url').toString();
      const [next] = (await listChanges(table, whose, { limit: 2, after })).items;
      expect(next?.after).toEqual(off('one'));
    }
  });

  test('is not changed by what is there already', async () => {
    const id = newId();
    const first = await put('limits', id);
    expect(await put('limits', id, { changedBy: 'piotr' })).toEqual(first);
    expect(await changesOf('limits', id)).toHaveLength(1);
  });

  test('turns away who has seen another version', async () => {
    const id = newId();
    expect(await put('switches', id, { version: 1 })).toMatchObject({ refused: 'changed_meanwhile' });
    await put('switches', id, { version: 0 });
    expect(await put('switches', id, { version: 0, value: off('late') })).toMatchObject({
      refused: 'changed_meanwhile',
    });
    expect(await put('switches', id, { version: 1, value: off('in time') })).toMatchObject({ version: 2 });
    expect(await remove('switches', id, { version: 1 })).toMatchObject({ refused: 'changed_meanwhile' });
    expect(await remove('switches', id, { version: 2 })).toBe('deleted');
    expect(await remove('switches', id)).toMatchObject({ refused: 'not_found' });
  });

  test('lets one of many win who have seen the same, and leaves one record', async () => {
    const id = newId();
    const rivals = Array.from({ length: 8 }, (_, rival) => put('switches', id, { version: 0, value: off(`${rival}`) }));
    const outcomes = await Promise.all(rivals);
    expect(outcomes.filter((outcome) => !('refused' in outcome))).toHaveLength(1);
    expect(await changesOf('switches', id)).toHaveLength(1);
  });

  test('takes a change once, however often its operation is repeated, and wherever it died', async () => {
    for (const blow of ['dies_before', 'dies_after'] as const) {
      for (let call = 1; ; call++) {
        const [id, made, gone] = [newId(), { operationId: ulid(), version: 0 }, { operationId: ulid(), version: 1 }];
        const dying = () => configuringOf(startProcess({ call, blow }));
        const put1st = await put('switches', id, made, dying()).catch((error) => error);
        expect(await put('switches', id, made)).toMatchObject({ version: 1 });
        const removed1st = await remove('switches', id, gone, dying()).catch((error) => error);
        expect(await remove('switches', id, gone)).toBe('deleted');
        expect(await changesOf('switches', id)).toHaveLength(2);
        if (!(put1st instanceof Crash) && !(removed1st instanceof Crash)) break;
      }
    }
  });

  test('is not changed by a late retry of what another has replaced', async () => {
    const id = newId();
    const mine = { value: off('mine'), operationId: ulid() };
    await put('switches', id, mine);
    await put('switches', id, { value: off('theirs') });
    expect(await put('switches', id, mine)).toMatchObject({ version: 1, value: off('mine') });
    expect(await readEntry(configuringOf().channels, 'switches', id)).toMatchObject({
      version: 2,
      value: off('theirs'),
    });
  });

  test('says of each field what is wrong', async () => {
    const outcome = await put('switches', newId(), {
      value: { bank: 'NOWHERE', channel: 'nowhere', on: true, reason: '?' },
    });
    expect(outcome).toMatchObject({
      refused: 'invalid_configuration',
      errors: [
        { field: 'body.value.channel', message: 'there is no channel nowhere' },
        { field: 'body.value.bank', message: 'there is no bank NOWHERE' },
      ],
    });
    expect(await put('banks', 'lower')).toMatchObject({
      refused: 'invalid_configuration',
      errors: [{ field: 'path.id' }],
    });
    const facts = { changedBy: 'olga', operationId: ulid() };
    expect(
      await putConfiguration(configuringOf(), {
        kind: 'limits',
        id: 'x',
        put: { kind: 'switches', value: {} },
        ...facts,
      }),
    ).toMatchObject({ refused: 'invalid_configuration', errors: [{ field: 'body.kind' }] });
  });

  test('overlays what is built in, and shows it again when the overlay is deleted', async () => {
    const { channels } = configuringOf();
    const builtIn = await readEntry(channels, 'channels', 'sandbox-wallet');
    expect(builtIn).toMatchObject({
      version: 0,
      operations: ['verify', 'queryVerification', 'collect', 'payout', 'query', 'cancel'],
    });
    const value = { ...goodValues.channels.value, name: 'Our wallet', active: false };
    await put('channels', 'sandbox-wallet', { value, version: 0 });

    const nameOf = async () =>
      (await readConfiguration(channels)).channels.filter(({ id }) => id === 'sandbox-wallet').map(({ name }) => name);
    expect(await nameOf()).toEqual(['Our wallet']);
    const { items } = await listConfiguration(channels, 'channels', { limit: 200 });
    expect(items.filter(({ id }) => id === 'sandbox-wallet')).toMatchObject([{ version: 1, value }]);

    expect(await remove('channels', 'sandbox-wallet')).toBe('deleted');
    expect(await nameOf()).toEqual(['Sandbox Wallet']);
    expect(await remove('channels', 'sandbox-wallet')).toMatchObject({ refused: 'not_found' });
  });

  test('lists what is stored and what is built in by id, in pages', async () => {
    const { channels } = configuringOf();
    await put('banks', 'IBANK');
    await put('banks', 'MEADOW', { value: { name: { en: 'Our Meadow', zh: '草原' } } });
    const ids: string[] = [];
    let after: string | undefined;
    do {
      const page = await listConfiguration(channels, 'banks', { limit: 1, ...(after !== undefined && { after }) });
      ids.push(...page.items.map(({ id }) => id));
      after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, 'base64url').toString();
    } while (after !== undefined);
    expect(ids).toEqual(ids.toSorted());
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids).toEqual(expect.arrayContaining(['HARBOUR', 'IBANK', 'MEADOW', 'SANDBOX']));
  });

  test('keeps what others still name', async () => {
    await put('banks', 'NAMED');
    const id = newId();
    for (const [kind, value] of [
      ['switches', { bank: 'NAMED', on: true, reason: 'test' }],
      ['limits', { ...goodValues.limits.value, bank: 'NAMED' }],
      ['routes', { ...goodValues.routes.value, bank: 'NAMED' }],
    ] as const) {
      await put(kind, id, { value });
      expect(await remove('banks', 'NAMED')).toMatchObject({
        refused: 'in_use',
        detail: `NAMED is still named by ${kind} ${id}.`,
      });
      await remove(kind, id);
    }
    await put('card-bins', '6299', { value: { bank: 'NAMED', cardType: 'debit' } });
    expect(await remove('banks', 'NAMED')).toMatchObject({
      refused: 'in_use',
      detail: expect.stringContaining('card-bins 6299'),
    });
    await remove('card-bins', '6299');
    expect(await remove('banks', 'NAMED')).toBe('deleted');
  });

  test('keeps a channel that has merchant numbers', async () => {
    const id = channelIdSchema.parse(newId());
    await put('channels', id);
    const merchant: Merchant = {
      ...{ channel: id, merchantNo: '1', currency: 'CNY', priority: 1, status: 'active', registeredAt: new Date() },
      ...{ institutionId: idFrom('inst', id), accountId: idFrom('acct', id) },
    };
    await configuringOf().commit(registerMerchantWrites({ table }, merchant));
    expect(await remove('channels', id)).toMatchObject({
      refused: 'in_use',
      detail: expect.stringContaining('merchants 1'),
    });
  });

  describe('the bank of a card', () => {
    const source = () => configuringOf().channels;

    test('is that of the longest prefix, stored before built-in', async () => {
      expect(await bankOfCard(source(), '6210000000000004')).toEqual({ bank: 'HARBOUR', cardType: 'debit' });
      await put('card-bins', '6210', { value: { bank: 'MEADOW', cardType: 'credit' } });
      expect(await bankOfCard(source(), '6210000000000004')).toEqual({ bank: 'HARBOUR', cardType: 'debit' });
      expect(await bankOfCard(source(), '6210990000000004')).toEqual({ bank: 'MEADOW', cardType: 'credit' });
      await put('card-bins', '621000', { value: { bank: 'SANDBOX', cardType: 'prepaid' } });
      expect(await bankOfCard(source(), '6210000000000004')).toEqual({ bank: 'SANDBOX', cardType: 'prepaid' });
      await put('card-bins', '6210000000', { value: { bank: 'MEADOW', cardType: 'debit' } });
      expect(await bankOfCard(source(), '6210000000000004')).toEqual({ bank: 'MEADOW', cardType: 'debit' });
      expect(await bankOfCard(source(), '6210000001000004')).toEqual({ bank: 'SANDBOX', cardType: 'prepaid' });
    });

    test('is not known of any card', async () => {
      expect(await bankOfCard(source(), '4000000000000000')).toBeUndefined();
      expect(await bankOfCard(source(), '62')).toBeUndefined();
      expect(await bankOfCard(source(), '')).toBeUndefined();
    });
  });

  test('is read by a process again after five seconds, and again at once where reading failed', async () => {
    let now = Date.UTC(2026, 0, 1);
    let broken = false;
    const process = startProcess();
    const seen = {
      ...table,
      client: clientOf(process, {
        send: (async (command: never) => {
          if (broken) throw new Error('the line is broken');
          return table.client.send(command);
        }) as Table['client']['send'], // which has overloads that nobody here uses
      }),
    };
    const channels = channelsOf({ table: seen, adapters: {}, builtIn: [] }, () => new Date(now));
    const id = newId();
    const sees = async () => (await channels.configuration()).switches.some((each) => each.id === id);

    expect(await Promise.all([sees(), sees(), sees()])).toEqual([false, false, false]);
    expect(process.calls()).toBe(1);
    await put('switches', id, { value: off('test') });
    now += 4_999;
    expect(await sees()).toBe(false);
    expect(process.calls()).toBe(1);
    now += 1;
    broken = true;
    await expect(sees()).rejects.toThrow('broken');
    broken = false;
    expect(await sees()).toBe(true);
    expect(process.calls()).toBe(3);
  });

  test('costs one query however much of it there is but card bins', async () => {
    await put('card-bins', '6288');
    await put('fees', newId(), { value: { ...goodValues.fees.value, product: 'verification', schedule: [share(1)] } });
    const process = startProcess();
    const { fees } = await readConfiguration(configuringOf(process).channels);
    expect([process.calls(), fees.length > 0]).toEqual([1, true]);
  });
});
