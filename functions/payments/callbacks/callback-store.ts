/**
 * Messages of channels in the table of payments. What they say and what they were lie apart, so that a look at the first does
 * not read the second, which may have 256 KiB.
 *
 * | pk | sk | what | unfinished (pk, sk), unless it is handled |
 * | --- | --- | --- | --- |
 * | `CALLBACK#<id>` | `CALLBACK` | its events and what became of them | `callback#<state>`, `createdKey` = `<receivedAt>#<id>` |
 * | `CALLBACK#<id>` | `MESSAGE` | body and headers as they came | |
 *
 * Nothing is sealed: channels send order numbers, amounts and times, and no cards or names. After 400 days, past the yearly
 * accounts, DynamoDB forgets both.
 */
import * as z from 'zod';
import type { CallbackEvent, OrderKind } from '../../channels/index.ts';
import type { CallbackId, PaymentId } from '../../kernel/ids.ts';
import { moneyFromJson, moneySchema, moneyToJson } from '../../kernel/money.ts';
import { getItem, type Item, putIf, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type CommitWrites, write } from '../../kernel/write.ts';
import {
  type Callback,
  type CallbackState,
  callbackStates,
  type EventOutcome,
  eventOutcomes,
  eventReasons,
  type RawMessage,
} from './callback.ts';

const keyOf = (id: CallbackId) => ({ pk: `CALLBACK#${id}`, sk: 'CALLBACK' });
const messageKeyOf = (id: CallbackId) => ({ pk: `CALLBACK#${id}`, sk: 'MESSAGE' });

const keptMs = 400 * 86_400_000;

interface StoreAccess {
  readonly table: Table;
  readonly commit: CommitWrites;
}

/**
 * Keeps a message that was not here before, with what it was. 4 write units for the usual one of 1 KiB, and 1 for the index.
 *
 * @returns false when it is here already
 */
export async function insertCallback(
  { table, commit }: StoreAccess,
  callback: Callback,
  { headers, body }: RawMessage,
): Promise<boolean> {
  const message = { ...messageKeyOf(callback.id), headers, body, forgetAt: forgetAt(callback) };
  const { committed } = await commit([
    write({
      Put: {
        TableName: table.name,
        Item: toItem(itemFromCallback(callback)),
        ConditionExpression: 'attribute_not_exists(pk)',
      },
    }),
    write({ Put: { TableName: table.name, Item: toItem(message) } }),
  ]);
  return committed;
}

/** 1 to 2 write units, and as many for the index. @returns false when anything has changed since `from` was read */
export function replaceCallback(table: Table, from: Callback, to: Callback): Promise<boolean> {
  return putIf(table, {
    TableName: table.name,
    Item: toItem(itemFromCallback(to)),
    ConditionExpression: 'version = :version',
    ExpressionAttributeValues: toItem({ ':version': from.version }),
  });
}

/** Strongly consistent; 1 read unit for a message of a few events. */
export async function readCallback(table: Table, id: CallbackId): Promise<Callback | undefined> {
  const item = await getItem(table, keyOf(id));
  return item && callbackFromItem(item);
}

const messageSchema = z.object({ headers: z.record(z.string(), z.string()), body: z.string() });

/** What came over the line; 1 read unit for each 4 KiB. */
export async function readMessage(table: Table, id: CallbackId): Promise<RawMessage | undefined> {
  const item = await getItem(table, messageKeyOf(id));
  return item && messageSchema.parse(item);
}

/** As the index has it: a moment behind. */
export interface ListedCallback {
  readonly id: CallbackId;
  readonly createdKey: string;
  readonly changedAt: Date;
}

const listedSchema = z.object({
  pk: z.string().startsWith('CALLBACK#'),
  createdKey: z.string(),
  changedAt: z.iso.datetime().transform((text) => new Date(text)),
});

/** Those in a state, by when they came. Half a read unit for some twenty. */
export async function listCallbacks(
  table: Table,
  {
    state,
    from = ' ',
    until = '~',
    limit,
    newestFirst = false,
  }: {
    readonly state: Exclude<CallbackState, 'handled'>;
    /** places in the list, themselves left out */
    readonly from?: string | undefined;
    readonly until?: string | undefined;
    readonly limit: number;
    readonly newestFirst?: boolean;
  },
): Promise<ListedCallback[]> {
  const items = await queryItems(table, {
    index: 'unfinished',
    keys: 'unfinished = :list AND createdKey BETWEEN :from AND :until',
    values: { ':list': `callback#${state}`, ':from': from, ':until': until },
    limit: limit + 2,
    newestFirst,
  });
  return items
    .map((item) => {
      const { pk, ...listed } = listedSchema.parse(item);
      return { ...listed, id: pk.slice('CALLBACK#'.length) as CallbackId }; // we wrote it
    })
    .filter(({ createdKey }) => createdKey !== from && createdKey !== until)
    .slice(0, limit);
}

const instant = z.iso.datetime().transform((text) => new Date(text));

const reference = { merchantNo: z.string(), channelOrderNo: z.string() };
const orderKinds = ['collection', 'payout', 'refund'] as const satisfies readonly OrderKind[];

const eventSchema = z.union([
  z.object({
    ...reference,
    kind: z.enum(orderKinds),
    result: z.discriminatedUnion('outcome', [
      z.object({ outcome: z.literal('succeeded'), channelTradeNo: z.string(), completedAt: instant }),
      z.object({
        outcome: z.literal('refused'),
        reason: z.string(),
        retryElsewhere: z.boolean(),
        channelTradeNo: z.string().exactOptional(),
      }),
    ]),
  }),
  z.object({
    ...reference,
    kind: z.literal('payout_return'),
    channelTradeNo: z.string(),
    amount: z
      .object({ amount: z.bigint().transform(Number), currency: z.string() })
      .pipe(moneySchema)
      .transform(moneyFromJson),
    returnedAt: instant,
  }),
]);

const outcomeSchema = z.object({
  outcome: z.enum(eventOutcomes),
  reason: z.enum(eventReasons).exactOptional(),
  paymentId: z
    .string()
    .transform((id) => id as PaymentId) // we wrote it
    .exactOptional(),
});

const itemSchema = z.object({
  id: z.string().transform((id) => id as CallbackId), // we wrote it
  channel: z.string(),
  messageId: z.string().exactOptional(),
  state: z.enum(callbackStates),
  receivedAt: instant,
  changedAt: instant,
  events: z.array(eventSchema),
  outcomes: z.array(outcomeSchema),
  version: z.bigint().transform(Number),
});

const callbackFromItem = (item: Item): Callback => itemSchema.parse(item);

function itemFromCallback(callback: Callback): Item {
  const { id, state, receivedAt, changedAt, events } = callback;
  return {
    ...keyOf(id),
    ...callback,
    receivedAt: receivedAt.toISOString(),
    changedAt: changedAt.toISOString(),
    events: events.map(plainEvent),
    outcomes: callback.outcomes satisfies readonly EventOutcome[],
    ...(state !== 'handled' && {
      unfinished: `callback#${state}`,
      createdKey: `${receivedAt.toISOString()}#${id}`,
    }),
    forgetAt: forgetAt(callback),
  };
}

const plainEvent = (event: CallbackEvent): Item => {
  if (event.kind === 'payout_return') {
    return { ...event, amount: moneyToJson(event.amount), returnedAt: event.returnedAt.toISOString() };
  }
  const { result } = event;
  return result.outcome === 'succeeded'
    ? { ...event, result: { ...result, completedAt: result.completedAt.toISOString() } }
    : { ...event };
};

/** In epoch seconds, as DynamoDB's time to live wants them. */
const forgetAt = ({ receivedAt }: Callback): number => Math.floor((receivedAt.getTime() + keptMs) / 1000);
