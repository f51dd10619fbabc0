import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { listChanges } from '../configuration/change-store.ts';
import { merchantChanges } from '../credentials/change-merchant.ts';
import { listMerchantChangesRoute } from '../routes.ts';

export const handler = httpHandler(listMerchantChangesRoute, async ({ params, query }) =>
  ok(await listChanges(channels().table, merchantChanges(params), pageRequest(query))),
);
