import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { planOwners } from '../close/close-day.ts';
import { closeRunSchema } from '../close/close-lines.ts';

export const handler = eventHandler(closeRunSchema, (run) => planOwners(closing(), run));
