/** What channels answer in place of a file where nothing happened on a day. Whoever fetches files may drop the answer as it came. */

/** Such an answer is a line or a few. */
export const maximumReplyBytes = 4_096;

/**
 * - WeChat Pay v3: `{"code":"NO_STATEMENT_EXIST", …}`
 * - WeChat Pay v2: XML with `return_code` FAIL and `error_code` 20002, or the message `No Bill Exist`
 *
 * Both are final: an answer that tells to ask again later (`STATEMENT_CREATING`) is none.
 */
export function isNoStatementReply(text: string): boolean {
  const reply = text.trim();
  if (reply.startsWith('<')) return /<error_code>\s*(<!\[CDATA\[)?20002\b/.test(reply) || /No Bill Exist/i.test(reply);
  if (!reply.startsWith('{')) return false;
  try {
    const answer: unknown = JSON.parse(reply);
    return typeof answer === 'object' && answer !== null && 'code' in answer && answer.code === 'NO_STATEMENT_EXIST';
  } catch {
    return false;
  }
}
