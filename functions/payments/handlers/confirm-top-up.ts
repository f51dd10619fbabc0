import { institutionOf } from '../../kernel/caller.ts';
import { httpHandler } from '../../runtime/http.ts';
import { payments } from '../../runtime/wiring/payments.ts';
import { confirmTopUp } from '../confirm-top-up.ts';
import { confirmTopUpRoute } from '../routes.ts';
import { paymentAnswer } from './payment-request.ts';

export const handler = httpHandler(confirmTopUpRoute, async ({ caller, params: { id }, body: { code } }) =>
  paymentAnswer(await confirmTopUp(payments(), { institutionId: institutionOf(caller), id, code })),
);
