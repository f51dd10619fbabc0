/** Opening accounts, as writes for the transaction in which a member, an institution or a merchant number is registered. */
import type { AccountingDate } from '../kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Write } from '../kernel/write.ts';
import { maximumSlots, type NewAccount, noBalances } from './account.ts';
import { type SuspenseType, suspenseTypes } from './chart-of-accounts.ts';
import { type Entry, firstPreviousHash, sealEntry } from './entry.ts';
import { putEntry } from './entry-store.ts';
import type { Ledger } from './ledger.ts';

type Needs = Pick<Ledger, 'table' | 'businessDate'>;

/** Opens one account; broken when an account of that id stands. 2 write units for each slot. */
export async function openAccountWrites(ledger: Needs, account: NewAccount): Promise<readonly Write[]> {
  const businessDate = await ledger.businessDate();
  return openingEntries(account, businessDate).map((entry) => putEntry(ledger.table, entry));
}

/**
 * The first entry of each of an account's chains, which moves nothing.
 *
 * @throws RangeError for a number of slots out of range
 */
export function openingEntries(account: NewAccount, accountingDate: AccountingDate): readonly Entry[] {
  const { id, floor, slots, openedAt, ...facts } = account;
  if (!Number.isSafeInteger(slots) || slots < 1 || slots > maximumSlots) {
    throw new RangeError(`account ${id} needs 1 to ${maximumSlots} slots`);
  }
  return Array.from({ length: slots }, (_, slot) =>
    sealEntry({
      accountId: id,
      slot,
      seq: 1,
      postingId: idFrom('post', id, 'opening'),
      type: 'account_opening',
      accountingDate,
      postedAt: openedAt.toISOString(),
      account: { ...facts, openedAt: openedAt.toISOString() },
      terms: { status: 'active', floor, slots, since: 1 },
      change: noBalances,
      after: noBalances,
      previousHash: firstPreviousHash,
    }),
  );
}

/**
 * How many chains each ledger account of a merchant number begins with; a writer that meets others on one moves to
 * another, and more can be added while the account is in use.
 */
const slots = { pending: 8, reconciled: 1, fees: 4, suspense: 1, writeOff: 1 } as const;

export interface SettlementCompanions {
  /** the settlement account's own id */
  readonly pending: AccountId;
  readonly reconciled: AccountId;
  /** what is charged to the institution or its members for the channel's services */
  readonly feeIncome: AccountId;
  /** what the institution owes of that */
  readonly feesReceivable: AccountId;
  /** what the channel bills later and takes from no order, such as verifications */
  readonly feesPayable: AccountId;
  readonly suspense: Readonly<Record<SuspenseType, AccountId>>;
  /** 核销; opened when it is first needed ({@link openWriteOffWrites}) */
  readonly writeOff: AccountId;
}

/** The ledger accounts behind one settlement account; their ids follow from its own. */
export function settlementCompanions(id: AccountId): SettlementCompanions {
  const companion = (role: string) => idFrom('acct', id, role);
  const suspense = Object.fromEntries(suspenseTypes.map((type) => [type, companion(`suspense_${type}`)]));
  return {
    pending: id,
    reconciled: companion('reconciled'),
    feeIncome: companion('fee_income'),
    feesReceivable: companion('fees_receivable'),
    feesPayable: companion('fees_payable'),
    suspense: suspense as Record<SuspenseType, AccountId>, // one entry per type was just made
    writeOff: companion('write_off'),
  };
}

export interface NewSettlementAccount {
  readonly id: AccountId;
  readonly institutionId: InstitutionId;
  readonly currency: Currency;
  readonly openedAt: Date;
}

/** Opens what a settlement account's differences are written off to: most never need it. Broken where it stands. 2 write units. */
export const openWriteOffWrites = (ledger: Needs, account: NewSettlementAccount): Promise<readonly Write[]> =>
  openAccountWrites(ledger, {
    ...account,
    id: settlementCompanions(account.id).writeOff,
    kind: 'internal',
    subject: 'write_off',
    floor: null,
    slots: slots.writeOff,
  });

/** Opens a settlement account with all that belongs to it: eleven accounts in 27 chains, 54 write units. */
export async function openSettlementAccountWrites(
  ledger: Needs,
  account: NewSettlementAccount,
): Promise<readonly Write[]> {
  const companions = settlementCompanions(account.id);
  const internal = (facts: Pick<NewAccount, 'id' | 'subject' | 'slots'>): NewAccount => ({
    ...account,
    ...facts,
    kind: 'internal',
    floor: null,
  });
  const accounts: readonly NewAccount[] = [
    { ...account, kind: 'settlement', subject: 'settlement_pending', floor: null, slots: slots.pending },
    internal({ id: companions.reconciled, subject: 'settlement_reconciled', slots: slots.reconciled }),
    internal({ id: companions.feeIncome, subject: 'fee_income', slots: slots.fees }),
    internal({ id: companions.feesReceivable, subject: 'fees_receivable', slots: slots.fees }),
    internal({ id: companions.feesPayable, subject: 'fees_payable', slots: slots.fees }),
    ...suspenseTypes.map((type) =>
      internal({ id: companions.suspense[type], subject: `suspense_${type}`, slots: slots.suspense }),
    ),
  ];
  const writes = await Promise.all(accounts.map((each) => openAccountWrites(ledger, each)));
  return writes.flat();
}
