import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { findTransactionByReference } from '../find-transactions.ts';
import { getTransactionByReferenceRoute } from '../routes.ts';
import { shownTransaction } from '../transaction-view.ts';

export const handler = httpHandler(getTransactionByReferenceRoute, async ({ caller, params, query }) => {
  const { reference } = params;
  const { institutionId } = query;
  const transaction = await findTransactionByReference(payments(), { caller, institutionId, reference });
  return isRefusal(transaction) ? transaction : ok(shownTransaction(transaction));
});
