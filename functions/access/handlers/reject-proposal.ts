import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { deciding } from '../../runtime/wiring/approvals.ts';
import { decideApproval } from '../decide-approval.ts';
import { rejectRoute } from '../routes.ts';

export const handler = httpHandler(rejectRoute, async ({ params, body, caller, operationId }) => {
  const { reason } = body;
  const command = { id: params.id, decision: 'reject', decidedBy: caller.clientId, operationId, reason } as const;
  const decided = await decideApproval(deciding(), command);
  return isRefusal(decided) ? decided : ok(decided);
});
