import { pageRequest } from '../../kernel/page.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { accessTable } from '../../runtime/wiring/access.ts';
import { listApprovals } from '../approval-store.ts';
import { listApprovalsRoute } from '../routes.ts';

export const handler = httpHandler(listApprovalsRoute, async ({ query }) =>
  ok(await listApprovals(accessTable(), { ...pageRequest(query), status: query.status })),
);
