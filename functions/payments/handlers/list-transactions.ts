import { pageRequest } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { listTransactions } from '../find-transactions.ts';
import { listTransactionsRoute } from '../routes.ts';
import { transactionView } from '../transaction-view.ts';

export const handler = httpHandler(listTransactionsRoute, async ({ caller, query }) => {
  const { institutionId, kind, status, accountId, channel, from, to } = query;
  const page = await listTransactions(payments(), {
    ...pageRequest(query),
    caller,
    institutionId,
    filter: { kind, status, accountId, channel },
    from,
    to,
  });
  if (isRefusal(page)) return page;
  return ok({ items: page.items.map(transactionView), nextCursor: page.nextCursor });
});
