import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { minorUnitsFromDecimal } from '../../../functions/kernel/money.ts';
import { wechatTradebill } from '../../../functions/sandbox/statements/wechat-tradebill.ts';
import { anyDay, collectionA, merchant, refund } from './sample-lines.ts';

const content = { merchantNo: merchant.merchantNo, currency: 'CNY', unreadableLines: 0, totalError: 0n } as const;

const cellsOf = (row: string): string[] =>
  row.split(',').map((cell) => {
    expect(cell.startsWith('`')).toBe(true);
    return cell.slice(1);
  });

describe('the trade bill', () => {
  const header =
    '交易时间,公众账号ID,商户号,特约商户号,设备号,微信订单号,商户订单号,用户标识,交易类型,交易状态,付款银行,货币种类,应结订单金额,代金券金额,微信退款单号,商户退款单号,退款金额,充值券退款金额,退款类型,退款状态,商品名称,商户数据包,手续费,费率,订单金额,申请退款金额,费率备注';

  test('is laid out as WeChat Pay writes its bill ALL', () => {
    expect(wechatTradebill.write({ ...content, lines: [collectionA, refund] })).toEqual({
      header,
      details: [
        '`2026-11-22 10:15:30,`wx5a6d62c0b0d7e3f1,`1601959334,`0,`,`4200000000000000000000000111,`111,`oSandbox0000000000000000000,`PAP,`SUCCESS,`OTHERS,`CNY,`100.00,`0.00,`0,`0,`0.00,`0.00,`,`,`top-up,`,`0.60000,`0.60%,`100.00,`0.00,`',
        '`2026-11-22 11:00:00,`wx5a6d62c0b0d7e3f1,`1601959334,`0,`,`4200000000000000000000000111,`111,`oSandbox0000000000000000000,`PAP,`REFUND,`OTHERS,`CNY,`0.00,`0.00,`5030000000000000000000000333,`333,`10.00,`0.00,`ORIGINAL,`SUCCESS,`top-up,`,`-0.06000,`0.60%,`0.00,`10.00,`',
      ],
      summary: [
        '总交易单数,应结订单总金额,退款总金额,充值券退款总金额,手续费总金额,订单总金额,申请退款总金额',
        '`2,`100.00,`10.00,`0.00,`0.54000,`100.00,`10.00',
      ],
    });
  });

  test('shows a status mismatch as a payment that was revoked', () => {
    const { details } = wechatTradebill.write({ ...content, lines: [{ ...collectionA, status: 'failed' }] });
    expect(cellsOf(details[0] ?? '')[9]).toBe('REVOKED');
  });

  test('never lists payouts and their returns', () => {
    expect(wechatTradebill.lists).toEqual(['collection', 'refund']);
  });

  test('ties: its totals are the sums of its columns', () => {
    fc.assert(
      fc.property(anyDay, ({ currency, lines }) => {
        const listed = lines.filter((line) => wechatTradebill.lists.includes(line.kind));
        const { details, summary } = wechatTradebill.write({ ...content, currency, lines: listed });
        const rows = details.map(cellsOf);
        expect(rows.every((row) => row.length === 27)).toBe(true);
        const sum = (column: string) =>
          rows.reduce((total, row) => {
            const cell = row[header.split(',').indexOf(column)] ?? '';
            return total + (minorUnitsFromDecimal(cell, currency) ?? 0n);
          }, 0n);
        const [count, ...totals] = cellsOf(summary[1]);
        expect(count).toBe(`${rows.length}`);
        expect(totals.map((total) => minorUnitsFromDecimal(total, currency))).toEqual(
          ['应结订单金额', '退款金额', '充值券退款金额', '手续费', '订单金额', '申请退款金额'].map(sum),
        );
      }),
    );
  });
});
