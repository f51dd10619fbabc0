/** Releases the holds whose time is over. A hold that is over can't be captured any more, however late this runs. */
import type { HoldId } from '../../kernel/ids.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { Ledger } from '../ledger.ts';
import { expiryShards, overdueHolds } from './hold-store.ts';
import { expireHold } from './release-hold.ts';

export interface ExpiredHolds {
  readonly released: number;
  /** more may be over than one run gets through */
  readonly more: boolean;
}

/** Of each part of the index; some ten milliseconds for each hold, so that all of them fit half a minute. */
const maximumPerShard = 500;

/**
 * One run over all parts side by side. A hold that can't be released stops no other.
 *
 * Cost: half a read unit per forty holds of a part and at least one for each; 6 write units and up to 4 of indexes for each hold that is released.
 *
 * @throws AggregateError of what went wrong, after all others were released
 */
export async function expireHolds(ledger: Ledger): Promise<ExpiredHolds> {
  const now = ledger.clock();
  const faults: unknown[] = [];
  const expireAll = async (ids: readonly HoldId[]): Promise<number> => {
    let released = 0;
    for (const id of ids) {
      try {
        const outcome = await expireHold(ledger, id);
        // the index is a moment behind: others may have ended the hold
        if (!isRefusal(outcome)) released += 1;
        else if (outcome.refused !== 'hold_ended') faults.push(new Error(`hold ${id}: ${outcome.refused}`));
      } catch (error) {
        faults.push(error);
      }
    }
    return released;
  };
  const shards = Array.from({ length: expiryShards }, (_, shard) => shard);
  const runs = await Promise.all(
    shards.map(async (shard) => {
      const ids = await overdueHolds(ledger.table, { shard, now, limit: maximumPerShard });
      return { released: await expireAll(ids), full: ids.length === maximumPerShard };
    }),
  );
  if (faults.length > 0) throw new AggregateError(faults, `${faults.length} holds that are over stay in place`);
  return { released: runs.reduce((sum, run) => sum + run.released, 0), more: runs.some(({ full }) => full) };
}
