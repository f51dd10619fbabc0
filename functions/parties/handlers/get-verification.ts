import { inScope, scopeOf } from '../../kernel/caller.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { findVerification } from '../verification/verification-store.ts';
import { verificationView } from '../verification/verification-view.ts';
import { getVerificationRoute } from '../verification-routes.ts';

export const handler = httpHandler(getVerificationRoute, async ({ params, caller }) => {
  const verification = await findVerification(parties(), params.id);
  return verification && inScope(scopeOf(caller), verification.institutionId)
    ? ok(verificationView(verification))
    : refuse('not_found', 'There is no such verification.');
});
