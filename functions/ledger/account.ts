/** What an account is. Its facts never change once it is open; what changes is its chain of entries. */
import type { AccountId, InstitutionId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { Subject } from './chart-of-accounts.ts';

/** 会员账户, 机构账户, 结算账户 (its pending half), and 内部账户, which only operators see. */
export const accountKinds = ['member', 'institution', 'settlement', 'internal'] as const;

export type AccountKind = (typeof accountKinds)[number];

export interface NewAccount {
  readonly id: AccountId;
  readonly kind: AccountKind;
  readonly subject: Subject;
  readonly currency: Currency;
  readonly institutionId?: InstitutionId;
  /** the lowest available balance that a posting may lead to, in minor units; null for none */
  readonly floor: bigint | null;
  /** independent chains that share the writes of a hot account; more than 1 only without a floor */
  readonly slots: number;
  readonly openedAt: Date;
}

export type Account = NewAccount;

/** 可用 and 冻结, in minor units, positive on the account's normal side. */
export interface Balances {
  readonly available: bigint;
  readonly frozen: bigint;
}

export const noBalances: Balances = { available: 0n, frozen: 0n };

export const addBalances = (left: Balances, right: Balances): Balances => ({
  available: left.available + right.available,
  frozen: left.frozen + right.frozen,
});

export const sameBalances = (left: Balances, right: Balances): boolean =>
  left.available === right.available && left.frozen === right.frozen;

export type AccountStatus = 'open' | 'closed';

export interface AccountWithBalances extends Account {
  /** closed when the last entry of its chain is the closing one */
  readonly status: AccountStatus;
  readonly balances: Balances;
}
