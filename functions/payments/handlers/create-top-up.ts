import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { createTopUp } from '../create-payment.ts';
import { createTopUpRoute } from '../routes.ts';
import { paymentAnswer, paymentCommand } from './payment-request.ts';

export const handler = httpHandler(createTopUpRoute, async (request) =>
  paymentAnswer(await createTopUp(payments(), { ...paymentCommand(request), product: request.body.product })),
);
