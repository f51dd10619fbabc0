import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { findTransaction } from '../find-transactions.ts';
import { getTransactionRoute } from '../routes.ts';
import { transactionView } from '../transaction-view.ts';

export const handler = httpHandler(getTransactionRoute, async ({ caller, params: { id } }) => {
  const payment = await findTransaction(payments(), { caller, id });
  return isRefusal(payment) ? payment : ok(transactionView(payment));
});
