import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementSource } from '../../runtime/wiring/statements.ts';
import { balancesThenAnswer } from '../account-answer.ts';
import { getBalancesRoute } from '../routes.ts';
import { readBalancesAt } from '../statements/balance-at.ts';
import { momentOf } from '../statements/statement-query.ts';

export const handler = httpHandler(getBalancesRoute, async ({ caller, params, query }) => {
  const moment = momentOf(query);
  if (!moment) throw new Error('the route lets no request through without a moment');
  const then = await readBalancesAt(statementSource(), scopeOf(caller), { id: params.id, moment });
  return isRefusal(then) ? then : ok(balancesThenAnswer(then, moment));
});
