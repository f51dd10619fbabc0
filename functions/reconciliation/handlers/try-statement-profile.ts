import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { tryProfile } from '../reading/profile/try-profile.ts';
import { tryStatementProfileRoute } from '../routes.ts';
import { triedView } from '../try-profile-schemas.ts';

export const handler = httpHandler(tryStatementProfileRoute, async ({ body }) => {
  const { sample, currency = 'CNY', timeZone = 'Asia/Shanghai', ...trial } = body;
  const bytes = Buffer.from(sample, 'base64');
  return ok(triedView(await tryProfile({ ...trial, sample: bytes, currency, timeZone, merchantNo: '' })));
});
