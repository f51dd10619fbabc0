/** 挂账滚动表: opening + new + taken back − cleared = closing for each type and business day of a settlement account, as the books have it. */

import { inScope, type Scope } from '../../kernel/caller.ts';
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import type { AccountId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import {
  dailyTurnover,
  type Ledger,
  lookUpAccount,
  type StatementSource,
  type SuspenseType,
  settlementCompanions,
  suspenseTypes,
} from '../../ledger/index.ts';
import { suspenseTypeOf } from '../difference.ts';
import { onSuspense } from '../suspense-check.ts';
import type { Difference } from './case.ts';
import { listCases } from './case-list-store.ts';

export interface SuspenseNeeds {
  readonly table: Table;
  readonly ledger: Pick<Ledger, 'table' | 'memory'>;
  readonly timeZone: StatementSource['timeZone'];
  readonly now: Date;
}

export interface SuspenseDay {
  readonly date: AccountingDate;
  /** minor units on the account's normal side */
  readonly opening: bigint;
  /** booked by new differences */
  readonly added: bigint;
  /** in suspense again, since a resolution was taken back */
  readonly takenBack: bigint;
  /** taken out by resolutions, and by files that no longer show a difference */
  readonly cleared: bigint;
  readonly closing: bigint;
}

export interface SuspenseOfType {
  readonly type: SuspenseType;
  readonly accountId: AccountId;
  /** days on which something moved */
  readonly days: readonly SuspenseDay[];
  readonly opening: bigint;
  readonly closing: bigint;
  /** what is open now, which the account holds now: the two are the same but for what is being written at this moment */
  readonly openCases: { readonly count: number; readonly amount: bigint };
}

export interface SuspenseRollForward {
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
  readonly types: readonly SuspenseOfType[];
}

const longestRangeDays = 92;

/**
 * A read unit per 4 KiB of entries of the range; and half a unit per two open cases of the institution.
 *
 * @throws Error where the entries of a chain don't add up, which the audit would find as well
 */
export async function suspenseRollForward(
  { table, ledger, timeZone, now }: SuspenseNeeds,
  {
    scope,
    id,
    from,
    to,
  }: { readonly scope: Scope; readonly id: AccountId; readonly from: AccountingDate; readonly to: AccountingDate },
): Promise<SuspenseRollForward | Refusal<'not_found' | 'range_too_long'>> {
  const account = await lookUpAccount(ledger, id);
  if (account?.kind !== 'settlement' || !inScope(scope, account.institutionId)) {
    return refuse('not_found', 'There is no such settlement account.');
  }
  if (to > addDays(from, longestRangeDays)) {
    return refuse('range_too_long', `At most ${longestRangeDays} days are shown at once.`);
  }
  const open = await openCasesOf(table, { scope: account.institutionId ?? scope, id, now });
  const types = await Promise.all(
    suspenseTypes.map((type) => rollOf({ table: ledger.table, timeZone }, { type, id, from, to, open })),
  );
  return { settlementAccountId: id, currency: account.currency, types };
}

async function openCasesOf(
  table: Table,
  { scope, id, now }: { readonly scope: Scope; readonly id: AccountId; readonly now: Date },
): Promise<readonly Difference[]> {
  const open: Difference[] = [];
  let after: string | undefined;
  do {
    const filter = { settlementAccountId: id };
    const page = await listCases(table, { scope, filter, now, limit: 200, ...(after !== undefined && { after }) });
    open.push(...page.items);
    after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, 'base64url').toString();
  } while (after !== undefined);
  return open;
}

async function rollOf(
  source: StatementSource,
  {
    type,
    id,
    from,
    to,
    open,
  }: {
    readonly type: SuspenseType;
    readonly id: AccountId;
    readonly from: AccountingDate;
    readonly to: AccountingDate;
    readonly open: readonly Difference[];
  },
): Promise<SuspenseOfType> {
  const accountId = settlementCompanions(id).suspense[type];
  const turnover = await dailyTurnover(source, accountId, { from, to });
  if (!turnover) throw new Error(`the settlement account ${id} has no suspense account ${type}`);
  let opening = turnover.opening;
  const days = turnover.days.map(({ date, changes }): SuspenseDay => {
    const all = Object.values(changes).reduce((sum, change) => sum + change, 0n);
    // everything else that is posted there takes a difference out
    const { difference: added = 0n, resolution_reversal: takenBack = 0n } = changes;
    const day = { date, opening, added, takenBack, cleared: added + takenBack - all, closing: opening + all };
    opening = day.closing;
    return day;
  });
  if (opening !== turnover.closing) throw new Error(`the entries of ${accountId} don't add up to its balance`);
  const ofType = open.filter(({ facts }) => suspenseTypeOf(facts.type) === type);
  const amount = ofType.reduce((sum, { facts }) => sum + onSuspense(type, facts.adjustment), 0n);
  const openCases = { count: ofType.length, amount };
  return { type, accountId, days, opening: turnover.opening, closing: turnover.closing, openCases };
}
