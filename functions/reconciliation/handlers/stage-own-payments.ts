import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { shardItemSchema } from '../map-item.ts';
import { stageOwnPayments } from '../stage-own-payments.ts';

export const handler = eventHandler(shardItemSchema, (work) => stageOwnPayments(reconciliation(), work));
