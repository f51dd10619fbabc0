import { log } from '../../runtime/log.ts';
import { queueHandler } from '../../runtime/queue.ts';
import { batches } from '../../runtime/wiring/batches.ts';
import { parseBatchMessage } from '../batches/batch-queue.ts';
import { carryBatchOn } from '../batches/carry-batch-on.ts';

export const handler = queueHandler('carrying a batch on', async (body) => {
  const batchId = parseBatchMessage(body);
  const outcome = await carryBatchOn(batches(), batchId);
  log.info('batch carried on', { batchId, outcome });
});
