import { inScope, scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { findInstitution, listInstitutionAccounts } from '../institution-store.ts';
import { listInstitutionAccountsRoute } from '../routes.ts';

export const handler = httpHandler(listInstitutionAccountsRoute, async ({ params, query, caller }) => {
  const institution = inScope(scopeOf(caller), params.id) ? await findInstitution(parties(), params.id) : undefined;
  if (!institution) return refuse('not_found', 'There is no such institution.');
  return ok(await listInstitutionAccounts(parties(), institution.id, pageRequest(query)));
});
