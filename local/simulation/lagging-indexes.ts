/** Global secondary indexes follow their table "eventually": a moment later, in the order of the writes. */
import type { MemoryStoreOptions } from './memory-store.ts';
import type { Scheduler } from './scheduler.ts';

/** For {@link MemoryStoreOptions.index}. @param lagMs from – to, in virtual milliseconds */
export function laggingIndexes(
  scheduler: Scheduler,
  lagMs: readonly [number, number],
): NonNullable<MemoryStoreOptions['index']> {
  const waiting: (() => void)[] = [];
  return (change) => {
    waiting.push(change);
    // whichever moment comes first, the oldest change is made at it
    void scheduler.after(scheduler.between(...lagMs), () => waiting.shift()?.());
  };
}
