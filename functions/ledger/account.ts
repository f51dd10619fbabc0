/**
 * What an account is: facts that never change, and terms that do. Both stand on every entry of its chains, so the last
 * entry tells all that a posting must know, and whatever changes a term races every posting for the next number.
 */
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { chartOfAccounts, type Side, type Subject } from './chart-of-accounts.ts';

/** 会员账户, 机构账户, 结算账户 (its pending half), and 内部账户, which only operators see. */
export const accountKinds = ['member', 'institution', 'settlement', 'internal'] as const;

export type AccountKind = (typeof accountKinds)[number];

export interface AccountFacts {
  readonly kind: AccountKind;
  readonly subject: Subject;
  readonly currency: Currency;
  readonly institutionId?: InstitutionId | undefined;
  /** RFC 3339 in UTC, milliseconds */
  readonly openedAt: string;
}

/**
 * `active`; `debit_blocked` 止付: money comes in and does not leave; `blocked` 冻结: nothing moves; `closed` 销户: nothing
 * is asked of it any more. What has already happened outside, such as a payment that a channel carried out, is booked
 * whatever the state.
 */
/** from the mildest to the strictest */
export const accountStatuses = ['active', 'debit_blocked', 'blocked', 'closed'] as const;

export type AccountStatus = (typeof accountStatuses)[number];

export interface Terms {
  readonly status: AccountStatus;
  /** the lowest available balance that a posting may lead to, in minor units: 0, or minus an overdraft; null for none */
  readonly floor: bigint | null;
  /** 分槽: independent chains that share the writes of a hot account */
  readonly slots: number;
}

export interface Account extends AccountFacts, Terms {
  readonly id: AccountId;
}

export interface NewAccount extends Omit<AccountFacts, 'openedAt'> {
  readonly id: AccountId;
  readonly floor: bigint | null;
  readonly slots: number;
  readonly openedAt: Date;
}

/** 可用, 冻结 and, of a settlement account, 手续费: what its channel has charged. */
export const balanceKinds = ['available', 'frozen', 'fees'] as const;

export type BalanceKind = (typeof balanceKinds)[number];

/** In minor units, each positive on the normal side of its subject. */
export type Balances = Readonly<Record<BalanceKind, bigint>>;

export const noBalances: Balances = { available: 0n, frozen: 0n, fees: 0n };

export const addBalances = (left: Balances, right: Balances): Balances => ({
  available: left.available + right.available,
  frozen: left.frozen + right.frozen,
  fees: left.fees + right.fees,
});

export const negated = ({ available, frozen, fees }: Balances): Balances => ({
  available: -available,
  frozen: -frozen,
  fees: -fees,
});

export const sameBalances = (left: Balances, right: Balances): boolean =>
  left.available === right.available && left.frozen === right.frozen && left.fees === right.fees;

/** 会计科目 of each balance: what a channel charges is an expense, whatever the account it was taken from. */
export const subjectOf = ({ subject }: Pick<AccountFacts, 'subject'>, balance: BalanceKind): Subject =>
  balance === 'fees' ? 'fee_expense' : subject;

/**
 * Turns balances counted with debits positive into ones counted on each one's normal side; applied twice it gives the
 * first again.
 */
export const onNormalSides = (
  facts: Pick<AccountFacts, 'subject'>,
  { available, frozen, fees }: Balances,
): Balances => {
  const side = (balance: BalanceKind): Side => chartOfAccounts[subjectOf(facts, balance)].normalSide;
  const turned = (balance: BalanceKind, debits: bigint) => (side(balance) === 'debit' ? debits : -debits);
  return { available: turned('available', available), frozen: turned('frozen', frozen), fees: turned('fees', fees) };
};

export interface AccountWithBalances extends Account {
  readonly balances: Balances;
}

/** 64 entries, one for each slot, fit the transaction that changes an account's terms. */
export const maximumSlots = 64;
