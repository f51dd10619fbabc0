import { handOver } from '../../kernel/hand-over-file.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok, seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { allTransactions, listTransactions, rangeOf } from '../find-transactions.ts';
import { listTransactionsRoute } from '../routes.ts';
import { anyTransactionView } from '../transaction-view.ts';
import { transactionsCsv } from '../transactions/transactions-csv.ts';

/** API Gateway waits 30 s for a function; what is left is for the last part and the link. */
const fileSeconds = 24;

export const handler = httpHandler(listTransactionsRoute, async ({ caller, query, requestId, wantsCsv }) => {
  const { institutionId, kind, status, accountId, channel, from, to, limit, cursor } = query;
  const request = { caller, institutionId, filter: { kind, status, accountId, channel }, from, to };

  if (!wantsCsv) {
    const place = cursor === undefined ? {} : { after: cursor };
    const page = await listTransactions(payments(), { ...request, ...place, limit: limit ?? 50 });
    if (isRefusal(page)) return page;
    return ok({ items: page.items.map(anyTransactionView), nextCursor: page.nextCursor });
  }

  if (limit !== undefined || cursor !== undefined) {
    return refuse('no_pages_in_files', 'A file holds all of its range: leave out limit and cursor.');
  }
  const range = rangeOf(request, payments().timeZone);
  if (isRefusal(range)) return range;
  const files = handedFiles();
  const file = await handOver(files, {
    name: 'transactions.csv',
    key: `transactions/${requestId}/transactions.csv`,
    pieces: transactionsCsv(allTransactions(payments(), range)),
    deadline: new Date(files.clock().getTime() + fileSeconds * 1000),
  });
  if (isRefusal(file)) return file;
  return 'url' in file ? seeOther(file.url) : csv(file.text, 'transactions.csv');
});
