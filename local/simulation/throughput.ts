/**
 * How much one partition key can take in a second: "1,000 write units per second, and 3,000 read units per second", on
 * demand as well, for a table and for each of its indexes; a throttled index throttles the writes of its table.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/bp-partition-key-design.html
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/gsi-throttling.html
 *
 * Harder than DynamoDB where that is kind: nothing unused is kept for longer than `burstSeconds`, and no partition key
 * ever has a partition of its own split for it by sort key.
 */
import { TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { type Client, clientThat, sendTo } from './client.ts';
import { throttled, transactionCancelled } from './dynamodb/exceptions.ts';
import type { Charge, MemoryStore } from './memory-store.ts';
import type { Scheduler } from './scheduler.ts';

export interface Throughput {
  readonly writeUnitsPerSecond: number;
  readonly readUnitsPerSecond: number;
  readonly burstSeconds: number;
}

export const documentedThroughput: Throughput = {
  writeUnitsPerSecond: 1000,
  readUnitsPerSecond: 3000,
  burstSeconds: 1,
};

/**
 * Throttles before a request does anything.
 * @param store performs the request
 * @param costs tells what it would cost
 */
export function throttlingStore(
  store: Client,
  costs: Pick<MemoryStore, 'charges'>,
  scheduler: Scheduler,
  throughput: Throughput = documentedThroughput,
): Client {
  const buckets = new Map<string, Bucket>();
  const bucketOf = (name: string, perSecond: number): Bucket => {
    const known = buckets.get(name);
    if (known) return known;
    const made = new Bucket(perSecond, throughput.burstSeconds);
    buckets.set(name, made);
    return made;
  };
  const drawsOf = (charges: readonly Charge[]): Map<Bucket, number> => {
    const draws = new Map<Bucket, number>();
    for (const { table, index = '', partition, readUnits, writeUnits } of charges) {
      if (partition === undefined) continue; // a scan is spread over all partitions
      const place = `${table}\0${index}\0${partition}`;
      const draw = (bucket: Bucket, units: number) => draws.set(bucket, (draws.get(bucket) ?? 0) + units);
      if (writeUnits > 0) draw(bucketOf(`write\0${place}`, throughput.writeUnitsPerSecond), writeUnits);
      if (readUnits > 0) draw(bucketOf(`read\0${place}`, throughput.readUnitsPerSecond), readUnits);
    }
    return draws;
  };
  return clientThat(async (command) => {
    const draws = [...drawsOf(costs.charges(command))];
    const seconds = scheduler.elapsedMs() / 1000;
    if (draws.every(([bucket, units]) => bucket.holds(units, seconds))) {
      for (const [bucket, units] of draws) bucket.take(units, seconds);
      return sendTo(store, command);
    }
    scheduler.record(`throttled ${command.constructor.name}`);
    if (!(command instanceof TransactWriteItemsCommand)) throw throttled();
    throw transactionCancelled((command.input.TransactItems ?? []).map(() => ({ Code: 'ThrottlingError' })));
  });
}

/** A token bucket: fills steadily up to its burst. */
class Bucket {
  readonly #perSecond: number;
  readonly #capacity: number;
  #units: number;
  #filledAt = 0;

  constructor(perSecond: number, burstSeconds: number) {
    this.#perSecond = perSecond;
    this.#capacity = perSecond * burstSeconds;
    this.#units = this.#capacity;
  }

  /** What is dearer than all of the bucket passes when the bucket is full, and leaves it in debt. */
  holds(units: number, seconds: number): boolean {
    this.#fill(seconds);
    return this.#units >= Math.min(units, this.#capacity);
  }

  take(units: number, seconds: number): void {
    this.#fill(seconds);
    this.#units -= units;
  }

  #fill(seconds: number): void {
    this.#units = Math.min(this.#capacity, this.#units + (seconds - this.#filledAt) * this.#perSecond);
    this.#filledAt = seconds;
  }
}
