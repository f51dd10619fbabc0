/** What passes through a DynamoDB client costs, as the engine itself reports it. */
import type { ConsumedCapacity, DynamoDBClient } from '@aws-sdk/client-dynamodb';

export interface Usage {
  readonly calls: number;
  readonly readUnits: number;
  /** of the tables themselves */
  readonly writeUnits: number;
  readonly indexWriteUnits: number;
}

export interface Meter {
  /** What was used since the meter was read last, by table. */
  readonly read: () => ReadonlyMap<string, Usage>;
}

/** @param tables names of those that count; all unless given */
export const sumUsage = (used: ReadonlyMap<string, Usage>, tables: readonly string[] = [...used.keys()]): Usage =>
  tables.reduce<Usage>((sum, name) => addUsage(sum, used.get(name) ?? nothing), nothing);

const addUsage = (left: Usage, right: Usage): Usage => ({
  calls: left.calls + right.calls,
  readUnits: left.readUnits + right.readUnits,
  writeUnits: left.writeUnits + right.writeUnits,
  indexWriteUnits: left.indexWriteUnits + right.indexWriteUnits,
});

const nothing: Usage = { calls: 0, readUnits: 0, writeUnits: 0, indexWriteUnits: 0 };

/** Asks with every call what it consumed, by table and index. A call on several tables is a call of the first of them. */
export function meterClient(client: DynamoDBClient): Meter {
  let used = new Map<string, Usage>();
  const note = (reads: boolean, consumed: readonly ConsumedCapacity[]) => {
    for (const [index, each] of consumed.entries()) {
      const name = each.TableName ?? '';
      const indexUnits = Object.values(each.GlobalSecondaryIndexes ?? {}).reduce(
        (sum, { CapacityUnits: units = 0 }) => sum + units,
        0,
      );
      const tableUnits = (each.CapacityUnits ?? 0) - indexUnits;
      const call = { ...nothing, calls: index === 0 ? 1 : 0 };
      const units = reads
        ? { ...call, readUnits: tableUnits + indexUnits }
        : { ...call, writeUnits: tableUnits, indexWriteUnits: indexUnits };
      used.set(name, addUsage(used.get(name) ?? nothing, units));
    }
  };
  client.middlewareStack.add(
    (next, { commandName = '' }) =>
      async (request) => {
        Object.assign(request.input, { ReturnConsumedCapacity: 'INDEXES' });
        const answer = await next(request);
        const { ConsumedCapacity: consumed } = answer.output as {
          ConsumedCapacity?: ConsumedCapacity | ConsumedCapacity[]; // one, or one for each table
        };
        note(/^(Get|Query|Scan|BatchGet)/.test(commandName), [consumed ?? []].flat());
        return answer;
      },
    { step: 'initialize' },
  );
  return {
    read: () => {
      const reading = used;
      used = new Map();
      return reading;
    },
  };
}
