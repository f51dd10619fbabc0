import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { findTransaction } from '../find-transactions.ts';
import { getTransactionRoute } from '../routes.ts';
import { shownTransaction } from '../transaction-view.ts';

export const handler = httpHandler(getTransactionRoute, async ({ caller, params: { id } }) => {
  const transaction = await findTransaction(payments(), { caller, id });
  return isRefusal(transaction) ? transaction : ok(shownTransaction(transaction));
});
