/** The bank's statement may have come before the channel's: whichever is second brings the two together. */
import type { ArrivalRule } from '../../channels/index.ts';
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import { readWaiting } from '../carry-store.ts';
import { isLive } from '../cases/case.ts';
import { isUnresolved } from '../cases/case-states.ts';
import { type DayHead, readHead } from '../day-store.ts';
import type { Difference } from '../difference-store.ts';
import { differencesOfDay } from '../difference-store.ts';
import type { Reconciliation } from '../reconciliation.ts';
import { askRerunWrite } from '../rerun-request-store.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { StatementDay } from '../statement-key.ts';
import { type Arrival, isOpen } from './arrival.ts';
import { asAwaited } from './arrival-claims.ts';
import { arrivalsAt, rememberedDays } from './arrival-store.ts';
import { claimArrivals } from './claim-arrivals.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit' | 'clock'>;

/**
 * Has each day of the bank account worked on again that holds a credit which may be one of what is awaited there now: as an open difference, or
 * waiting for another day. So is one that is at work, since it may have looked before. What people have resolved is left to them.
 *
 * 1 read unit for each of a fortnight's days, and some for their differences; 2 write units for each that is asked for.
 */
export async function askBankDays(
  needs: Needs,
  { bank }: Pick<ArrivalRule, 'bank'>,
  { date }: Pick<StatementDay, 'date'>,
): Promise<void> {
  const { table } = needs;
  const days = { from: addDays(date, -rememberedDays), to: addDays(date, 1) };
  const open = (await arrivalsAt(table, bank, days)).map(({ arrival }) => arrival).filter(isOpen);
  const told = open.filter(({ settled }) => settled.date === date).map(asAwaited);
  const until = told
    .map((each) => each.until)
    .toSorted()
    .at(-1);
  if (until === undefined) return;
  const since = addDays(date, -1);
  const waiting = await readWaiting(table, bank, { from: since, to: until });
  for (let each = since; each <= until; each = addDays(each, 1)) {
    const day: StatementDay = { ...bank, date: each };
    const head = await readHead(table, day);
    if (head.latestVersion === 0) continue;
    const lines = [
      ...(await differencesOfDay(table, day)).flatMap(creditOf),
      ...waiting.flatMap((item) => (item.side === 'channel' && item.origin === each ? [item.line] : [])),
    ];
    if (head.working !== undefined || mayClaim(lines, open, each)) await ask(needs, day, head);
  }
}

async function ask({ table, commit, clock }: Needs, day: StatementDay, { latestVersion }: DayHead): Promise<void> {
  const request = { day, cause: 'settlement_told', afterVersion: latestVersion, notBefore: clock() } as const;
  const { committed } = await commit([askRerunWrite(table, request)]);
  if (!committed) throw new Error(`the statement of ${day.date} can't be asked for`);
}

function mayClaim(lines: readonly StagedLine[], open: readonly Arrival[], day: AccountingDate): boolean {
  // lines of the pool have no number, and each is told by its own
  const numbered = lines.map((line, index) => ({ ...line, lineNumber: index + 1 }));
  return claimArrivals(numbered, open.map(asAwaited), day).shares.length > 0;
}

/** A credit that nothing of ours stood against. */
function creditOf(difference: Difference): readonly StagedLine[] {
  const { facts, state } = difference;
  const isOpenCredit = isLive(difference) && isUnresolved(state) && facts.type === 'missing_in_books';
  if (!isOpenCredit || !facts.theirs) return [];
  return [{ ...facts.theirs, kind: facts.kind, lineNumber: facts.lineNumber ?? 0, at: difference.foundAt }];
}
