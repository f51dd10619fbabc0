/**
 * What a request costs.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/read-write-operations.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/CapacityUnitCalculations.html (sizes)
 */
import type { AttributeValue, Capacity, ConsumedCapacity, ReturnConsumedCapacity } from '@aws-sdk/client-dynamodb';
import type { Attributes } from './value.ts';

/** Units that one request takes from one partition of a table or of an index. */
export interface Charge {
  readonly table: string;
  readonly index?: string | undefined;
  /** the value of the partition key; undefined for a scan, which goes over all of them */
  readonly partition?: string | undefined;
  readonly readUnits: number;
  readonly writeUnits: number;
}

/** 1 unit per KiB, at least one. */
export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));

/** 1 unit per 4 KiB, at least one; half of it where the read is eventually consistent. */
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4096)) * (consistent ? 1 : 0.5);

/** The bytes of names and values. */
export function sizeOf(item: Attributes): number {
  let bytes = 0;
  for (const name in item) {
    const value = item[name];
    bytes += Buffer.byteLength(name) + (value === undefined ? 0 : sizeOfValue(value));
  }
  return bytes;
}

function sizeOfValue(value: AttributeValue): number {
  if (value.S !== undefined) return Buffer.byteLength(value.S);
  if (value.N !== undefined) return sizeOfNumber(value.N);
  if (value.BOOL !== undefined || value.NULL !== undefined) return 1;
  if (value.B !== undefined) return value.B.byteLength;
  if (value.M !== undefined) return 3 + Object.keys(value.M).length + sizeOf(value.M);
  if (value.L !== undefined) return value.L.reduce((sum, each) => sum + 1 + sizeOfValue(each), 3);
  const bytes = value.SS?.map((each) => Buffer.byteLength(each)) ?? value.NS?.map(sizeOfNumber) ?? [];
  return bytes.reduce((sum, each) => sum + each, 0);
}

/** A byte for every two significant digits, one more, and one for the sign of a negative number. */
function sizeOfNumber(text: string): number {
  const significant = text.replace(/[-.]/g, '').replace(/^0+|0+$/g, '').length;
  return Math.ceil(significant / 2) + 1 + (text.startsWith('-') ? 1 : 0);
}

/** The answer's `ConsumedCapacity`, one entry per table. */
export function consumedCapacity(
  charges: readonly Charge[],
  wanted: ReturnConsumedCapacity | undefined,
): ConsumedCapacity[] {
  if (wanted === undefined || wanted === 'NONE') return [];
  const tables = new Set(charges.map((charge) => charge.table));
  return [...tables].map((table) => {
    const own = charges.filter((charge) => charge.table === table);
    const indexes = new Set(own.flatMap((charge) => charge.index ?? []));
    const onTable = own.filter((charge) => charge.index === undefined);
    return {
      TableName: table,
      CapacityUnits: total(own),
      ...(wanted === 'INDEXES' && {
        Table: capacityOf(onTable),
        GlobalSecondaryIndexes: Object.fromEntries(
          [...indexes].map((index) => [index, capacityOf(own.filter((charge) => charge.index === index))]),
        ),
      }),
    };
  });
}

const total = (charges: readonly Charge[]): number =>
  charges.reduce((sum, charge) => sum + charge.readUnits + charge.writeUnits, 0);

const capacityOf = (charges: readonly Charge[]): Capacity => ({ CapacityUnits: total(charges) });
