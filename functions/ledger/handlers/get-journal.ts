import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { bookFiles } from '../../runtime/wiring/book-files.ts';
import { bookFileAnswer } from '../reports/report-file-answer.ts';
import { getJournalRoute } from '../reports/report-routes.ts';

export const handler = httpHandler(getJournalRoute, async (request) => {
  const answer = await bookFileAnswer(bookFiles(), 'journal', request);
  return isRefusal(answer) ? answer : ok(answer);
});
