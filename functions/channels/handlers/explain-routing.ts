import { money } from '../../kernel/money.ts';
import { refuse } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { explaining } from '../../runtime/wiring/routing.ts';
import { explainRoutes } from '../routing/find-routes.ts';
import { explainRoutesRoute } from '../routing/routing-routes.ts';
import { verdictAnswer } from '../routing/routing-schemas.ts';

export const handler = httpHandler(explainRoutesRoute, async ({ query }) => {
  const { institutionId, product, amount, currency, bindingId } = query;
  const { channels, findBinding, clock } = explaining();
  const binding = bindingId && (await findBinding(bindingId));
  if (bindingId && binding?.institutionId !== institutionId) {
    return refuse('not_found', 'The institution has no such binding.');
  }
  const { verdicts } = await explainRoutes(channels, {
    institutionId,
    product,
    amount: money(BigInt(amount), currency),
    bank: query.bank ?? binding?.bank,
    accountId: query.accountId ?? binding?.accountId,
    bindingId,
    agreements: binding?.agreements ?? 'assumed',
    at: clock(),
  });
  return ok({ candidates: verdicts.map(verdictAnswer) });
});
