/** What waits for another day's statement, for those who look after it. */
import { type Channels, findMerchant } from '../channels/index.ts';
import { inScope, type Scope } from '../kernel/caller.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Carried } from './carry-over.ts';
import { readWaiting } from './carry-store.ts';
import type { Reconciliation } from './reconciliation.ts';

interface Needs {
  readonly table: Reconciliation['table'];
  readonly channels: Pick<Channels, 'table'>;
}

/** So many are shown, the oldest first: more would mean that a whole day is missing. */
export const maximumCarried = 500;

/** 1 read unit, and half a read unit per fifteen items of the merchant number, those of old days that were claimed among them. */
export async function listCarried(
  { table, channels }: Needs,
  scope: Scope,
  pool: { readonly channel: string; readonly merchantNo: string },
): Promise<readonly Carried[] | Refusal<'not_found'>> {
  const merchant = await findMerchant(channels, pool.channel, pool.merchantNo);
  if (!merchant || !inScope(scope, merchant.institutionId)) {
    return refuse('not_found', 'There is no such merchant number.');
  }
  return (await readWaiting(table, pool)).slice(0, maximumCarried);
}
