import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { attachmentFiles } from '../../runtime/wiring/case-files.ts';
import { getCaseRoute } from '../cases/case-routes.ts';
import { wholeCaseView } from '../cases/case-view.ts';
import { findWholeCase } from '../cases/find-cases.ts';

export const handler = httpHandler(getCaseRoute, async ({ caller, params }) => {
  const files = attachmentFiles();
  const found = await findWholeCase(files, scopeOf(caller), params.id);
  return isRefusal(found) ? found : ok(wholeCaseView(found, files.clock()));
});
