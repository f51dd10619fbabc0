import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { endpointKeeping } from '../../runtime/wiring/webhooks.ts';
import { endpointView } from '../endpoint-view.ts';
import { rotateSecret } from '../keep-endpoints.ts';
import { rotateWebhookSecretRoute } from '../routes.ts';

export const handler = httpHandler(rotateWebhookSecretRoute, async ({ caller, params: { id } }) => {
  const rotated = await rotateSecret(endpointKeeping(), { institutionId: institutionOf(caller), id });
  return isRefusal(rotated) ? rotated : ok({ ...endpointView(rotated.endpoint), secret: rotated.secret });
});
