import { signatureOf } from '../../kernel/caller.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { created, ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { statementUploads } from '../../runtime/wiring/statement-uploads.ts';
import { reconciliationView } from '../reconciliation-view.ts';
import { registerUpload } from '../uploads/register-upload.ts';
import { createStatementUploadRoute } from '../uploads/upload-routes.ts';

const nothing = { url: null, headers: null, expiresAt: null, reconciliation: null };

export const handler = httpHandler(createStatementUploadRoute, async ({ caller, body }) => {
  const { fileName, size, sha256, ...day } = body;
  const upload = await registerUpload(statementUploads(), { by: signatureOf(caller), day, fileName, size, sha256 });
  if (isRefusal(upload)) return upload;
  if (upload.outcome === 'known') {
    const { outcome, key, batch } = upload;
    return ok({ ...nothing, outcome, key, reconciliation: reconciliationView(batch) });
  }
  return created({ ...nothing, ...upload, expiresAt: upload.expiresAt.toISOString() });
});
