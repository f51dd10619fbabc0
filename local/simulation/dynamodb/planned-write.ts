/** What a write would do to the one item that it names: decided apart from doing it, so that a transaction does all or nothing. */
import type {
  ConditionCheck,
  Delete,
  DeleteItemCommandInput,
  Put,
  PutItemCommandInput,
  Update as UpdateAction,
  UpdateItemCommandInput,
} from '@aws-sdk/client-dynamodb';
import { DynamoDBServiceException } from '@aws-sdk/client-dynamodb';
import { sizeOf } from './capacity.ts';
import { isMet } from './condition.ts';
import { invalidRequest } from './exceptions.ts';
import { type ExpressionInput, type Expressions, readExpressions } from './expressions.ts';
import type { Change, ItemKey, MemoryTable } from './table.ts';
import { applyUpdate, checkTargets } from './update.ts';
import { type Attributes, keptItem } from './value.ts';

export type WriteRequest =
  | { readonly kind: 'put'; readonly input: Put | PutItemCommandInput }
  | { readonly kind: 'update'; readonly input: UpdateAction | UpdateItemCommandInput }
  | { readonly kind: 'delete'; readonly input: Delete | DeleteItemCommandInput }
  | { readonly kind: 'check'; readonly input: ConditionCheck };

/** A request that is valid in itself. */
export interface PlannedWrite {
  readonly table: MemoryTable;
  readonly key: ItemKey;
  /** what comes of the item that is there when the write is decided */
  readonly decide: () => Decision;
}

export type Decision = { readonly change: Change } & (
  | { readonly outcome: 'ready' }
  /** the item, where the request asks for it */
  | { readonly outcome: 'condition_failed'; readonly item: Attributes | undefined }
  /** the item that is there has not what the update builds on */
  | { readonly outcome: 'invalid'; readonly error: DynamoDBServiceException }
);

/** 400 KB with names and values. https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Constraints.html */
const maximumItemBytes = 400 * 1024;

/** @throws ValidationException for what no item could make right */
export function planWrite(table: MemoryTable, request: WriteRequest): PlannedWrite {
  const expressions = readExpressions(request.input satisfies ExpressionInput);
  const key = keyOfRequest(table, request);
  const result = resultOf(table, request, expressions);
  const returnsItem = request.input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD';
  const decide = (): Decision => {
    const before = table.get(key);
    const unchanged = { key, before, after: before };
    const { condition, bindings } = expressions;
    if (condition && !isMet(condition, before, bindings)) {
      return { outcome: 'condition_failed', change: unchanged, item: returnsItem ? before : undefined };
    }
    try {
      const after = result(before);
      return { outcome: 'ready', change: { key, before, after } };
    } catch (error) {
      if (!(error instanceof DynamoDBServiceException)) throw error;
      return { outcome: 'invalid', change: unchanged, error };
    }
  };
  return { table, key, decide };
}

type Result = (before: Attributes | undefined) => Attributes | undefined;

function resultOf(table: MemoryTable, request: WriteRequest, { update, bindings }: Expressions): Result {
  switch (request.kind) {
    case 'put': {
      const item = keptItem(request.input.Item ?? {});
      checkItem(table, item, 'Item size has exceeded the maximum allowed size');
      return () => item;
    }
    case 'update': {
      const { partition, sort } = table.keyNames;
      if (update) checkTargets(update, bindings, [partition, ...(sort === undefined ? [] : [sort])]);
      const key = keptItem(request.input.Key ?? {});
      return (before = key) => {
        const after = update ? Object.freeze(applyUpdate(before, update, bindings)) : before;
        checkItem(table, after, 'Item size to update has exceeded the maximum allowed size');
        return after;
      };
    }
    case 'delete':
      return () => undefined;
    case 'check':
      return (before) => before;
  }
}

function checkItem(table: MemoryTable, item: Attributes, tooLarge: string): void {
  if (sizeOf(item) > maximumItemBytes) throw invalidRequest(tooLarge);
  for (const index of table.indexes.values()) index.keyOf(item);
}

const keyOfRequest = (table: MemoryTable, request: WriteRequest): ItemKey =>
  request.kind === 'put' ? readKey(table, request.input.Item ?? {}) : readExactKey(table, request.input.Key ?? {});

/** @throws ValidationException for attributes that are not the key's */
export function readExactKey(table: MemoryTable, attributes: Attributes): ItemKey {
  const expected = table.keyNames.sort === undefined ? 1 : 2;
  if (Object.keys(attributes).length !== expected) {
    throw invalidRequest('The provided key element does not match the schema');
  }
  return readKey(table, attributes);
}

function readKey({ keyNames }: MemoryTable, attributes: Attributes): ItemKey {
  const part = (name: string, maximumBytes: number): string => {
    const text = attributes[name]?.S;
    if (text === undefined)
      throw invalidRequest(
        `One or more parameter values were invalid: Missing the key ${name} in the item, or it is no string`,
      );
    if (text === '')
      throw invalidRequest(
        `One or more parameter values are not valid. The AttributeValue for a key attribute cannot contain an empty string value. Key: ${name}`,
      );
    if (Buffer.byteLength(text) > maximumBytes)
      throw invalidRequest(
        `One or more parameter values were invalid: The key ${name} has more than ${maximumBytes} bytes`,
      );
    return text;
  };
  return {
    partition: part(keyNames.partition, 2048),
    sort: keyNames.sort === undefined ? '' : part(keyNames.sort, 1024),
  };
}
