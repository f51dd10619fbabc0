import { signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementOperations } from '../../runtime/wiring/statement-operations.ts';
import { startReconciliationRoute } from '../operations/operations-routes.ts';
import { startedView } from '../operations/operations-view.ts';
import { startStatement } from '../operations/start-statement.ts';

export const handler = httpHandler(startReconciliationRoute, async ({ caller, body }) => {
  const started = await startStatement(statementOperations(), { wanted: body, by: signatureOf(caller) });
  return isRefusal(started) ? started : accepted(startedView(started));
});
