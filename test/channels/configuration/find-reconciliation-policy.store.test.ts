import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { putEntryWrite } from '../../../functions/channels/configuration/configuration-store.ts';
import { defaultPolicy, findReconciliationPolicy } from '../../../functions/channels/index.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { createTable, engines } from '../../support/engines.ts';

describe.each(engines)('the policy of a merchant number on $name', ({ client }) => {
  let table: Table;

  beforeAll(async () => {
    table = await createTable(client(), 'channels');
  });

  async function put(id: string, value: object, version = 1): Promise<void> {
    const facts = { changedBy: 'olga', changedAt: new Date(0).toISOString() };
    const entry = { kind: 'reconciliation-policies', id, value, version, ...facts } as const;
    const commit = committer(table.client, { random: Math.random, sleepMs: async () => {} });
    expect(await commit([putEntryWrite(table, entry, undefined)])).toMatchObject({ committed: true });
  }
  const found = (channel: string, merchantNo: string) => findReconciliationPolicy({ table }, { channel, merchantNo });

  test('is the most specific one, as a whole, and else what is built in', async () => {
    expect(await found('one', '1')).toEqual(defaultPolicy);

    const all = `all-${ulid().toLowerCase()}`;
    await put(all, { channel: '*', tolerance: { amount: 7, fee: 7 } });
    await put('one', { channel: 'one', automatic: [{ types: ['duplicate'], upTo: 5, resolution: 'write_off' }] }, 3);
    await put('one-1', { channel: 'one', merchantNo: '1', severity: { medium: 5, high: 6 } }, 2);

    expect(await found('two', '1')).toEqual({
      ...defaultPolicy,
      id: all,
      version: 1,
      tolerance: { amount: 7n, fee: 7n },
    });
    // nothing of the policy for all shows through
    expect(await found('one', '2')).toEqual({
      ...defaultPolicy,
      id: 'one',
      version: 3,
      automatic: [{ types: ['duplicate'], upTo: 5n, resolution: 'write_off' }],
    });
    expect(await found('one', '1')).toEqual({
      ...defaultPolicy,
      id: 'one-1',
      version: 2,
      severity: { medium: 5n, high: 6n },
    });
  });
});
