/** Keeps what is known of channels for a few seconds, so that not every payment reads it. */
import type { Clock } from '../../kernel/clock.ts';
import type { Table } from '../../kernel/table.ts';
import type { Health } from './health.ts';
import { type HealthPlace, readHealth } from './health-store.ts';

export type HealthReader = (place: HealthPlace) => Promise<Health>;

/** An outage takes longer than this to show, and a probe is guarded by a condition of its own. */
const keptMs = 5_000;

/** One for a process. A read that failed is not kept. */
export function healthReader({ table, clock }: { readonly table: Table; readonly clock: Clock }): HealthReader {
  const known = new Map<string, { readonly readAtMs: number; readonly health: Promise<Health> }>();
  return (place) => {
    const name = `${place.channel} ${place.merchantNo} ${place.product}`;
    const now = clock();
    const kept = known.get(name);
    if (kept && now.getTime() - kept.readAtMs < keptMs) return kept.health;
    const health = readHealth({ table }, place, now).catch((error: unknown) => {
      known.delete(name);
      throw error;
    });
    known.set(name, { readAtMs: now.getTime(), health });
    return health;
  };
}
