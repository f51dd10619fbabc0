import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { audit } from '../../runtime/wiring/audit.ts';
import { lookSchema, scanWorkSchema } from '../audit/audit-plan.ts';
import { scanPart } from '../audit/audit-scan.ts';

const requestSchema = z.object({ look: lookSchema, scan: scanWorkSchema, resumed: z.boolean() });

/** Room for a page, and for writing down what waits. */
const reservedMs = 120_000;

/** Answers the request that goes on from here, until the part is done. */
export const handler = eventHandler(requestSchema, async ({ look, scan, resumed }, context) => {
  const mustStop = () => context.getRemainingTimeInMillis() < reservedMs;
  const done = await scanPart(audit(), { look, scan, resumed }, mustStop);
  return { look, scan, resumed: true, done };
});
