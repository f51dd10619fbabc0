/** Arbitrary requests over few keys, so that they often meet each other's items. */
import {
  DeleteItemCommand,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  type TransactWriteItem,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import fc from 'fast-check';
import { toItem } from '../../../functions/kernel/table.ts';
import type { Command } from '../../../local/simulation/client.ts';

/** The index holds only items that have both its keys. */
export const index = { name: 'by-holder', partitionKey: 'holder', sortKey: 'grade' };

const key = fc.record({
  pk: fc.constantFrom('A', 'B'),
  sk: fc.constantFrom('1', '2', '10', 'é', '\u{1f600}', '\ufb00'),
});

/** Values of several types under the same names, so that comparisons meet the wrong type and missing attributes. */
const facts = fc.record(
  {
    holder: fc.constantFrom('me', 'you'),
    grade: fc.constantFrom('a', 'b'),
    amount: fc.constantFrom(0, -7, 12, 1.5, 12_000_000_000_000_000_000n),
    state: fc.constantFrom('open', 'closed', true, 5),
    tags: fc.constantFrom([1, 'x'], []),
    totals: fc.constantFrom({ fee: 3 }, { fee: 'none', net: 4 }),
  },
  { requiredKeys: [] },
);

interface Expression {
  readonly text: string;
  readonly names?: Record<string, string>;
  readonly values?: Record<string, unknown>;
}

const ofKey = fc.constantFrom<Expression[]>({ text: 'attribute_exists(pk)' }, { text: 'attribute_not_exists(pk)' });

const ofFacts: fc.Arbitrary<Expression> = fc.oneof(
  fc.constant({ text: 'attribute_not_exists(totals.fee)' }),
  fc
    .record({
      comparator: fc.constantFrom('=', '<>', '<', '<=', '>', '>='),
      value: fc.constantFrom('open', 'me', 5, 12, -7),
    })
    .map(({ comparator, value }) => ({
      text: `#s ${comparator} :s`,
      names: { '#s': 'state' },
      values: { ':s': value },
    })),
  fc.constant({ text: '#s <> :yes', names: { '#s': 'state' }, values: { ':yes': true } }),
  fc
    .record({ comparator: fc.constantFrom('=', '<', '>='), value: fc.constantFrom(0, 12, 1.5) })
    .map(({ comparator, value }) => ({ text: `amount ${comparator} :a`, values: { ':a': value } })),
  fc.constant({ text: 'amount BETWEEN :low AND :high', values: { ':low': -7, ':high': 2 } }),
  fc.constant({ text: '#s IN (:s1, :s2)', names: { '#s': 'state' }, values: { ':s1': 'closed', ':s2': 5 } }),
  fc.constant({ text: 'begins_with(grade, :begin)', values: { ':begin': 'a' } }),
  fc.constant({ text: 'contains(tags, :x)', values: { ':x': 'x' } }),
  fc.constant({ text: 'size(tags) = :size', values: { ':size': 2 } }),
  fc.constant({ text: 'totals.fee = :fee', values: { ':fee': 3 } }),
  fc.constant({ text: 'grade < holder' }),
);

const simpleCondition = fc.oneof({ weight: 1, arbitrary: ofKey }, { weight: 3, arbitrary: ofFacts });

const condition: fc.Arbitrary<Expression> = fc.oneof(
  { weight: 3, arbitrary: simpleCondition },
  {
    weight: 1,
    arbitrary: fc
      .record({ first: simpleCondition, second: simpleCondition, join: fc.constantFrom('AND', 'OR', 'AND NOT') })
      .map(({ first, second, join }) => ({
        text: `(${first.text}) ${join} ${second.text}`,
        names: { ...first.names, ...second.names },
        values: { ...first.values, ...second.values },
      })),
  },
  // neither its name nor its value is defined, or one too many
  { weight: 1, arbitrary: fc.constantFrom({ text: 'amount = :none' }, { text: '#none = amount' }) },
  { weight: 1, arbitrary: fc.constant({ text: 'attribute_exists(pk)', values: { ':unused': 1 } }) },
);

const update: fc.Arbitrary<Expression> = fc.constantFrom<Expression[]>(
  { text: 'SET amount = :new', values: { ':new': 12 } },
  { text: 'SET amount = amount + :more', values: { ':more': 0.25 } },
  { text: 'SET amount = if_not_exists(amount, :zero) - :one', values: { ':zero': 0, ':one': 1 } },
  {
    text: 'SET #o = :holder, #r = :grade',
    names: { '#o': 'holder', '#r': 'grade' },
    values: { ':holder': 'me', ':grade': 'b' },
  },
  { text: 'SET totals.net = :net', values: { ':net': 9 } },
  { text: 'SET tags[1] = :tag, totals = :totals', values: { ':tag': 'y', ':totals': { fee: 1 } } },
  { text: 'SET tags = list_append(tags, :more)', values: { ':more': ['z'] } },
  { text: 'ADD amount :more', values: { ':more': -7 } },
  { text: 'REMOVE #o, tags', names: { '#o': 'holder' } },
  { text: 'SET amount = :new REMOVE totals', values: { ':new': 1 } },
);

/** Alone and without a condition, which DynamoDB Local looks at first. */
const changeOfKey = (TableName: string): fc.Arbitrary<Command> =>
  key.map(
    (changed) =>
      new UpdateItemCommand({
        TableName,
        Key: toItem(changed),
        UpdateExpression: 'SET sk = :new',
        ExpressionAttributeValues: toItem({ ':new': '3' }),
      }),
  );

const expressionInput = (parameter: string, given: Expression | undefined) =>
  given && { [parameter]: given.text, ...bindingsOf(given) };

function bindingsOf(...expressions: readonly (Expression | undefined)[]) {
  const names = Object.assign({}, ...expressions.map((each) => each?.names)) as Record<string, string>;
  const values = toItem(Object.assign({}, ...expressions.map((each) => each?.values)) as object);
  return {
    ...(Object.keys(names).length > 0 && { ExpressionAttributeNames: names }),
    ...(Object.keys(values).length > 0 && { ExpressionAttributeValues: values }),
  };
}

const returned = fc.constantFrom('ALL_OLD' as const, undefined);

const action = (TableName: string): fc.Arbitrary<TransactWriteItem> =>
  fc
    .record({
      kind: fc.constantFrom('Put', 'Update', 'Delete', 'ConditionCheck'),
      key,
      facts,
      update,
      condition: fc.option(condition, { nil: undefined }),
      returned,
    })
    .map(({ kind, key, facts, update, condition, returned }): TransactWriteItem => {
      const shared = { TableName, ReturnValuesOnConditionCheckFailure: returned };
      const Key = toItem(key);
      const conditional = expressionInput('ConditionExpression', condition);
      switch (kind) {
        case 'Put':
          return { Put: { ...shared, Item: { ...Key, ...toItem(facts) }, ...conditional } };
        case 'Update':
          return {
            Update: {
              ...shared,
              Key,
              UpdateExpression: update.text,
              ...conditional,
              ...bindingsOf(update, condition),
            },
          };
        case 'Delete':
          return { Delete: { ...shared, Key, ...conditional } };
        default: {
          const checked = condition ?? { text: 'attribute_exists(pk)' };
          return { ConditionCheck: { ...shared, Key, ConditionExpression: checked.text, ...bindingsOf(checked) } };
        }
      }
    });

const single = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .record({ action: action(TableName), wanted: fc.constantFrom('ALL_OLD', 'NONE', 'ALL_NEW' as const) })
    .map(({ action: { Put, Update, Delete, ConditionCheck }, wanted }) => {
      const ReturnValues = wanted === 'ALL_NEW' ? 'NONE' : wanted;
      if (Put) return new PutItemCommand({ ...Put, ReturnValues });
      if (Update)
        return new UpdateItemCommand({ ...Update, UpdateExpression: Update.UpdateExpression, ReturnValues: wanted });
      if (Delete) return new DeleteItemCommand({ ...Delete, ReturnValues });
      return new GetItemCommand({ TableName, Key: ConditionCheck?.Key, ConsistentRead: true });
    });

const keyConditions: fc.Arbitrary<Expression> = fc.constantFrom<Expression[]>(
  { text: 'pk = :pk' },
  { text: 'pk = :pk AND sk = :sk', values: { ':sk': '10' } },
  { text: 'pk = :pk AND sk < :sk', values: { ':sk': '2' } },
  { text: 'pk = :pk AND sk <= :sk', values: { ':sk': '2' } },
  { text: 'pk = :pk AND sk > :sk', values: { ':sk': '10' } },
  { text: '#p = :pk AND #k >= :sk', names: { '#p': 'pk', '#k': 'sk' }, values: { ':sk': 'é' } },
  { text: 'sk BETWEEN :low AND :high AND pk = :pk', values: { ':low': '10', ':high': '\ufb00' } },
  { text: 'pk = :pk AND begins_with(sk, :sk)', values: { ':sk': '1' } },
  { text: 'pk > :pk' },
  { text: 'pk = :pk AND amount = :amount', values: { ':amount': 1 } },
);

const query = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .record({
      partition: fc.constantFrom('A', 'B'),
      keys: keyConditions,
      filter: fc.option(ofFacts, { nil: undefined }),
      forward: fc.boolean(),
      limit: fc.constantFrom(1, 2, 3, undefined),
      start: fc.constantFrom('1', '10', 'é', undefined, undefined),
    })
    // a start key that lies outside the range of the keys is an error on some engines
    .map(({ partition, keys, filter, forward, limit, start }) => {
      const bound = { ...keys, values: { ...keys.values, ':pk': partition } };
      return new QueryCommand({
        TableName,
        KeyConditionExpression: keys.text,
        FilterExpression: filter?.text,
        ...bindingsOf(bound, filter),
        ScanIndexForward: forward,
        ConsistentRead: true,
        Limit: limit,
        ExclusiveStartKey:
          start !== undefined && keys.text === 'pk = :pk' ? toItem({ pk: partition, sk: start }) : undefined,
      });
    });

const indexQuery = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .record({
      holder: fc.constantFrom('me', 'you'),
      keys: fc.constantFrom<Expression[]>(
        { text: '#o = :holder' },
        { text: '#o = :holder AND #r >= :grade', names: { '#r': 'grade' }, values: { ':grade': 'b' } },
      ),
      forward: fc.boolean(),
    })
    .map(({ holder, keys, forward }) => {
      const bound = {
        ...keys,
        names: { ...keys.names, '#o': index.partitionKey },
        values: { ...keys.values, ':holder': holder },
      };
      return new QueryCommand({
        TableName,
        IndexName: index.name,
        KeyConditionExpression: keys.text,
        ...bindingsOf(bound),
        ScanIndexForward: forward,
      });
    });

const scan = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .option(ofFacts, { nil: undefined })
    .map(
      (filter) => new ScanCommand({ TableName, ConsistentRead: true, ...expressionInput('FilterExpression', filter) }),
    );

/** The item that an action is on: no two actions of a transaction are on one. */
function itemOf({ Put, Update, Delete, ConditionCheck }: TransactWriteItem): string {
  const { pk, sk } = Put?.Item ?? Update?.Key ?? Delete?.Key ?? ConditionCheck?.Key ?? {};
  return JSON.stringify([pk, sk]);
}

const transaction = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .uniqueArray(action(TableName), { minLength: 1, maxLength: 4, selector: itemOf })
    .map((TransactItems) => new TransactWriteItemsCommand({ TransactItems }));

/** A request on a table that has {@link index}; a failure shows it as JSON. */
export const command = (TableName: string): fc.Arbitrary<Command> =>
  fc
    .oneof(
      { weight: 4, arbitrary: single(TableName) },
      { weight: 4, arbitrary: transaction(TableName) },
      { weight: 2, arbitrary: query(TableName) },
      { weight: 1, arbitrary: indexQuery(TableName) },
      { weight: 1, arbitrary: scan(TableName) },
      { weight: 1, arbitrary: changeOfKey(TableName) },
    )
    .map((made) =>
      Object.assign(made, { [fc.toStringMethod]: () => `${made.constructor.name} ${JSON.stringify(made.input)}` }),
    );
