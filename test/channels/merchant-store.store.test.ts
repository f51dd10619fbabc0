import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  channelIdSchema,
  findMerchant,
  type Merchant,
  merchantsOf,
  registerMerchantWrites,
} from '../../functions/channels/index.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { type CommitWrites, committer } from '../../functions/kernel/write.ts';
import { createTable, engines } from '../support/engines.ts';

const institution = idFrom('inst', 'harbour');

const merchantOf = (channel: string, merchantNo: string, facts: Partial<Merchant> = {}): Merchant => ({
  channel: channelIdSchema.parse(channel),
  merchantNo,
  institutionId: institution,
  accountId: idFrom('acct', channel, merchantNo),
  currency: 'CNY',
  priority: 10,
  status: 'active',
  registeredAt: new Date('2026-11-22T02:15:30.000Z'),
  ...facts,
});

describe.each(engines)('merchant numbers on $name', ({ client }) => {
  let store: { table: Table };
  let commit: CommitWrites;

  beforeAll(async () => {
    const connection = client();
    store = { table: await createTable(connection, 'channels') };
    commit = committer(connection, { random: Math.random, sleepMs: async () => undefined });
  });

  test('are found as they were registered', async () => {
    const merchant = merchantOf('sandbox-bank', '1601959334');
    await commit(registerMerchantWrites(store, merchant));

    expect(await findMerchant(store, 'sandbox-bank', '1601959334')).toEqual(merchant);
    expect(await findMerchant(store, 'sandbox-wallet', '1601959334')).toBeUndefined();
    expect(await findMerchant(store, 'sandbox-bank', '160195933')).toBeUndefined();
  });

  test('are listed for their institution alone, by ascending priority', async () => {
    const owner = idFrom('inst', 'by priority');
    const other = idFrom('inst', 'other');
    for (const [merchantNo, priority, institutionId] of [
      ['1002', 100, owner],
      ['1001', 20, owner],
      ['1003', 3, owner],
      ['1004', 1, other],
    ] as const) {
      await commit(registerMerchantWrites(store, merchantOf('sandbox-bank', merchantNo, { priority, institutionId })));
    }

    const listed = await merchantsOf(store, owner);

    expect(listed.map((merchant) => merchant.merchantNo)).toEqual(['1003', '1001', '1002']);
    expect(await merchantsOf(store, idFrom('inst', 'without'))).toEqual([]);
  });

  test('belong to the first who registers them', async () => {
    const merchant = merchantOf('sandbox-wallet', '2001');
    await commit(registerMerchantWrites(store, merchant));
    const rival = merchantOf('sandbox-wallet', '2001', { institutionId: idFrom('inst', 'rival'), priority: 1 });
    const writes = registerMerchantWrites(store, rival);

    const second = await commit(writes);

    expect(second).toMatchObject({ committed: false });
    expect(second.committed ? [] : second.broken.map((broken) => broken.write)).toEqual([writes[0], writes[2]]);
    expect(await findMerchant(store, 'sandbox-wallet', '2001')).toEqual(merchant);
    expect(await merchantsOf(store, idFrom('inst', 'rival'))).toEqual([]);
  });

  test.each([-1, 1.5, 1_000_000])('cannot have the priority %d', (priority) => {
    expect(() => registerMerchantWrites(store, merchantOf('sandbox-bank', '3001', { priority }))).toThrow(RangeError);
  });
});
