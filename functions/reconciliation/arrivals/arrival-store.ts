/**
 * Arrivals, at the bank account where they are awaited.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `ARRIVALS#<bank channel>#<bank merchantNo>` | `SETTLED#<day>#<id>` | the arrival, revision; index `by-listing`: listing `arrivals#<institution>`, listKey `<day>#<channel>#<merchantNo>#<id>` |
 * | `ARRIVALS_DUE` | `<last day>#<id>` | an arrival that is still awaited, for the sweep |
 *
 * Each change is conditional on the revision that it was made from.
 */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { type InstitutionId, idSchema } from '../../kernel/ids.ts';
import { currencySchema } from '../../kernel/money.ts';
import { type Item, queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import { dateSchema } from '../run.ts';
import { type Arrival, isOpen } from './arrival.ts';

export interface StoredArrival {
  readonly arrival: Arrival;
  /** 0 for one that is not stored yet */
  readonly revision: number;
}

/** A return may name a settlement of so long ago. */
export const rememberedDays = 92;

type Bank = Arrival['rule']['bank'];

const bankPartition = ({ channel, merchantNo }: Bank): string => `ARRIVALS#${channel}#${merchantNo}`;

const keyOf = ({ rule, settled, id }: Arrival) => ({
  pk: bankPartition(rule.bank),
  sk: `SETTLED#${settled.date}#${id}`,
});

const duePartition = 'ARRIVALS_DUE';

const dueKey = ({ dueOn, id }: Arrival) => ({ pk: duePartition, sk: `${dueOn}#${id}` });

/** Two or three writes: 2 write units each. Broken where somebody has changed it meanwhile. */
export function putArrivalWrites(table: Table, before: StoredArrival | undefined, arrival: Arrival): readonly Write[] {
  const revision = before?.revision ?? 0;
  const { settled, institutionId, id } = arrival;
  const put = write({
    Put: {
      TableName: table.name,
      Item: toItem({
        ...keyOf(arrival),
        ...arrival,
        revision: revision + 1,
        listing: `arrivals#${institutionId}`,
        listKey: `${settled.date}#${settled.channel}#${settled.merchantNo}#${id}`,
      }),
      ...(revision === 0
        ? { ConditionExpression: 'attribute_not_exists(pk)' }
        : {
            ConditionExpression: 'revision = :revision',
            ExpressionAttributeValues: toItem({ ':revision': revision }),
          }),
    },
  });
  const wasDue = before && isOpen(before.arrival) ? dueKey(before.arrival) : undefined;
  const isDue = isOpen(arrival) ? dueKey(arrival) : undefined;
  return [
    put,
    ...(wasDue && wasDue.sk !== isDue?.sk ? [write({ Delete: { TableName: table.name, Key: toItem(wasDue) } })] : []),
    ...(isDue && wasDue?.sk !== isDue.sk
      ? [write({ Put: { TableName: table.name, Item: toItem({ ...isDue, id, ...settled }) } })]
      : []),
  ];
}

/** To another bank account, under another rule. Broken where somebody has changed it meanwhile. */
export function moveArrivalWrites(
  table: Table,
  { arrival, revision }: StoredArrival,
  moved: Arrival,
): readonly Write[] {
  const [put, ...due] = putArrivalWrites(table, undefined, moved);
  const [deleted, ...undue] = deleteArrivalWrites(table, { arrival, revision });
  const staysDue = isOpen(moved) && dueKey(arrival).sk === dueKey(moved).sk;
  return [put, deleted, ...(staysDue ? [] : [...due, ...undue])].filter((each) => each !== undefined);
}

/** Of a settlement that was told of by mistake and that nothing has come of. Broken where somebody has changed it meanwhile. */
export const deleteArrivalWrites = (table: Table, { arrival, revision }: StoredArrival): readonly Write[] => [
  write({
    Delete: {
      TableName: table.name,
      Key: toItem(keyOf(arrival)),
      ConditionExpression: 'revision = :revision',
      ExpressionAttributeValues: toItem({ ':revision': revision }),
    },
  }),
  write({ Delete: { TableName: table.name, Key: toItem(dueKey(arrival)) } }),
];

/** What was settled to a bank account in some days, both included. 1 read unit per 4 KiB, about six of them. */
export async function arrivalsAt(
  table: Table,
  bank: Bank,
  { from, to }: { readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<StoredArrival[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk BETWEEN :from AND :to',
    values: { ':pk': bankPartition(bank), ':from': `SETTLED#${from}`, ':to': `SETTLED#${to}~` },
  });
  return items.map(arrivalFromItem);
}

/** An institution's, in the order of the days. Half a read unit per 4 KiB. */
export async function arrivalsOf(
  table: Table,
  {
    institutionId,
    from,
    to,
    limit,
  }: { readonly institutionId: InstitutionId; readonly from: string; readonly to: string; readonly limit: number },
): Promise<Arrival[]> {
  const items = await queryItems(table, {
    index: 'by-listing',
    keys: 'listing = :listing AND listKey BETWEEN :from AND :to',
    values: { ':listing': `arrivals#${institutionId}`, ':from': from, ':to': `${to}~` },
    limit,
  });
  return items.map((item) => arrivalFromItem(item).arrival);
}

/** Those of one merchant number among an institution's. Half a read unit per 4 KiB of all of them. */
export async function arrivalsOfMerchant(
  table: Table,
  {
    institutionId,
    merchant: { channel, merchantNo },
    from,
    to,
  }: {
    readonly institutionId: InstitutionId;
    readonly merchant: Pick<Arrival['settled'], 'channel' | 'merchantNo'>;
    readonly from: AccountingDate;
    readonly to: AccountingDate;
  },
): Promise<Arrival[]> {
  const items = await queryItems(table, {
    index: 'by-listing',
    keys: 'listing = :listing AND listKey BETWEEN :from AND :to',
    filter: 'settled.channel = :channel AND settled.merchantNo = :merchantNo',
    values: {
      ':listing': `arrivals#${institutionId}`,
      ':from': from,
      ':to': `${to}~`,
      ':channel': channel,
      ':merchantNo': merchantNo,
    },
  });
  return items.map((item) => arrivalFromItem(item).arrival);
}

/** The last days of those that are overdue on a day, the longest first. 1 read unit per 4 KiB, about forty of them. */
export async function overdueDays(table: Table, today: AccountingDate, limit: number): Promise<string[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND sk < :today',
    values: { ':pk': duePartition, ':today': today },
    limit,
  });
  return items.map((item) => String(item['sk']).slice(0, 10));
}

const count = z.coerce.number();
const day = z.object({ channel: z.string(), merchantNo: z.string(), date: dateSchema });
const shares = z.array(
  z.object({ day: dateSchema, version: count, lineNumber: count, reference: z.string(), amount: z.bigint() }),
);

const storedSchema = z.object({
  id: idSchema('arr'),
  institutionId: idSchema('inst'),
  settled: day,
  settledVersion: count,
  amount: z.bigint(),
  currency: currencySchema,
  references: z.array(z.string()),
  rule: z.object({
    bank: z.object({ channel: z.string(), merchantNo: z.string() }),
    tolerance: z.bigint(),
    payer: z.string().optional(),
    referenceCharacters: count.optional(),
  }),
  dueOn: dateSchema,
  claims: shares,
  returns: shares,
  isWithdrawn: z.boolean(),
  revision: count,
});

function arrivalFromItem(item: Item): StoredArrival {
  const { revision, ...arrival } = storedSchema.parse(item);
  return { arrival, revision };
}
