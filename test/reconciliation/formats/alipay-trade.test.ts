import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { format as account } from '../../../functions/reconciliation/formats/alipay-account.ts';
import { format } from '../../../functions/reconciliation/formats/alipay-trade.ts';
import { context as anyContext } from '../staged-day.ts';
import { fromGbk, inGbk } from './gbk.ts';
import { checked, expectNoLineLost, golden, readFrame, readLines, sample, startOf, wholeOf } from './whole-file.ts';

const name = 'alipay-trade-2026-11-22';
const bytes = sample(`${name}.csv`);
const day = (date: string) => date as typeof anyContext.date; // a real day
const context = { ...anyContext, date: day('2026-11-22'), merchantNo: '2088000000000001' };
const file = { format, bytes, context };
const text = fromGbk(bytes);
const lines = text.trimEnd().split('\n');
const [header = '', first = '', ...others] = lines.slice(4);
const columns = header.split(',').map((column) => column.replace('（元）', ''));

/** The sample with other values in some columns of one of its lines, the first unless told. */
function changed(values: Readonly<Record<string, string>>, at = 0): Buffer {
  const details = [first, ...others];
  const fields = (details[at] ?? '').split(',');
  for (const [column, value] of Object.entries(values)) fields[columns.indexOf(column)] = value;
  return inGbk([...lines.slice(0, 5), ...details.with(at, fields.join(','))].join('\n'));
}

const firstOf = (changedBytes: Buffer) => readLines({ ...file, bytes: changedBytes })[0];
const plain = readLines(file);

describe('a trade bill of Alipay', () => {
  test('is read whole', () => {
    expect(wholeOf(file)).toEqual(golden(name));
    expect(checked(file)).toMatchObject({ rows: 5, errors: [], outcome: { lines: 5, tied: true } });
    expect(plain[0]).toMatchObject({ line: { raw: first } });
  });

  test.each([
    ['CRLF', inGbk(text.replaceAll('\n', '\r\n'))],
    ['no last line end', inGbk(text.trimEnd())],
    ['UTF-8 and a byte order mark', Buffer.from(`\uFEFF${text}`)],
    ['UTF-8 without one', Buffer.from(text)],
    ['the commas of a spreadsheet', Buffer.from(text.replace(/^#.*$/gm, '$&,,,,'))],
    ['half-width brackets', inGbk(text.replaceAll('（元）', '(元)'))],
    ['names without their unit', inGbk(text.replaceAll('（元）', ''))],
    ['other numbers of dashes', inGbk(text.replace(/-{20,}/g, '-----'))],
  ])('reads the same with %s', (_, variant) => {
    const variantFile = { ...file, bytes: variant };
    expect(format.recognise(startOf(variant))).toBe(true);
    expect(readLines(variantFile)).toEqual(plain);
    expect(checked(variantFile).outcome).toMatchObject({ tied: true });
  });

  test('reads columns by name, in whatever order they stand', () => {
    const turned = [header, first, ...others.slice(0, 4)].map((line) => line.split(',').toReversed().join(','));
    const turnedFile = { ...file, bytes: inGbk([...lines.slice(0, 4), ...turned, ...others.slice(4)].join('\n')) };
    expect(checked(turnedFile)).toMatchObject({ rows: 5, outcome: { tied: true } });
    expect(readLines(turnedFile)[0]).toMatchObject({ line: { amount: 10_000n, ourReference: 'order-1' } });
  });

  test('of a day without trades holds no line', () => {
    const footer = [
      '#交易合计：0笔，商家实收共0.00元，商家优惠共0.00元',
      '#退款合计：0笔，商家实收退款共0.00元，商家优惠退款共0.00元',
    ];
    const empty = {
      ...file,
      bytes: inGbk([...lines.slice(0, 5), others.at(4), ...footer, '#导出时间：[2026年11月23日 05:46:49]'].join('\n')),
    };
    expect(checked(empty)).toMatchObject({ read: 0, outcome: { lines: 0, tied: true } });
  });

  test('has an older footer, whose sums are of the order totals', () => {
    const older = text
      .replace('商家实收共180.00元，商家优惠共8.88元', '交易金额共188.88元，优惠金额共8.88元')
      .replace('商家实收退款共-95.00元，商家优惠退款共-5.00元', '退款金额共-100.00元，优惠金额共-5.00元');
    expect(checked({ ...file, bytes: inGbk(older) }).outcome).toMatchObject({ tied: true });
    const wrong = older.replace('188.88元，优惠', '188.89元，优惠');
    expect(checked({ ...file, bytes: inGbk(wrong) }).outcome).toMatchObject({ reason: 'wrong_control_total' });
  });

  test.each([
    ['a payment is missing', lines.toSpliced(5, 1).join('\n')],
    ['an amount was changed', text.replace(',-30.00,-30.00,', ',-30.00,-30.01,')],
    ['a discount was changed', text.replace(',8.88,0.00,,', ',8.87,0.00,,')],
  ])('is refused where %s', (_, variant) => {
    expect(checked({ ...file, bytes: inGbk(variant) }).outcome).toMatchObject({ reason: 'wrong_control_total' });
  });

  test('is recognised by its first line, and its summary is its companion', () => {
    const summary = startOf(inGbk('#支付宝业务汇总查询\n#账号：[20880000000000010156]\n'));
    expect(format.recognise(startOf(bytes))).toBe(true);
    expect(format.recognise(summary)).toBe(false);
    expect(format.accompanies?.(summary)).toBe(true);
    expect(format.accompanies?.(startOf(bytes))).toBe(false);
    expect(account.recognise(startOf(bytes))).toBe(false);
    expect(account.accompanies?.(summary)).toBe(false);
  });

  test('of another merchant is told apart by its account', () => {
    const { outcome } = checked({ ...file, context: { ...context, merchantNo: '2088999999999999' } });
    expect(outcome).toMatchObject({ reason: 'wrong_merchant' });
  });

  test('that was damaged loses no line', () => expectNoLineLost(file));
});

describe('a trade', () => {
  test.each(['30.00', '-30.00'])('that is a refund of %s has its own number and a positive amount', (amount) => {
    expect(readLines({ ...file, bytes: changed({ 商家实收: amount, 订单金额: amount }, 2) })[2]).toMatchObject({
      line: { kind: 'refund', ourReference: 'refund-1', amount: 3_000n, fee: -18n },
    });
  });

  test('may have a quotation mark in its name, which is data', () => {
    expect(firstOf(changed({ 商品名称: '5" 屏' }))).toMatchObject({ line: { amount: 10_000n } });
  });

  test.each([
    ['业务类型 转账 is unknown', { 业务类型: '转账\t' }],
    ['商家实收 is no amount in whole fen', { 商家实收: '100.001' }],
    ['商家实收 is no amount in whole fen', { 商家实收: '' }],
    ['商家实收 is negative', { 商家实收: '-100.00' }],
    ['服务费 is no amount in whole fen', { 服务费: '-0.605' }],
    ['分润 is no amount in whole fen', { 分润: 'none' }],
    ['商家优惠 is no amount in whole fen', { 商家优惠: '8.885' }],
    ['has 26 fields instead of 25', { 备注: 'a,b' }],
    ['完成时间 2026-11-22 is no time', { 完成时间: '2026-11-22' }],
    ['has no order number', { 商户订单号: '\t', 支付宝交易号: '\t' }],
  ])('is an error that says: %s', (reason, values) => {
    expect(firstOf(changed(values))).toMatchObject({ lineNumber: 6, reason });
  });

  test('in another encoding than the first line is an error', () => {
    const [before, after] = [inGbk(`${lines.slice(0, 5).join('\n')}\n`), inGbk(`\n${others.join('\n')}`)];
    const mixed = Buffer.concat([before, Buffer.from(`${first}\xFF`, 'latin1'), after]);
    expect(firstOf(mixed)).toMatchObject({ lineNumber: 6, reason: 'is not in the encoding of the first line' });
  });
});

describe('the frame of a trade bill of Alipay', () => {
  test.each([
    ['truncated', lines.slice(0, 3).join('\n')],
    ['truncated', lines.slice(0, 7).join('\n')],
    ['truncated', lines.slice(0, -3).join('\n')],
    ['truncated', lines.slice(0, -2).join('\n')],
    ['truncated', text.slice(0, -120)],
    ['malformed_frame', text.replace('6笔', '6').replace('2笔', '2')],
    ['malformed_frame', text.replace('共180.00元', '共180.00')],
    ['malformed_frame', text.replace('退款批次号/请求号', '别的')],
    ['malformed_frame', text.replace('商品名称', '商户订单号')],
    ['malformed_frame', text.replace('订单金额（元）', '商家实收(元)')],
    ['wrong_day', text.replace('2026年11月22日', '2026年11月21日').replace('2026年11月23日', '2026年11月22日')],
  ])('is refused as %s', (reason, variant) => {
    expect(readFrame({ ...file, bytes: inGbk(variant) })).toMatchObject({ reason });
  });
});

const real = new URL(
  '../../../../shared/statements/samples/alipay/20880211096256330156_20190916_业务明细.csv',
  import.meta.url,
);

(existsSync(real) ? test : test.skip)('a real day of ten trades is read whole', () => {
  const realContext = { ...context, date: day('2019-09-16'), merchantNo: '2088021109625633' };
  const realFile = { format, bytes: readFileSync(real), context: realContext };
  expect(checked(realFile)).toMatchObject({ rows: 10, errors: [], outcome: { lines: 10, tied: true } });
  expect(readLines(realFile)[1]).toMatchObject({
    line: { lineNumber: 7, kind: 'refund', ourReference: 're_test_1568602607356', amount: 1n, fee: 0n },
  });
});
