import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rangeItemSchema } from '../map-item.ts';
import { stageChannelRows } from '../stage-channel-rows.ts';

export const handler = eventHandler(rangeItemSchema, (work) => stageChannelRows(reconciliation(), work));
