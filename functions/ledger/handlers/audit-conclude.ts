import { eventHandler } from '../../runtime/event.ts';
import { audit } from '../../runtime/wiring/audit.ts';
import { concludeAudit } from '../audit-conclude.ts';
import { lookSchema } from '../audit-plan.ts';

export const handler = eventHandler(lookSchema, (look) => concludeAudit(audit(), look));
