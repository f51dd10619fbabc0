import { scopeOf, signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { attachmentFiles } from '../../runtime/wiring/case-files.ts';
import { addAttachment } from '../cases/attachments.ts';
import { addAttachmentRoute } from '../cases/case-routes.ts';
import { attachmentView } from '../cases/case-view.ts';
import { findCase } from '../cases/find-cases.ts';

export const handler = httpHandler(addAttachmentRoute, async ({ caller, params, body, operationId }) => {
  const files = attachmentFiles();
  const found = await findCase(files, scopeOf(caller), params.id);
  if (isRefusal(found)) return found;
  const attachment = { id: operationId, by: signatureOf(caller), at: files.clock(), ...body };
  const added = await addAttachment(files, params.id, attachment);
  if (isRefusal(added)) return added;
  const { url, headers, expiresAt } = added.upload;
  const upload = { method: 'PUT', url, headers, expiresAt: expiresAt.toISOString() } as const;
  return created({ ...attachmentView(added.attachment), upload });
});
