import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { createWithdrawal } from '../create-payment.ts';
import { createWithdrawalRoute } from '../routes.ts';
import { paymentAnswer, paymentCommand } from './payment-request.ts';

export const handler = httpHandler(createWithdrawalRoute, async (request) => {
  const { bindingId } = request.body;
  return paymentAnswer(await createWithdrawal(payments(), { ...paymentCommand(request), bindingId }));
});
