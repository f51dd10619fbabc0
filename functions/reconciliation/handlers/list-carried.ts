import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { listCarried } from '../find-carried.ts';
import { carriedView } from '../reconciliation-view.ts';
import { listCarriedRoute } from '../routes.ts';

export const handler = httpHandler(listCarriedRoute, async ({ caller, query }) => {
  const { channels, clock } = reconciliation();
  const waiting = await listCarried({ table: reconciliation().table, channels }, scopeOf(caller), query);
  return isRefusal(waiting)
    ? waiting
    : ok({ items: waiting.map((each) => carriedView(each, clock())), nextCursor: null });
});
