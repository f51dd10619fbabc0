import { institutionOf } from '../../kernel/caller.ts';
import { moneyFromJson } from '../../kernel/money.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { createRefund } from '../create-refund.ts';
import { createRefundRoute } from '../routes.ts';
import { paymentAnswer } from './payment-request.ts';

export const handler = httpHandler(createRefundRoute, async ({ caller, body, operationId }) =>
  paymentAnswer(
    await createRefund(payments(), {
      institutionId: institutionOf(caller),
      operationId,
      paymentId: body.transactionId,
      amount: body.amount && moneyFromJson(body.amount),
      reference: body.reference,
    }),
  ),
);
