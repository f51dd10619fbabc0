/** What the sandbox tells of its own accord, in either dialect. */
import { type Verification, verifyNotice } from '../../kernel/message-signature.ts';
import type { CallbackEvent, CallbackMessage, CallbackResult, MerchantReference } from '../channel-adapter.ts';
import { noticeSchema } from './sandbox-answers.ts';
import { merchantHeader } from './sandbox-client.ts';
import type { SandboxDialect } from './sandbox-dialect.ts';

/** Believes what the key of the merchant signed that the message names, not long ago. */
export async function parseSandboxCallback(dialect: SandboxDialect, message: CallbackMessage): Promise<CallbackResult> {
  const merchant = merchantNamedBy(message);
  if (!merchant) return rejected('unsigned');
  const verification = await verifyWithKeysOf(dialect, merchant, message);
  if (!verification.verified) return rejected(verification.reason);
  const notice = noticeSchema.safeParse(await dialect.read('notice', message.body));
  if (!notice.success || !isOf(merchant, notice.data) || notice.data.messageNo !== verification.nonce) {
    return rejected('unreadable');
  }
  return {
    outcome: 'verified',
    messageId: verification.nonce,
    events: notice.data.events.map((event): CallbackEvent => ({ ...event, merchantNo: merchant.merchantNo })),
    answer: { contentType: dialect.contentType, body: await dialect.write('response', { received: true }) },
  };
}

/** Not believed before its key has proved it. */
function merchantNamedBy({ channel, headers }: CallbackMessage): MerchantReference | undefined {
  const [named, merchantNo = '', ...more] = (headers[merchantHeader] ?? '').split('/');
  const isOurs = named === channel && more.length === 0 && /^[A-Za-z0-9_-]{1,32}$/.test(merchantNo);
  return isOurs ? { channel, merchantNo } : undefined;
}

const isOf = ({ channel, merchantNo }: MerchantReference, notice: { channel: string; merchantNo: string }): boolean =>
  notice.channel === channel && notice.merchantNo === merchantNo;

/** Keys that are kept may be yesterday's: where they don't fit, they are read once more. */
async function verifyWithKeysOf(
  { keysOf }: SandboxDialect,
  merchant: MerchantReference,
  { body, headers, receivedAt }: CallbackMessage,
): Promise<Verification> {
  const wrong = { verified: false, reason: 'wrong_signature' } as const;
  for (const freshness of ['kept', 'renewed'] as const) {
    const keys = await keysOf(merchant, freshness);
    const verification = keys ? verifyNotice(keys.check, body, headers, receivedAt) : wrong;
    if (verification.verified || verification.reason !== 'wrong_signature') return verification;
  }
  return wrong;
}

const rejected = (reason: Extract<CallbackResult, { outcome: 'rejected' }>['reason']): CallbackResult => ({
  outcome: 'rejected',
  reason,
});
