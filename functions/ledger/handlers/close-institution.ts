import { eventHandler } from '../../runtime/event.ts';
import { closing } from '../../runtime/wiring/closing.ts';
import { closeRunSchema, ownerWorkSchema } from '../close/close-lines.ts';
import { closeOwner } from '../close/close-owner.ts';

export const handler = eventHandler(closeRunSchema.extend({ work: ownerWorkSchema }), ({ work, ...run }) =>
  closeOwner(closing(), run, work),
);
