import { eventHandler } from '../../runtime/event.ts';
import { audit } from '../../runtime/wiring/audit.ts';
import { concludeAudit } from '../audit/audit-conclude.ts';
import { lookSchema } from '../audit/audit-plan.ts';

export const handler = eventHandler(lookSchema, (look) => concludeAudit(audit(), look));
