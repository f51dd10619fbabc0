import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { createTopUp } from '../create-payment.ts';
import { createTopUpRoute } from '../routes.ts';
import { paymentAnswer, paymentCommand } from './payment-request.ts';

export const handler = httpHandler(createTopUpRoute, async (request) => {
  const { accountId: _, amount: _amount, reference: _reference, ...method } = request.body;
  return paymentAnswer(await createTopUp(payments(), { ...paymentCommand(request), ...method }));
});
