/** The law that suspense equals cases (DESIGN: after every write), as a source for the audit of the ledger. */
import type { Item, Table } from '../kernel/table.ts';
import {
  type AuditSource,
  type Claim,
  chartOfAccounts,
  type SuspenseType,
  settlementCompanions,
  suspenseTypes,
} from '../ledger/index.ts';
import { inSuspense } from './cases/case-states.ts';
import { suspenseTypeOf } from './difference.ts';
import { differenceFromItem, isDifferenceItem } from './difference-store.ts';

/**
 * Each difference that is open or proposed claims its amount of a suspense account, so an account that holds anything else is found.
 * Differences that open or close while the audit runs may be found once, and are gone when it looks again.
 */
export const checkSuspense = ({ table }: { readonly table: Table }): AuditSource => ({
  name: 'reconciliation',
  table,
  vouchesFor: suspenseTypes.map((type) => `suspense_${type}` as const),
  claimsOf,
});

function claimsOf(item: Item): readonly Claim[] {
  if (!isDifferenceItem(item)) return [];
  const { state, facts, settlementAccountId } = differenceFromItem(item);
  if (!inSuspense(state)) return [];
  const type = suspenseTypeOf(facts.type);
  const accountId = settlementCompanions(settlementAccountId).suspense[type];
  return [{ claims: 'balance', balance: { accountId, amount: onSuspense(type, facts.adjustment) } }];
}

/** What an account holds on its normal side. A difference that raises the pending balance is a credit on suspense. */
export const onSuspense = (type: SuspenseType, adjustment: bigint): bigint =>
  chartOfAccounts[`suspense_${type}`].normalSide === 'credit' ? adjustment : -adjustment;
