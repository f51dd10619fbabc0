import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { readEntry } from '../configuration/list-configuration.ts';
import { getConfigurationRoute } from '../routes.ts';

export const handler = httpHandler(getConfigurationRoute, async ({ params }) => {
  const entry = await readEntry(channels(), params.kind, params.id);
  return isRefusal(entry) ? entry : ok(entry);
});
