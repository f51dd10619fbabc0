import { inScope, scopeOf } from '../../kernel/caller.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { findInstitution } from '../institution-store.ts';
import { getInstitutionRoute } from '../routes.ts';

export const handler = httpHandler(getInstitutionRoute, async ({ params, caller }) => {
  const institution = inScope(scopeOf(caller), params.id) ? await findInstitution(parties(), params.id) : undefined;
  return institution ? ok(institution) : refuse('not_found', 'There is no such institution.');
});
