import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { shardItemSchema } from '../map-item.ts';
import { matchStaged } from '../match-staged.ts';

export const handler = eventHandler(shardItemSchema, (work) => matchStaged(reconciliation(), work));
