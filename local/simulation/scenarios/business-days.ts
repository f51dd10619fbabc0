/** 日切 while everybody goes on: the date is moved, and the day behind it is closed by the workflow's own steps. */
import { type AccountingDate, addDays } from '../../../functions/kernel/clock.ts';
import { type Files, readObject } from '../../../functions/kernel/files.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { committer } from '../../../functions/kernel/write.ts';
import type { Close, Closing } from '../../../functions/ledger/close/close.ts';
import { concludeDay, nextDay, planOwners } from '../../../functions/ledger/close/close-day.ts';
import { ownerWorkSchema } from '../../../functions/ledger/close/close-lines.ts';
import { closeOwner } from '../../../functions/ledger/close/close-owner.ts';
import { closeShard } from '../../../functions/ledger/close/close-shard.ts';
import type { Scheduler, Self } from '../scheduler.ts';
import type { Dice } from './dice.ts';
import type { Fleet, Wiring } from './function-fleet.ts';
import { memoryBucket } from './memory-bucket.ts';

export interface BusinessDays {
  /** Moves the calendar, and the business date after it; closes what is due. @returns whether nothing is left to close */
  readonly closeNext: (self: Self) => Promise<boolean>;
  readonly closes: () => readonly Close[];
}

/** Longer than the lease of a date, a function, and a request that arrives late, together. */
const graceSeconds = 45;
const timeoutMs = 15 * 60_000;

export function businessDays(
  { scheduler, dice, fleet }: { readonly scheduler: Scheduler; readonly dice: Dice; readonly fleet: Fleet },
  firstDay: AccountingDate,
): BusinessDays {
  const files = memoryBucket();
  const closes: Close[] = [];
  let today = firstDay;
  let runs = 0;
  const call = async <T>(step: (wiring: Wiring, closing: Closing) => Promise<T>): Promise<T | undefined> => {
    const process = fleet.invoke('d', timeoutMs, (wiring) =>
      step(
        wiring,
        closingOf(wiring, files, () => today),
      ),
    );
    const outcome = await process.ended;
    return outcome.status === 'returned' ? outcome.value : undefined;
  };

  async function closeNext(self: Self): Promise<boolean> {
    // some days are missed, and closed one by one later
    today = addDays(today, dice.pick([1, 1, 2]));
    for (;;) {
      const next = await self.hear(call((_, by) => nextDay(by)));
      if (!next || isRefusal(next)) return false;
      const { day, readyAt, shards = [] } = next;
      if (day === undefined) return true;
      await self.sleepMs(Math.max(0, Date.parse(readyAt ?? '') - scheduler.now().getTime()));
      runs += 1;
      const run = { day, run: `run-${runs}` };
      const closed = await self.hear(
        call(async (_, by) => {
          for (const shard of shards) await closeShard(by, { ...run, shard });
          const { ownersKey } = await planOwners(by, run);
          const owners = ownerWorkSchema
            .array()
            .parse(JSON.parse(await readObject(files, { bucket: by.bucket, key: ownersKey })));
          for (const owner of owners) await closeOwner(by, run, owner);
          return concludeDay(by, run);
        }),
      );
      if (!closed) return false;
      closes.push(closed);
      scheduler.record(`closed ${day} with ${closed.entries} entries`);
    }
  }

  return { closeNext, closes: () => closes };
}

const closingOf = ({ payments: { ledger } }: Wiring, files: Files, calendarDay: () => AccountingDate): Closing => ({
  table: ledger.table,
  commit: committer(ledger.table.client, ledger),
  clock: ledger.clock,
  calendarDay,
  files,
  bucket: 'books',
  graceSeconds,
  daysAhead: 1,
});
