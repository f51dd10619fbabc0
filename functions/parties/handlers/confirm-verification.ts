import { institutionOf } from '../../kernel/caller.ts';
import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { confirming } from '../../runtime/wiring/parties.ts';
import { confirmVerification } from '../verification/confirm-verification.ts';
import { verificationView } from '../verification/verification-view.ts';
import { confirmVerificationRoute } from '../verification-routes.ts';

export const handler = httpHandler(confirmVerificationRoute, async ({ params, body, caller, operationId }) => {
  const amount = moneyFromJson(body.amount);
  const command = { institutionId: institutionOf(caller), id: params.id, amount, operationId };
  const verification = await confirmVerification(confirming(), command);
  return isRefusal(verification) ? verification : ok(verificationView(verification));
});
