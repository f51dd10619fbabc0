import { money, moneyToJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { allTransactions, rangeOf } from '../find-transactions.ts';
import { totalTransactionsRoute } from '../routes.ts';
import { totalTransactions } from '../transactions/transaction-totals.ts';

export const handler = httpHandler(totalTransactionsRoute, async ({ caller, query }) => {
  const { institutionId, from, to, ...filter } = query;
  const range = rangeOf({ caller, institutionId, filter, from, to }, payments().timeZone);
  if (isRefusal(range)) return range;
  const totals = await totalTransactions(allTransactions(payments(), range));
  if (isRefusal(totals)) return totals;
  return ok({
    totals: totals.map(({ kind, status, count, currency, amount, fee, charged }) => ({
      kind,
      status,
      count,
      amount: moneyToJson(money(amount, currency)),
      fee: moneyToJson(money(fee, currency)),
      charged: moneyToJson(money(charged, currency)),
    })),
  });
});
