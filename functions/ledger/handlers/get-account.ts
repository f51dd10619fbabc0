import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { accountAnswer } from '../account-answer.ts';
import { showAccount } from '../read-account.ts';
import { getAccountRoute } from '../routes.ts';

export const handler = httpHandler(getAccountRoute, async ({ caller, params }) => {
  const account = await showAccount(ledger(), scopeOf(caller), params.id);
  return isRefusal(account) ? account : ok(accountAnswer(account));
});
