import { log } from '../../runtime/log.ts';
import { queueHandler } from '../../runtime/queue.ts';
import { reconciliation } from '../../runtime/wiring/reconciliation.ts';
import { startRequestSchema } from '../operations/start-request.ts';
import { receiveStatement } from '../receive-statement.ts';

export const handler = queueHandler('starting a statement', async (body) => {
  const { afterVersion, requestedBy, ...object } = startRequestSchema.parse(JSON.parse(body));
  const again = afterVersion === undefined ? undefined : { afterVersion };
  const received = await receiveStatement(reconciliation(), object, again);
  log.info('an operator started a file', { key: object.key, requestedBy, ...received });
});
