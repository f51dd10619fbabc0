/**
 * The Lambda authorizer lets every request through and says who calls: the HTTP stack, which every function behind the
 * API is made by, answers 401 as a problem. Why: docs/decisions/0001-authorizer-recognises-and-the-http-stack-refuses.md
 */
import * as z from 'zod';
import type { AuthorizerContext } from '../../runtime/authorizer-context.ts';
import { eventHandler } from '../../runtime/event.ts';
import { recognition } from '../../runtime/wiring/access.ts';
import { recogniseCaller } from '../recognise-caller.ts';

/** Payload format 2.0; header names come in lower case. */
const requestSchema = z.object({ headers: z.record(z.string(), z.string()).default({}) });

export const handler = eventHandler(
  requestSchema,
  async ({ headers }): Promise<{ isAuthorized: true; context: AuthorizerContext }> => ({
    isAuthorized: true,
    context: await recogniseCaller(recognition(), headers['authorization']),
  }),
);
