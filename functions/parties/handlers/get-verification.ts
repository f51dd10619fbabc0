import { inScope, scopeOf } from '../../kernel/caller.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { verificationBooks } from '../../runtime/wiring/parties.ts';
import { resolveVerification } from '../verification/resolve-verification.ts';
import { findVerification } from '../verification/verification-store.ts';
import { verificationView } from '../verification/verification-view.ts';
import { getVerificationRoute } from '../verification-routes.ts';

export const handler = httpHandler(getVerificationRoute, async ({ params, caller }) => {
  const verification = await findVerification(verificationBooks(), params.id);
  return verification && inScope(scopeOf(caller), verification.institutionId)
    ? ok(verificationView(await resolveVerification(verificationBooks(), verification)))
    : refuse('not_found', 'There is no such verification.');
});
