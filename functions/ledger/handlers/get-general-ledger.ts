import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { bookFiles } from '../../runtime/wiring/book-files.ts';
import { bookFileAnswer } from '../reports/report-file-answer.ts';
import { getGeneralLedgerRoute } from '../reports/report-routes.ts';

export const handler = httpHandler(getGeneralLedgerRoute, async (request) => {
  const answer = await bookFileAnswer(bookFiles(), 'generalLedger', request);
  return isRefusal(answer) ? answer : ok(answer);
});
