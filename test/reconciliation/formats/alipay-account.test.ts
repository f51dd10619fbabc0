import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { format } from '../../../functions/reconciliation/formats/alipay-account.ts';
import { format as trade } from '../../../functions/reconciliation/formats/alipay-trade.ts';
import { context as anyContext } from '../staged-day.ts';
import { fromGbk, inGbk } from './gbk.ts';
import { checked, expectNoLineLost, golden, readFrame, readLines, sample, startOf, wholeOf } from './whole-file.ts';

const name = 'alipay-account-2026-11-22';
const bytes = sample(`${name}.csv`);
const day = (date: string) => date as typeof anyContext.date; // a real day
const context = { ...anyContext, date: day('2026-11-22'), merchantNo: '2088000000000001' };
const file = { format, bytes, context };
const text = fromGbk(bytes);
const lines = text.trimEnd().split('\r\n');
const [header = ''] = lines.slice(4);
const columns = header.split(',').map((column) => column.replace(/（.?元）/, ''));
const plain = readLines(file);

/** The sample with other values in some columns of its first line, which is 99 fen out. */
function changed(values: Readonly<Record<string, string>>): Buffer {
  const fields = (lines[5] ?? '').split(',');
  for (const [column, value] of Object.entries(values)) fields[columns.indexOf(column)] = value;
  return inGbk(lines.with(5, fields.join(',')).join('\r\n'));
}

const firstOf = (changedBytes: Buffer) => readLines({ ...file, bytes: changedBytes })[0];
const incoming = { 收入金额: '0.99', 支出金额: '0.00' };

describe('an account bill of Alipay', () => {
  test('is read whole', () => {
    expect(wholeOf(file)).toEqual(golden(name));
    expect(checked(file)).toMatchObject({ rows: 14, errors: [], outcome: { lines: 14, tied: true } });
  });

  test.each([
    ['LF', inGbk(text.replaceAll('\r\n', '\n'))],
    ['no last line end', inGbk(text.trimEnd())],
    [
      'UTF-8, a byte order mark and the commas of a spreadsheet',
      Buffer.from(`\uFEFF${text.replace(/^#[^\r]*/gm, '$&,,,')}`),
    ],
    ['half-width brackets', inGbk(text.replace('（+元）', '(+元)').replace('（-元）', '(-元)'))],
    ['names without their unit', inGbk(text.replace('（+元）', '').replace('（-元）', ''))],
  ])('reads the same with %s', (_, variant) => {
    const variantFile = { ...file, bytes: variant };
    expect(format.recognise(startOf(variant))).toBe(true);
    expect(readLines(variantFile)).toEqual(plain);
    expect(checked(variantFile).outcome).toMatchObject({ tied: true });
  });

  test('of the older layout, with fewer columns in another order and positive amounts out, says the same', () => {
    const kept = [
      '业务类型',
      '备注',
      '账务流水号',
      '支出金额',
      '收入金额',
      '发生时间',
      '业务流水号',
      '商户订单号',
      '业务描述',
    ];
    const older = lines.slice(4, 19).map((line) => {
      const fields = line.split(',');
      return kept.map((column) => (fields[columns.indexOf(column)] ?? '').replace(/^-/, '')).join(',');
    });
    const footer = lines.slice(19).map((line) => line.replace('共-', '共'));
    const olderFile = { ...file, bytes: inGbk([...lines.slice(0, 4), ...older, ...footer].join('\n')) };
    expect(checked(olderFile).outcome).toMatchObject({ tied: true });
    const facts = (each: object) => ('line' in each ? { ...(each.line as object), raw: '' } : each); // a line is an object
    expect(readLines(olderFile).map(facts)).toEqual(plain.map(facts));
  });

  test.each([
    ['newest first', bytes],
    ['oldest first', inGbk([...lines.slice(0, 5), ...lines.slice(5, 19).toReversed(), ...lines.slice(19)].join('\n'))],
  ])('whose rows run %s leads from its opening to its closing balance', (_, variant) => {
    expect(checked({ ...file, bytes: variant }).outcome).not.toHaveProperty('mismatches');
  });

  test('whose balances do not tie with its footer says so, and is read all the same', () => {
    const { outcome, rows } = checked({ ...file, bytes: changed({ 账户余额: '11228.60' }) });
    expect(rows).toBe(14);
    expect(outcome).toMatchObject({ tied: true, mismatches: [{ figure: '账户余额', found: '1228.59' }] });
  });

  test('knows a refund by the trade number of its payment, whose order number is not its own', () => {
    const refunds = plain.filter((each) => 'line' in each && each.line.kind === 'refund');
    expect(refunds).toMatchObject([{ line: { ourReference: '', channelReference: '2026112222001400000000000001' } }]);
  });

  test('of a day on which nothing moved holds no line', () => {
    const footer = ['#支出合计：0笔，共0.00元', '#收入合计：0笔，共0.00元', '#导出时间：[2026年11月23日 05:46:49]'];
    const empty = { ...file, bytes: inGbk([...lines.slice(0, 5), lines[19], ...footer].join('\n')) };
    expect(checked(empty)).toMatchObject({ read: 0, outcome: { lines: 0, tied: true } });
  });

  test.each([
    ['a line is missing', inGbk(lines.toSpliced(7, 1).join('\n'))],
    ['an amount was changed', changed({ 支出金额: '-0.98' })],
    ['a side was changed', changed(incoming)],
  ])('is refused where %s', (_, variant) => {
    expect(checked({ ...file, bytes: variant }).outcome).toMatchObject({ reason: 'wrong_control_total' });
  });

  test('is recognised by its first line, and its summary is its companion', () => {
    const summary = startOf(inGbk('#支付宝账务汇总查询\n'));
    expect(format.recognise(startOf(bytes))).toBe(true);
    expect(format.recognise(summary)).toBe(false);
    expect(format.accompanies?.(summary)).toBe(true);
    expect(trade.recognise(startOf(bytes))).toBe(false);
  });

  test('that was damaged loses no line', () => expectNoLineLost(file));
});

describe('a movement of the balance', () => {
  test.each([
    ['debit', { 业务类型: '其它' }],
    ['credit', { ...incoming, 业务类型: '其它' }],
    ['debit', { 业务类型: '在线支付' }],
    ['collection', { ...incoming, 业务类型: '交易付款' }],
    ['refund', { 业务类型: '退款' }],
    ['refund_return', { ...incoming, 业务类型: '交易退款' }],
    ['payout', { 业务类型: '转账' }],
    ['credit', { ...incoming, 业务类型: '转账' }],
    ['payout_return', { ...incoming, 业务类型: '转账', 商户订单号: 'payout-1\t' }],
    ['payout_return', { ...incoming, 业务描述: '退票\t', 商户订单号: 'payout-1\t' }],
    ['settlement', { 业务类型: '提现' }],
    ['settlement_return', { ...incoming, 业务类型: '提现' }],
  ])('is a %s: %j', (kind, values) => {
    expect(firstOf(changed(values))).toMatchObject({ line: { kind, amount: 99n, fee: 0n } });
  });

  test.each([
    [99n, { 业务类型: '收费' }],
    [-99n, { ...incoming, 业务类型: '收费' }],
  ])('is a fee of %s fen: %j', (fee, values) => {
    expect(firstOf(changed(values))).toMatchObject({ line: { kind: 'fee', amount: 0n, fee } });
  });

  test.each([
    ['支出金额 is no amount in whole fen', { 支出金额: '-0.995' }],
    ['收入金额 is no amount in whole fen', { 收入金额: '1e3' }],
    ['has both 收入金额 and 支出金额', { 收入金额: '1.00' }],
    ['has neither 收入金额 nor 支出金额', { 支出金额: '0' }],
    ['发生时间  is no time', { 发生时间: '' }],
    ['has no number', { 业务流水号: '', 账务流水号: '\t' }],
    ['has 17 fields instead of 16', { 备注: 'a,b' }],
  ])('is an error that says: %s', (reason, values) => {
    expect(firstOf(changed(values))).toMatchObject({ lineNumber: 6, reason });
  });
});

describe('the frame of an account bill of Alipay', () => {
  test.each([
    ['truncated', lines.slice(0, 7).join('\n')],
    ['truncated', lines.slice(0, 20).join('\n')],
    ['truncated', lines.slice(0, 21).join('\n')],
    ['malformed_frame', text.replace('共-6533.59元', '')],
    ['malformed_frame', text.replace('业务类型', '业务流水号')],
    ['malformed_frame', text.replace('支出金额', '金额')],
    ['wrong_day', text.replace('2026年11月22日', '2026年11月23日').replace('2026年11月23日', '2026年11月24日')],
  ])('is refused as %s', (reason, variant) => {
    expect(readFrame({ ...file, bytes: inGbk(variant) })).toMatchObject({ reason });
  });
});

const real = new URL(
  '../../../../shared/statements/samples/alipay/20888011365400330156_20121229_账务明细-excerpt.csv',
  import.meta.url,
);

(existsSync(real) ? test : test.skip)('an excerpt of a real day is read, and refused since it is not whole', () => {
  const realContext = { ...context, date: day('2012-12-29'), merchantNo: '2088801136540033' };
  const realFile = { format, bytes: readFileSync(real), context: realContext };
  expect(readLines(realFile)).toMatchObject([
    { line: { kind: 'collection', ourReference: '3226563', channelReference: '2012122923922029', amount: 227_400n } },
    { line: { ourReference: '3226533', amount: 39_300n } },
    { line: { ourReference: '3226491', amount: 111_100n } },
  ]);
  expect(checked(realFile).outcome).toMatchObject({ reason: 'wrong_control_total' });
});
