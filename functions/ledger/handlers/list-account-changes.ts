import { scopeOf } from '../../kernel/caller.ts';
import { encodeCursor } from '../../kernel/page.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { listAccountChangesRoute } from '../account-change-routes.ts';
import { accountChangeAnswer } from '../account-change-schemas.ts';
import { listChanges } from '../account-changes.ts';

export const handler = httpHandler(listAccountChangesRoute, async ({ caller, params, query: { limit, cursor } }) => {
  const after = cursor === undefined ? undefined : Number(cursor);
  const page = await listChanges(ledger(), { scope: scopeOf(caller), accountId: params.id, limit, after });
  if (isRefusal(page)) return page;
  const nextCursor = page.next === undefined ? null : encodeCursor(String(page.next));
  return ok({ items: page.items.map(accountChangeAnswer), nextCursor });
});
