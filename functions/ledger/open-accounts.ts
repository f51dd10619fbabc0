/** Opening accounts, as writes for the transaction in which a member, an institution or a merchant number is registered. */
import { type AccountId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Write } from '../kernel/write.ts';
import type { NewAccount } from './account.ts';
import { putAccount } from './account-store.ts';
import { type SuspenseType, suspenseTypes } from './chart-of-accounts.ts';
import type { Ledger } from './ledger.ts';

type Store = Pick<Ledger, 'table'>;

/**
 * Opens one account; its write breaks when an account of that id stands. 2 write units.
 *
 * @throws RangeError for a floor on an account of several slots: no slot alone could guard it.
 */
export function openAccountWrites({ table }: Store, account: NewAccount): readonly Write[] {
  if (!Number.isSafeInteger(account.slots) || account.slots < 1 || account.slots > maximumSlots) {
    throw new RangeError(`account ${account.id} needs 1 to ${maximumSlots} slots`);
  }
  if (account.slots > 1 && account.floor !== null) {
    throw new RangeError(`account ${account.id} has a floor and can't be spread over slots`);
  }
  return [putAccount(table, account)];
}

/** A balance is read from all slots at once, and a list's cursor names a place in each. */
const maximumSlots = 32;

/** A slot takes some 50 postings a second before writers lose more races than they win. */
const slots = { pending: 8, feeExpense: 8, reconciled: 1, suspense: 4 } as const;

export interface SettlementCompanions {
  /** the settlement account's own id */
  readonly pending: AccountId;
  readonly reconciled: AccountId;
  readonly feeExpense: AccountId;
  readonly suspense: Readonly<Record<SuspenseType, AccountId>>;
}

/** The ledger accounts behind one settlement account; their ids follow from its own. */
export function settlementCompanions(id: AccountId): SettlementCompanions {
  const companion = (role: string) => idFrom('acct', id, role);
  const suspense = Object.fromEntries(suspenseTypes.map((type) => [type, companion(`suspense_${type}`)]));
  return {
    pending: id,
    reconciled: companion('reconciled'),
    feeExpense: companion('fee_expense'),
    suspense: suspense as Record<SuspenseType, AccountId>, // one entry per type was just made
  };
}

export interface NewSettlementAccount {
  readonly id: AccountId;
  readonly institutionId: InstitutionId;
  readonly currency: Currency;
  readonly openedAt: Date;
}

/** Opens a settlement account with all that belongs to it: nine accounts, 18 write units. */
export function openSettlementAccountWrites(store: Store, account: NewSettlementAccount): readonly Write[] {
  const companions = settlementCompanions(account.id);
  const internal = (facts: Pick<NewAccount, 'id' | 'subject' | 'slots'>) =>
    openAccountWrites(store, { ...account, ...facts, kind: 'internal', floor: null });
  return [
    ...openAccountWrites(store, {
      ...account,
      kind: 'settlement',
      subject: 'settlement_pending',
      floor: null,
      slots: slots.pending,
    }),
    ...internal({ id: companions.reconciled, subject: 'settlement_reconciled', slots: slots.reconciled }),
    ...internal({ id: companions.feeExpense, subject: 'fee_expense', slots: slots.feeExpense }),
    ...suspenseTypes.flatMap((type) =>
      internal({ id: companions.suspense[type], subject: `suspense_${type}`, slots: slots.suspense }),
    ),
  ];
}
