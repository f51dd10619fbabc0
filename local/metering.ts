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
  /** What was used since the meter was read last. @param tables names of those that count; all unless given */
  readonly read: (tables?: readonly string[]) => Usage;
}

const nothing: Usage = { calls: 0, readUnits: 0, writeUnits: 0, indexWriteUnits: 0 };

/** Asks with every call what it consumed, by table and index. A call on several tables is a call of the first of them. */
export function meterClient(client: DynamoDBClient): Meter {
  let used = new Map<string, Usage>();
  const note = (reads: boolean, consumed: readonly ConsumedCapacity[]) => {
    for (const [index, each] of consumed.entries()) {
      const name = each.TableName ?? '';
      const before = used.get(name) ?? nothing;
      const indexUnits = Object.values(each.GlobalSecondaryIndexes ?? {}).reduce(
        (sum, { CapacityUnits: units = 0 }) => sum + units,
        0,
      );
      const tableUnits = (each.CapacityUnits ?? 0) - indexUnits;
      used.set(name, {
        calls: before.calls + (index === 0 ? 1 : 0),
        readUnits: before.readUnits + (reads ? tableUnits + indexUnits : 0),
        writeUnits: before.writeUnits + (reads ? 0 : tableUnits),
        indexWriteUnits: before.indexWriteUnits + (reads ? 0 : indexUnits),
      });
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
    read: (tables) => {
      const counted = [...used].filter(([name]) => tables?.includes(name) ?? true).map(([, usage]) => usage);
      used = new Map();
      return counted.reduce(
        (sum, each) => ({
          calls: sum.calls + each.calls,
          readUnits: sum.readUnits + each.readUnits,
          writeUnits: sum.writeUnits + each.writeUnits,
          indexWriteUnits: sum.indexWriteUnits + each.indexWriteUnits,
        }),
        nothing,
      );
    },
  };
}
