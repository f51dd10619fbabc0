import { accountingDateAt } from '../kernel/clock.ts';
import type { Refusal } from '../kernel/refusal.ts';
import type { Write } from '../kernel/write.ts';
import { appendPosting, type PostOutcome } from './append-posting.ts';
import type { Ledger, LedgerRefusal } from './ledger.ts';
import { type NewPosting, netLegs } from './posting.ts';

const dayMs = 24 * 60 * 60 * 1000;

/**
 * Posts a balanced business event, exactly once per posting id, together with other contexts' writes: all or nothing.
 *
 * A repeat with the same content answers `already_posted` and writes nothing, alongside included: the first run
 * committed its own. Where a condition of `alongside` fails, nothing is written and the answer is `overtaken`.
 *
 * The laws of the posting itself are checked first (see `netLegs`), then those of the accounts, then those of the
 * balances; the first that fails decides. Costs: see `appendPosting`.
 *
 * @throws RangeError for legs that break a law of their own, or a date after tomorrow, which would drag every later
 *   posting on these accounts along.
 */
export async function post(
  ledger: Ledger,
  posting: NewPosting,
  alongside: readonly Write[] = [],
): Promise<PostOutcome | Refusal<LedgerRefusal>> {
  const moves = netLegs(posting);
  // a clock that runs a little ahead of another over midnight is no mistake
  const tomorrow = accountingDateAt(new Date(ledger.clock().getTime() + dayMs), ledger.timeZone);
  if (posting.accountingDate > tomorrow) {
    throw new RangeError(`posting ${posting.id}: its accounting date ${posting.accountingDate} has not come yet`);
  }
  return appendPosting(ledger, { ...posting, moves }, { alongside });
}
