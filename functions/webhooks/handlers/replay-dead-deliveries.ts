import { institutionOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { webhooks } from '../../runtime/wiring/webhooks.ts';
import { replayDead } from '../replay-deliveries.ts';
import { replayDeadDeliveriesRoute } from '../routes.ts';

export const handler = httpHandler(replayDeadDeliveriesRoute, async ({ caller, params: { id }, body: { since } }) => {
  const replays = await replayDead(webhooks(), { institutionId: institutionOf(caller), id, since });
  return isRefusal(replays) ? replays : accepted(replays);
});
