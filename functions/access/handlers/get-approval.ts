import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { accessTable } from '../../runtime/wiring/access.ts';
import { findApproval } from '../approval-store.ts';
import { getApprovalRoute } from '../routes.ts';

export const handler = httpHandler(getApprovalRoute, async ({ params }) => {
  const approval = await findApproval(accessTable(), params.id);
  return approval ? ok(approval) : refuse('not_found', 'There is no such approval.');
});
