import { scopeOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { attachmentFiles } from '../../runtime/wiring/case-files.ts';
import { linkAttachment } from '../cases/attachments.ts';
import { getAttachmentRoute } from '../cases/case-routes.ts';
import { findCase } from '../cases/find-cases.ts';

export const handler = httpHandler(getAttachmentRoute, async ({ caller, params }) => {
  const files = attachmentFiles();
  const found = await findCase(files, scopeOf(caller), params.id);
  if (isRefusal(found)) return found;
  const link = await linkAttachment(files, params.id, params.attachmentId);
  return isRefusal(link) ? link : seeOther(link);
});
