import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { cases } from '../../runtime/wiring/cases.ts';
import { proposeResolutionsRoute } from '../cases/case-routes.ts';
import { proposeResolutions } from '../cases/propose-many.ts';

export const handler = httpHandler(proposeResolutionsRoute, async ({ caller, body, operationId }) =>
  ok({ items: await proposeResolutions(cases(), { ...body, by: caller.clientId, operationId }) }),
);
