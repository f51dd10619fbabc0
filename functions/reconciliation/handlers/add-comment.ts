import { scopeOf, signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { putComment } from '../cases/case-notes-store.ts';
import { addCommentRoute } from '../cases/case-routes.ts';
import { commentView } from '../cases/case-view.ts';
import { findCase } from '../cases/find-cases.ts';

export const handler = httpHandler(addCommentRoute, async ({ caller, params, body, operationId }) => {
  const { table, clock } = reconciliation();
  const found = await findCase({ table }, scopeOf(caller), params.id);
  if (isRefusal(found)) return found;
  const comment = { id: operationId, by: signatureOf(caller), at: clock(), text: body.text };
  await putComment(table, params.id, comment);
  return created(commentView(comment));
});
