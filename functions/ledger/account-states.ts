/** Which state of an account may follow which; tested as a table. */
import type { AccountStatus } from './account.ts';

/** An account that is closed stays so, and only one without a balance is closed. */
export const accountTransitions: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  active: ['debit_blocked', 'blocked', 'closed'],
  debit_blocked: ['active', 'blocked', 'closed'],
  blocked: ['active', 'debit_blocked', 'closed'],
  closed: [],
};
