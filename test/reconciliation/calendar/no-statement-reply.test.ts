import { expect, test } from '@jest/globals';
import { isNoStatementReply } from '../../../functions/reconciliation/calendar/no-statement-reply.ts';

test.each([
  ['{"code":"NO_STATEMENT_EXIST","message":"账单文件不存在"}', true],
  ['<xml><return_code><![CDATA[FAIL]]></return_code><error_code><![CDATA[20002]]></error_code></xml>', true],
  ['<xml><return_code>FAIL</return_code><return_msg><![CDATA[No Bill Exist]]></return_msg></xml>', true],
  ['{"code":"STATEMENT_CREATING","message":"账单文件生成中"}', false],
  ['<xml><return_code>FAIL</return_code><error_code>20003</error_code></xml>', false],
  ['{"code":', false],
  ['order_no,trade_no\n', false],
])('%s: %s', (text, expected) => {
  expect(isNoStatementReply(text)).toBe(expected);
});
