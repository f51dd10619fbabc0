import { isRefusal } from '../../kernel/refusal.ts';
import { csv, ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { ownerAskedFor } from '../reports/report-owner.ts';
import { getTrialBalanceRoute } from '../reports/report-routes.ts';
import { readTrialBalance } from '../reports/report-trial-balance.ts';
import { trialBalanceAnswer, trialBalanceCsv } from '../reports/report-trial-balance-answer.ts';

export const handler = httpHandler(getTrialBalanceRoute, async ({ caller, query, wantsCsv }) => {
  const owner = ownerAskedFor(caller, query.institutionId);
  if (isRefusal(owner)) return owner;
  const found = await readTrialBalance(ledger(), { date: query.date, owner });
  if (isRefusal(found)) return found;
  return wantsCsv
    ? csv(trialBalanceCsv(found), `trial-balance-${found.date}.csv`)
    : ok(trialBalanceAnswer(found, owner));
});
