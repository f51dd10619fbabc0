import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { listConfiguration } from '../configuration/list-configuration.ts';
import { listConfigurationRoute } from '../routes.ts';

export const handler = httpHandler(listConfigurationRoute, async ({ params, query }) =>
  ok(await listConfiguration(channels(), params.kind, pageRequest(query))),
);
