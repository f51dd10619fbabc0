import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { listMerchants } from '../credentials/list-merchants.ts';
import { merchantAnswer } from '../merchant-schemas.ts';
import { listMerchantsRoute } from '../routes.ts';

export const handler = httpHandler(listMerchantsRoute, async ({ query: { channel, institutionId, ...page } }) => {
  const { items, nextCursor } = await listMerchants(channels(), { channel, institutionId, ...pageRequest(page) });
  return ok({ items: items.map(merchantAnswer), nextCursor });
});
