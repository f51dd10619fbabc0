import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { listInstitutions } from '../institution-store.ts';
import { listInstitutionsRoute } from '../routes.ts';

export const handler = httpHandler(listInstitutionsRoute, async ({ query }) =>
  ok(await listInstitutions(parties(), pageRequest(query))),
);
