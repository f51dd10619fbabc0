import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { accountAnswer } from '../account-answer.ts';
import { changeAccountRoute } from '../account-change-routes.ts';
import { wantedTerms } from '../account-change-schemas.ts';
import { requestChange } from '../account-changes.ts';
import { showAccount } from '../read-account.ts';

export const handler = httpHandler(changeAccountRoute, async ({ caller, params, body, operationId }) => {
  const { reason, ...terms } = body;
  const change = { caller, accountId: params.id, wanted: wantedTerms(terms), reason, operationId };
  const changed = await requestChange(ledger(), change);
  if (isRefusal(changed)) return changed;
  const account = await showAccount(ledger(), scopeOf(caller), params.id);
  return isRefusal(account) ? account : ok(accountAnswer(account));
});
