import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { rangeItemSchema } from '../map-item.ts';
import { noteWork } from '../operations/note-progress.ts';
import { stageChannelRows } from '../stage-channel-rows.ts';

export const handler = eventHandler(rangeItemSchema, (work) => {
  const { range, start, end } = work.item;
  const place = { ...work.run, part: 'channel', item: range, bytes: end - start } as const;
  return noteWork(reconciliation(), place, () => stageChannelRows(reconciliation(), work));
});
