/**
 * A DynamoDB in memory, for simulations alone: it keeps the rules of the requests that our stores send, and what it does
 * not know it refuses loudly. test/local/simulation/memory-store.store.test.ts holds its rules to real engines.
 */
import {
  GetItemCommand,
  type GetItemCommandInput,
  PutItemCommand,
  QueryCommand,
  ScanCommand,
  TransactWriteItemsCommand,
  type TransactWriteItemsCommandInput,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { type Client, type Command, clientThat } from './client.ts';
import { type Charge, consumedCapacity, readUnits, sizeOf } from './dynamodb/capacity.ts';
import { conditionFailed, noSuchTable } from './dynamodb/exceptions.ts';
import { readExpressions } from './dynamodb/expressions.ts';
import { checkParameters } from './dynamodb/parameters.ts';
import { planWrite, readExactKey, type WriteRequest } from './dynamodb/planned-write.ts';
import { type Page, projected, queryPage, scanPage } from './dynamodb/reading.ts';
import { type Change, MemoryTable, type TableDefinition } from './dynamodb/table.ts';
import { ClientTokens, checkDecisions, checkDistinct, requestsOf } from './dynamodb/transaction.ts';
import type { Attributes } from './dynamodb/value.ts';

export type { Charge } from './dynamodb/capacity.ts';
export type { IndexDefinition, TableDefinition } from './dynamodb/table.ts';
export type { Attributes } from './dynamodb/value.ts';

export interface MemoryStore extends Client {
  /** All items of a table as they are now, at no cost; nobody can change them. */
  readonly items: (table: string) => Iterable<Attributes>;
  /** What the request would take from which partitions, if it came now. Throws what makes the request invalid. */
  readonly charges: (command: Command) => readonly Charge[];
}

export interface MemoryStoreOptions {
  /** for client tokens, which are forgotten after ten minutes; without it they never are */
  readonly now?: () => Date;
  /** Is handed each change of the indexes, to make it now or later; in the order in which they come. */
  readonly index?: (change: () => void) => void;
}

/** Starts empty. Every request happens as a whole, in the order in which they are sent. */
export function createMemoryStore(
  definitions: readonly TableDefinition[],
  { now = () => new Date(0), index = (change) => change() }: MemoryStoreOptions = {},
): MemoryStore {
  const tables = new Map(definitions.map((definition) => [definition.name, new MemoryTable(definition)]));
  const tokens = new ClientTokens(now);
  const tableOf = (name = ''): MemoryTable => {
    const table = tables.get(name);
    if (!table) throw noSuchTable();
    return table;
  };
  const apply = (table: MemoryTable, change: Change): void => {
    table.apply(change);
    if (table.indexes.size > 0) index(() => table.applyToIndexes(change));
  };

  function prepare(command: Command): Prepared {
    checkParameters(command);
    if (command instanceof TransactWriteItemsCommand) return prepareTransaction(command.input);
    const { input } = command;
    const table = tableOf(input.TableName);
    if (command instanceof GetItemCommand) return prepareGet(table, command.input);
    if (command instanceof QueryCommand) return preparePage(queryPage(table, command.input));
    if (command instanceof ScanCommand) return preparePage(scanPage(table, command.input));
    if (command instanceof PutItemCommand) return prepareWrite(table, { kind: 'put', input: command.input });
    if (command instanceof UpdateItemCommand) return prepareWrite(table, { kind: 'update', input: command.input });
    return prepareWrite(table, { kind: 'delete', input: command.input });
  }

  function prepareWrite(table: MemoryTable, request: Exclude<WriteRequest, { kind: 'check' }>): Prepared {
    const decision = planWrite(table, request).decide();
    if (decision.outcome === 'invalid') throw decision.error;
    return {
      charges: table.writeCharges(decision.change, 1),
      perform: () => {
        if (decision.outcome === 'condition_failed') throw conditionFailed(decision.item);
        apply(table, decision.change);
        return returnedAttributes(decision.change, returnValuesOf(request));
      },
    };
  }

  function prepareTransaction(input: TransactWriteItemsCommandInput): Prepared {
    const requests = requestsOf(input.TransactItems ?? []);
    const writes = requests.map((request) => planWrite(tableOf(request.input.TableName), request));
    checkDistinct(writes);
    const decisions = writes.map((write) => write.decide());
    return {
      charges: writes.flatMap(({ table }, at) => {
        const decision = decisions[at];
        return decision ? table.writeCharges(decision.change, 2) : [];
      }),
      perform: () => {
        if (tokens.isRepeat(input)) return {};
        checkDecisions(decisions);
        for (const [at, { table }] of writes.entries()) {
          const decision = decisions[at];
          if (decision) apply(table, decision.change);
        }
        tokens.remember(input);
        return {};
      },
    };
  }

  function perform(command: Command): object {
    const { charges, perform: answer } = prepare(command);
    const consumed = consumedCapacity(charges, command.input.ReturnConsumedCapacity);
    return { $metadata: {}, ...answer(), ...capacityAnswer(command, consumed) };
  }

  return {
    ...clientThat(async (command) => perform(command)),
    charges: (command) => prepare(command).charges,
    items: function* (name) {
      for (const partition of tableOf(name).partitions.values()) {
        for (let at = 0; at < partition.length; at++) {
          const entry = partition.at(at);
          if (entry) yield entry.item;
        }
      }
    },
  };
}

/** A request that was looked at, and changes nothing before it is performed. */
interface Prepared {
  readonly charges: readonly Charge[];
  readonly perform: () => object;
}

function prepareGet(table: MemoryTable, input: GetItemCommandInput): Prepared {
  const { projection, bindings } = readExpressions(input);
  const key = readExactKey(table, input.Key ?? {});
  const item = table.get(key);
  const units = readUnits(item ? sizeOf(item) : 0, input.ConsistentRead === true);
  return {
    charges: [{ table: table.name, partition: key.partition, readUnits: units, writeUnits: 0 }],
    perform: () => (item ? { Item: projected(item, projection, bindings) } : {}),
  };
}

const preparePage = ({ items, scanned, lastKey, charge }: Page): Prepared => ({
  charges: [charge],
  perform: () => ({
    Items: items,
    Count: items.length,
    ScannedCount: scanned,
    ...(lastKey && { LastEvaluatedKey: lastKey }),
  }),
});

const returnValuesOf = ({ input }: WriteRequest): string =>
  ('ReturnValues' in input ? input.ReturnValues : undefined) ?? 'NONE';

function returnedAttributes({ before, after }: Change, wanted: string): object {
  if (wanted === 'NONE') return {};
  if (wanted !== 'ALL_OLD' && wanted !== 'ALL_NEW') throw new Error(`the simulated DynamoDB returns no ${wanted}`);
  const attributes = wanted === 'ALL_OLD' ? before : after;
  return attributes ? { Attributes: attributes } : {};
}

/** A list for a transaction, which may be on several tables, and one entry for all else. */
function capacityAnswer(command: Command, consumed: ReturnType<typeof consumedCapacity>): object {
  if (consumed.length === 0) return {};
  return { ConsumedCapacity: command instanceof TransactWriteItemsCommand ? consumed : consumed[0] };
}
