import { log } from '../../runtime/log.ts';
import { queueHandler } from '../../runtime/queue.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { followUpPayment } from '../follow-up-payment.ts';
import { parseFollowUp } from '../follow-up-queue.ts';

export const handler = queueHandler('following a payment up', async (body) => {
  const followUp = parseFollowUp(body);
  const outcome = await followUpPayment(payments(), followUp);
  // the metric and its alarm are made from this line
  if (outcome === 'left_to_statement') log.error('payment left to its statement', { ...followUp });
  else log.info('payment followed up', { ...followUp, outcome });
});
