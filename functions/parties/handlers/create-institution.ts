import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { opening } from '../../runtime/wiring/parties.ts';
import { proposeInstitution } from '../open-institution.ts';
import { createInstitutionRoute } from '../routes.ts';

export const handler = httpHandler(createInstitutionRoute, async ({ body, caller, operationId }) =>
  accepted(await proposeInstitution(opening(), { ...body, proposedBy: caller.clientId, operationId })),
);
