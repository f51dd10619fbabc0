/** The law that suspense equals cases (DESIGN: after every write), as a check for the audit of the ledger. */
import type { AccountId } from '../kernel/ids.ts';
import type { Table } from '../kernel/table.ts';
import {
  type BooksCheck,
  chartOfAccounts,
  type Finding,
  type SuspenseType,
  settlementCompanions,
  suspenseTypes,
} from '../ledger/index.ts';
import { suspenseTypeOf } from './difference.ts';
import { openDifferences } from './difference-store.ts';

const suspenseSubjects = new Set<string>(suspenseTypes.map((type) => `suspense_${type}`));

/**
 * Finds every suspense account whose balance is not the sum of its open differences. Reads the whole table of the
 * context; differences that open or close while the audit runs may be found once, and are gone when it looks again.
 */
export const checkSuspense =
  ({ table }: { readonly table: Table }): BooksCheck =>
  async ({ accounts, balances }) => {
    const expected = await expectedSuspense(table);
    const findings: Finding[] = [];
    for (const { id, subject } of accounts.values()) {
      const cases = expected.get(id) ?? 0n;
      expected.delete(id);
      const balance = balances.get(id)?.available ?? 0n;
      if (!suspenseSubjects.has(subject) || balance === cases) continue;
      const detail = `open differences add up to ${cases} minor units, the account holds ${balance}`;
      findings.push({ code: 'suspense_differs', accountId: id, detail });
    }
    for (const [accountId, cases] of expected) {
      const detail = `open differences of ${cases} minor units have no account`;
      findings.push({ code: 'suspense_differs', accountId, detail });
    }
    return findings;
  };

/** What each suspense account must hold on its normal side; one that is not named, nothing. */
async function expectedSuspense(table: Table): Promise<Map<AccountId, bigint>> {
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
