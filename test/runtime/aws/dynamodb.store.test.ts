import { randomUUID } from 'node:crypto';
import * as sdk from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as standIn from '../../../functions/runtime/aws/dynamodb.ts';
import { createTable, engines } from '../../support/engines.ts';

/** What both are asked; the types are the SDK's, since that is what the callers are compiled against. */
const kinds = [
  { kind: 'the SDK', dynamodb: sdk },
  { kind: 'its stand-in', dynamodb: standIn as unknown as typeof sdk },
];

const key = (sk: string) => ({ pk: { S: 'pk' }, sk: { S: sk } });

describe.each(engines)('DynamoDB on $name', (engine) => {
  let table: string;
  beforeAll(async () => {
    table = (await createTable(engine.client(), 'stand-in')).name;
  });

  const clientOf = async (dynamodb: typeof sdk): Promise<sdk.DynamoDBClient> => {
    const { config } = engine.client();
    const { protocol, hostname, port } = (await config.endpoint?.()) ?? { protocol: 'http:', hostname: 'localhost' };
    const { accessKeyId, secretAccessKey } = await config.credentials();
    const endpoint = `${protocol}//${hostname}:${port}`;
    return new dynamodb.DynamoDBClient({
      endpoint,
      region: await config.region(),
      credentials: { accessKeyId, secretAccessKey },
    });
  };

  describe.each(kinds)('by $kind', ({ dynamodb }) => {
    test('every kind of attribute comes back as it went', async () => {
      const client = await clientOf(dynamodb);
      const Item = {
        ...key(randomUUID()),
        text: { S: '张三 – "B":"x"' },
        number: { N: '12345678901234567890' },
        bytes: { B: new Uint8Array([0, 1, 254, 255]) },
        // a map with an entry of the name that marks bytes
        map: { M: { B: { S: 'no bytes' }, list: { L: [{ BOOL: true }, { NULL: true }, { B: new Uint8Array([7]) }] } } },
        set: { SS: ['a', 'b'] },
      };
      await client.send(new dynamodb.PutItemCommand({ TableName: table, Item }));
      const { Item: found } = await client.send(
        new dynamodb.GetItemCommand({ TableName: table, Key: { pk: Item.pk, sk: Item.sk }, ConsistentRead: true }),
      );
      expect(found).toEqual(Item);
    });

    test('a buffer is stored as its bytes', async () => {
      const client = await clientOf(dynamodb);
      const place = key(randomUUID());
      const Item = { ...place, bytes: { B: Buffer.from('bytes') } };
      await client.send(new dynamodb.PutItemCommand({ TableName: table, Item }));
      const { Item: found } = await client.send(new dynamodb.GetItemCommand({ TableName: table, Key: place }));
      expect(Buffer.from(found?.['bytes']?.B ?? []).toString()).toBe('bytes');
    });

    test('what is absent is absent', async () => {
      const client = await clientOf(dynamodb);
      const answer = await client.send(new dynamodb.GetItemCommand({ TableName: table, Key: key(randomUUID()) }));
      expect(answer.Item).toBeUndefined();
    });

    test('a failed condition is told with the item that stood in the way', async () => {
      const client = await clientOf(dynamodb);
      const Item = { ...key(randomUUID()), state: { S: 'first' } };
      const put = new dynamodb.PutItemCommand({
        TableName: table,
        Item,
        ConditionExpression: 'attribute_not_exists(pk)',
        ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
      });
      await client.send(put);
      const error: unknown = await client.send(put).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(dynamodb.ConditionalCheckFailedException);
      expect(error).toMatchObject({
        name: 'ConditionalCheckFailedException',
        Item,
        $metadata: { httpStatusCode: 400 },
      });
    });

    test('a cancelled transaction names the reason of each action', async () => {
      const client = await clientOf(dynamodb);
      const standing = { ...key(randomUUID()), state: { S: 'first' } };
      await client.send(new dynamodb.PutItemCommand({ TableName: table, Item: standing }));
      const transaction = new dynamodb.TransactWriteItemsCommand({
        TransactItems: [
          { Put: { TableName: table, Item: key(randomUUID()) } },
          {
            Put: {
              TableName: table,
              Item: standing,
              ConditionExpression: 'attribute_not_exists(pk)',
              ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
            },
          },
        ],
      });
      const error: unknown = await client.send(transaction).catch((thrown: unknown) => thrown);
      expect(error).toBeInstanceOf(dynamodb.TransactionCanceledException);
      expect(error).toMatchObject({
        name: 'TransactionCanceledException',
        CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: standing }],
      });
    });

    test('any other refusal is an error with its name', async () => {
      const client = await clientOf(dynamodb);
      const query = new dynamodb.ScanCommand({ TableName: `${table}-nowhere` });
      await expect(client.send(query)).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    });
  });
});
