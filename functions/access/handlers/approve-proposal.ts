import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { deciding } from '../../runtime/wiring/approvals.ts';
import { decideApproval } from '../decide-approval.ts';
import { approveRoute } from '../routes.ts';

export const handler = httpHandler(approveRoute, async ({ params, caller, operationId }) => {
  const command = { id: params.id, decision: 'approve', decidedBy: caller.clientId, operationId } as const;
  const decided = await decideApproval(deciding(), command);
  return isRefusal(decided) ? decided : ok(decided);
});
