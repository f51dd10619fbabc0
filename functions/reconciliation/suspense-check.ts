/** The law that suspense equals cases: open differences add up to the suspense accounts, after every write. */
import type { AccountId } from '../kernel/ids.ts';
import type { Table } from '../kernel/table.ts';
import { chartOfAccounts, type SuspenseType, settlementCompanions } from '../ledger/index.ts';
import { suspenseTypeOf } from './difference.ts';
import { openDifferences } from './difference-store.ts';

/**
 * What each suspense account must hold, on its normal side, for every account that has an open difference; any other
 * suspense account must hold nothing. Reads the whole table.
 */
export async function expectedSuspense({ table }: { readonly table: Table }): Promise<Map<AccountId, bigint>> {
  const expected = new Map<AccountId, bigint>();
  for await (const { facts, settlementAccountId } of openDifferences(table)) {
    const type = suspenseTypeOf(facts.type);
    const accountId = settlementCompanions(settlementAccountId).suspense[type];
    expected.set(accountId, (expected.get(accountId) ?? 0n) + onSuspense(type, facts.adjustment));
  }
  return expected;
}

/** A difference that raises the pending balance is a credit on suspense. */
const onSuspense = (type: SuspenseType, adjustment: bigint): bigint =>
  chartOfAccounts[`suspense_${type}`].normalSide === 'credit' ? adjustment : -adjustment;

export interface SuspenseBreak {
  readonly accountId: AccountId;
  readonly openCases: bigint;
  readonly balance: bigint;
}

/**
 * Compares open cases with the ledger.
 *
 * @param balances of all suspense accounts, by account, on their normal side
 * @returns nothing where the law holds
 */
export function findSuspenseBreaks(
  expected: ReadonlyMap<AccountId, bigint>,
  balances: ReadonlyMap<AccountId, bigint>,
): SuspenseBreak[] {
  const accounts = new Set([...expected.keys(), ...balances.keys()]);
  return [...accounts]
    .map((accountId) => ({
      accountId,
      openCases: expected.get(accountId) ?? 0n,
      balance: balances.get(accountId) ?? 0n,
    }))
    .filter(({ openCases, balance }) => openCases !== balance);
}
