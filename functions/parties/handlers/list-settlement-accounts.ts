import { inScope, scopeOf } from '../../kernel/caller.ts';
import { pageRequest } from '../../kernel/page.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { channels } from '../../runtime/wiring/channels.ts';
import { parties } from '../../runtime/wiring/parties.ts';
import { settlementAccountAnswer } from '../answers.ts';
import { listSettlementAccountsRoute } from '../routes.ts';
import { listSettlementAccounts } from '../settlement-accounts.ts';

export const handler = httpHandler(listSettlementAccountsRoute, async ({ query, caller }) => {
  const institutionId = query.institutionId ?? (caller.kind === 'institution' ? caller.institutionId : undefined);
  if (!institutionId) return refuse('institution_required', 'Operators say whose accounts: ?institutionId=inst_….');
  if (!inScope(scopeOf(caller), institutionId)) return refuse('not_found', 'There is no such institution.');
  const page = await listSettlementAccounts({ ...parties(), channels: channels() }, institutionId, pageRequest(query));
  return isRefusal(page) ? page : ok({ ...page, items: page.items.map(settlementAccountAnswer) });
});
