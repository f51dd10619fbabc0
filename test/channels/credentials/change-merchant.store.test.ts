import { randomUUID } from 'node:crypto';
import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { listChanges } from '../../../functions/channels/configuration/change-store.ts';
import {
  type MerchantKeeping,
  merchantChanges,
  putCredentials,
  putMerchant,
  readMerchant,
} from '../../../functions/channels/credentials/change-merchant.ts';
import { type Credentials, fingerprintOf } from '../../../functions/channels/credentials/credentials.ts';
import { listMerchants } from '../../../functions/channels/credentials/list-merchants.ts';
import {
  channelIdSchema,
  findMerchant,
  type Merchant,
  merchantsOf,
  registerMerchantWrites,
  type SecretVault,
  secretVault,
} from '../../../functions/channels/index.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { Crash, clientOf, objectOf, type Process, startProcess } from '../../payments/crash.ts';
import { createTable, engines } from '../../support/engines.ts';

const channel = channelIdSchema.parse('sandbox-bank');

describe.each(engines)('a merchant number on $name', ({ client }) => {
  let table: Table;

  beforeAll(async () => {
    table = await createTable(client(), 'channels');
  });

  function keepingOf(process: Process = startProcess()): MerchantKeeping & { readonly formatNames: readonly string[] } {
    const seen = { ...table, client: clientOf(process, table.client) };
    const commit = committer(seen.client, { random: Math.random, sleepMs: async () => {} });
    return { table: seen, commit, clock: () => new Date(), formatNames: ['sandbox-csv'] };
  }

  async function register(facts: Partial<Merchant> = {}): Promise<Merchant> {
    const merchantNo = ulid();
    const merchant: Merchant = {
      ...{ channel, merchantNo, currency: 'CNY', priority: 10, status: 'active', registeredAt: new Date() },
      ...{ institutionId: idFrom('inst', merchantNo), accountId: idFrom('acct', merchantNo) },
      ...facts,
    };
    await keepingOf().commit(registerMerchantWrites({ table }, merchant));
    return merchant;
  }

  const by = (operationId = ulid(), changedBy = 'olga') => ({ changedBy, operationId });
  const changesOf = async (merchant: Merchant) =>
    (await listChanges(table, merchantChanges(merchant), { limit: 50 })).items;

  test('is suspended and asked sooner, in every list of it', async () => {
    const merchant = await register();
    const changed = await putMerchant(keepingOf(), { ...merchant, priority: 3, status: 'suspended', ...by() });

    const expected = { ...merchant, priority: 3, status: 'suspended' };
    expect(changed).toEqual({ ...expected, version: 1 });
    expect(await findMerchant({ table }, channel, merchant.merchantNo)).toEqual(expected);
    expect(await merchantsOf({ table }, merchant.institutionId)).toEqual([expected]);
    const listed = await listMerchants({ table }, { channel, limit: 200 });
    expect(listed.items).toContainEqual(expected);
    expect(await changesOf(merchant)).toMatchObject([
      { version: 1, before: { priority: 10, status: 'active' }, after: { priority: 3, status: 'suspended' } },
    ]);
  });

  test('is changed by one of those who have seen the same', async () => {
    const merchant = await register();
    const rivals = [1, 2, 3, 4].map((priority) =>
      putMerchant(keepingOf(), { ...merchant, priority, version: 0, ...by() }),
    );
    const outcomes = await Promise.all(rivals);
    const winners = outcomes.filter((outcome) => !('refused' in outcome));
    expect(winners).toHaveLength(1);
    expect(await merchantsOf({ table }, merchant.institutionId)).toMatchObject([
      winners[0] ? { status: 'active' } : {},
    ]);
    expect(await changesOf(merchant)).toHaveLength(1);
  });

  test('that is not registered is not there', async () => {
    const nobody = { channel, merchantNo: 'nobody' };
    expect(await readMerchant({ table }, nobody)).toMatchObject({ refused: 'not_found' });
    expect(await putMerchant(keepingOf(), { ...nobody, priority: 1, status: 'active', ...by() })).toMatchObject({
      refused: 'not_found',
    });
  });

  test('is listed by channel and by institution, in pages', async () => {
    const institutionId = idFrom('inst', ulid());
    const all: Merchant[] = [];
    for (const priority of [1, 2, 3]) all.push(await register({ institutionId, priority }));
    const numbersOf = async (whose: Parameters<typeof listMerchants>[1]) => {
      const numbers: string[] = [];
      let after: string | undefined;
      do {
        const page = await listMerchants({ table }, { ...whose, limit: 2, ...(after !== undefined && { after }) });
        numbers.push(...page.items.map(({ merchantNo }) => merchantNo));
        after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, 'base64url').toString();
      } while (after !== undefined);
      return numbers;
    };
    expect(await numbersOf({ institutionId, limit: 2 })).toEqual(all.map(({ merchantNo }) => merchantNo));
    expect(await numbersOf({ institutionId, channel: 'sandbox-wallet', limit: 2 })).toEqual([]);
    const atChannel = await numbersOf({ channel, limit: 2 });
    expect(atChannel).toEqual(expect.arrayContaining(all.map(({ merchantNo }) => merchantNo)));
    expect(new Set(atChannel).size).toBe(atChannel.length);
  });

  describe('and its credentials', () => {
    const credentials = { apiKey: 'sk_test_12345', signingKey: 'whsec_67890' };

    function memoryVault(): SecretVault & { readonly secrets: Map<string, Credentials> } {
      const secrets = new Map<string, Credentials>();
      return {
        secrets,
        put: async ({ merchantNo }, given) => void secrets.set(merchantNo, given),
        read: async ({ merchantNo }) => secrets.get(merchantNo),
      };
    }

    test('leaves a fingerprint in the table and in the record, and the secret in neither', async () => {
      const merchant = await register();
      const vault = memoryVault();
      const changed = await putCredentials(
        { ...keepingOf(), vault },
        { ...merchant, credentials, reason: 'new', ...by() },
      );

      const note = { fingerprint: fingerprintOf(credentials), setBy: 'olga' };
      expect(changed).toMatchObject({ credentials: note, version: 1 });
      expect(vault.secrets.get(merchant.merchantNo)).toEqual(credentials);
      const seen = [await readMerchant({ table }, merchant), await changesOf(merchant)];
      expect(seen).toMatchObject([{ credentials: note }, [{ after: { credentials: note }, reason: 'new' }]]);
      expect(JSON.stringify(seen)).not.toMatch(/sk_test|whsec/);
    });

    test('stays as another operator has put it since, when a late retry comes', async () => {
      const merchant = await register();
      const keeping = { ...keepingOf(), vault: memoryVault() };
      const mine = { ...merchant, credentials: { apiKey: 'mine' }, ...by() };
      await putCredentials(keeping, mine);
      await putCredentials(keeping, { ...merchant, credentials: { apiKey: 'theirs' }, ...by() });
      await putCredentials(keeping, mine);
      expect(keeping.vault.secrets.get(merchant.merchantNo)).toEqual({ apiKey: 'theirs' });
      expect(await readMerchant({ table }, merchant)).toMatchObject({
        version: 2,
        credentials: { fingerprint: fingerprintOf({ apiKey: 'theirs' }) },
      });
    });

    test('ends the same wherever the process died: one record, and the secret of it', async () => {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        for (let call = 1; ; call++) {
          const merchant = await register();
          const vault = memoryVault();
          const command = { ...merchant, credentials, ...by() };
          const process = startProcess({ call, blow });
          const seen = { ...keepingOf(process), vault: { ...vault, ...objectOf(process, { put: vault.put }) } };
          const first = await putCredentials(seen, command).catch((error) => error);
          if (!(first instanceof Crash)) break;
          // no secret without a trace
          if (vault.secrets.size > 0) expect(await changesOf(merchant)).toHaveLength(1);
          await putCredentials({ ...keepingOf(), vault }, command);
          expect(await changesOf(merchant)).toHaveLength(1);
          expect(vault.secrets.get(merchant.merchantNo)).toEqual(credentials);
        }
      }
    });
  });
});

describe('the vault of credentials in Secrets Manager', () => {
  const vault = () => secretVault({ client: new SecretsManagerClient({}), prefix: `test-${randomUUID()}/merchants/` });

  test('gives back what was put last, and nothing where nothing was', async () => {
    const kept = vault();
    const merchant = { channel, merchantNo: '1601959334' };
    expect(await kept.read(merchant)).toBeUndefined();
    await kept.put(merchant, { apiKey: 'first' });
    expect(await kept.read(merchant)).toEqual({ apiKey: 'first' });
    const pem = '-----BEGIN PRIVATE KEY-----\nMIIB\n-----END PRIVATE KEY-----\n';
    await kept.put(merchant, { privateKey: pem });
    expect(await kept.read(merchant)).toEqual({ privateKey: pem });
    expect(await kept.read({ ...merchant, merchantNo: '160195933' })).toBeUndefined();
  });
});
