import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { idFrom } from '../../../functions/kernel/ids.ts';
import { getItem, type Item, toItem } from '../../../functions/kernel/table.ts';
import { auditLedger } from '../../../functions/ledger/index.ts';
import { createVerification } from '../../../functions/parties/verification/create-verification.ts';
import { checkVerifications } from '../../../functions/parties/verification/verifications-check.ts';
import { engines } from '../../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  pricedConfiguration,
  type Tables,
  worldOf,
} from '../parties-world.ts';

describe.each(engines)('the books, held against verifications on $name', ({ client }) => {
  let tables: Tables;
  let key: { pk: string; sk: string };

  beforeAll(async () => {
    tables = await createTables(client());
    const counterparty = new Counterparty();
    const world = worldOf(tables, counterparty, { configuration: pricedConfiguration });
    const institutionId = await activeInstitution(world);
    const verify = async (name: string) =>
      granted(
        await createVerification(world, {
          institutionId,
          currency: 'CNY',
          facts: { kind: 'two_factor', name, idNumber: '110101199003070011' },
          operationId: ulid(),
        }),
      );
    const { id } = await verify('张三');
    key = { pk: `VERIFICATION#${id}`, sk: 'VERIFICATION' };
    await verify('张三'); // answered by the first
    counterparty.verify = () => ({ outcome: 'refused', reason: 'identity_mismatch', retryElsewhere: false });
    await verify('李四');
    counterparty.verify = () => ({ outcome: 'unknown', cause: 'timeout' });
    await verify('王五');
  });

  const findings = async () => {
    const sources = [checkVerifications({ table: tables.parties })];
    return (await auditLedger(tables.ledger, sources)).findings.map(({ code }) => code);
  };

  async function damaged(change: (item: Item) => Item): Promise<readonly string[]> {
    const item = await getItem(tables.parties, key);
    if (!item) throw new Error('there is no such verification');
    const put = (content: Item) =>
      tables.parties.client.send(new PutItemCommand({ TableName: tables.parties.name, Item: toItem(content) }));
    await put(change(item));
    try {
      return await findings();
    } finally {
      await put(item);
    }
  }

  test('say what each verdict costs and is charged', async () => {
    expect(await findings()).toEqual([]);
  });

  test.each([
    ['another cost', (item: Item) => ({ ...item, cost: 31n }), 'payment_differs'],
    ['another fee', (item: Item) => ({ ...item, fee: 0n }), 'payment_missing'],
    [
      'another merchant number',
      (item: Item) => withRoute(item, { settlementAccountId: idFrom('acct', 'x') }),
      'payment_differs',
    ],
    ['another status', (item: Item) => ({ ...item, status: 'failed' }), 'altered_verification'],
    ['no history', (item: Item) => ({ ...item, history: [] }), 'altered_verification'],
    ['another version', (item: Item) => ({ ...item, version: 7n }), 'altered_verification'],
    ['no completion', (item: Item) => ({ ...item, completedAt: undefined }), 'altered_verification'],
  ] as const)('are found to differ where one has %s', async (_, change, code) => {
    expect(await damaged(change)).toContain(code);
  });

  const withRoute = (item: Item, facts: object): Item => ({
    ...item,
    route: { ...(item['route'] as object), ...facts },
  });
});
