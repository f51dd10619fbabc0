import { eventHandler } from '../../runtime/event.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { shardItemSchema } from '../map-item.ts';
import { noteWork } from '../operations/note-progress.ts';
import { stageOwnPayments } from '../stage-own-payments.ts';

export const handler = eventHandler(shardItemSchema, (work) => {
  const place = { ...work.run, part: 'own', item: work.item.shard } as const;
  return noteWork(reconciliation(), place, () => stageOwnPayments(reconciliation(), work));
});
