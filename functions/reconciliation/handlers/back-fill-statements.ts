import { signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { accepted } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementOperations } from '../../runtime/wiring/statement-operations.ts';
import { backFillMonth } from '../operations/back-fill-month.ts';
import { backFillStatementsRoute } from '../operations/operations-routes.ts';
import { backFilledView } from '../operations/operations-view.ts';
import { daySchema } from '../statement-day-schema.ts';

export const handler = httpHandler(backFillStatementsRoute, async ({ caller, body }) => {
  const { channel, merchantNo, month } = body;
  const firstDay = daySchema.parse(`${month}-01`);
  const days = await backFillMonth(statementOperations(), { channel, merchantNo, firstDay, by: signatureOf(caller) });
  return isRefusal(days) ? days : accepted(backFilledView(days));
});
