import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { statementSource } from '../../runtime/wiring/statements.ts';
import { getSuspenseRoute } from '../cases/case-routes.ts';
import { suspenseView } from '../cases/case-view.ts';
import { suspenseRollForward } from '../cases/suspense-roll-forward.ts';

export const handler = httpHandler(getSuspenseRoute, async ({ caller, params, query }) => {
  const { table, clock } = reconciliation();
  const { timeZone } = statementSource();
  const needs = { table, ledger: ledger(), timeZone, now: clock() };
  const roll = await suspenseRollForward(needs, { scope: scopeOf(caller), id: params.id, ...query });
  return isRefusal(roll) ? roll : ok(suspenseView(roll));
});
