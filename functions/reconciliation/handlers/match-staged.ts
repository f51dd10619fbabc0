import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { shardItemSchema } from '../map-item.ts';
import { matchStaged } from '../match-staged.ts';
import { noteWork } from '../operations/note-progress.ts';

export const handler = eventHandler(shardItemSchema, (work) => {
  const place = { ...work.run, part: 'match', item: work.item.shard } as const;
  return noteWork(reconciliation(), place, () => matchStaged(reconciliation(), work));
});
