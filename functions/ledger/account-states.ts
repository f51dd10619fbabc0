/** Which state of an account may follow which; tested as a table. */
import type { AccountStatus } from './account.ts';

/**
 * Only an account without a balance is closed, and nothing is asked of it any more. Money that a channel had still on its
 * way comes in all the same; an operator then reopens the account as blocked, and sends it where it belongs.
 */
export const accountTransitions: Readonly<Record<AccountStatus, readonly AccountStatus[]>> = {
  active: ['debit_blocked', 'blocked', 'closed'],
  debit_blocked: ['active', 'blocked', 'closed'],
  blocked: ['active', 'debit_blocked', 'closed'],
  closed: ['blocked'],
};
