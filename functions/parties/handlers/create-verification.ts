import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted, created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { verifying } from '../../runtime/wiring/parties.ts';
import { createVerification } from '../verification/create-verification.ts';
import type { Facts } from '../verification/verification-facts.ts';
import type { NewVerificationBody } from '../verification/verification-schemas.ts';
import { verificationView } from '../verification/verification-view.ts';
import { createVerificationRoute } from '../verification-routes.ts';

export const handler = httpHandler(createVerificationRoute, async ({ body, caller, operationId }) => {
  const { accountId, currency } = body;
  const command = { institutionId: institutionOf(caller), accountId, currency, facts: factsOf(body), operationId };
  const verification = await createVerification(verifying(), command);
  if (isRefusal(verification)) return verification;
  const shown = verificationView(verification);
  return verification.completedAt === undefined ? accepted(shown) : created(shown);
});

function factsOf(body: NewVerificationBody): Facts {
  if (body.kind === 'enterprise') {
    const { companyName, licenceNo, bank, accountNumber: number } = body;
    return { kind: 'enterprise', account: { number, companyName, licenceNo, bank } };
  }
  const { accountId: _account, currency: _currency, ...facts } = body;
  return facts;
}
