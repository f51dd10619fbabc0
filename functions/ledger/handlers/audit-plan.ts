import * as z from 'zod';
import { eventHandler } from '../../runtime/event.ts';
import { audit } from '../../runtime/wiring/audit.ts';
import { planAudit } from '../audit/audit-plan.ts';

export const handler = eventHandler(z.object({ runId: z.string() }), ({ runId }) => planAudit(audit(), { runId }));
