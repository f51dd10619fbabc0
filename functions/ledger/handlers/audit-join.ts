import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { audit } from '../../runtime/wiring/audit.ts';
import { joinShard } from '../audit/audit-join.ts';
import { lookSchema } from '../audit/audit-plan.ts';

const requestSchema = z.object({ look: lookSchema, shard: z.int() });

export const handler = eventHandler(requestSchema, async ({ look, shard }) => ({
  findings: await joinShard(audit(), { look, shard }),
}));
