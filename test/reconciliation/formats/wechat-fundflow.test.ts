import { describe, expect, test } from '@jest/globals';
import { format } from '../../../functions/reconciliation/formats/wechat-fundflow.ts';
import { context as anyContext } from '../staged-day.ts';
import { checked, expectNoLineLost, golden, readFrame, readLines, sample, startOf, wholeOf } from './whole-file.ts';

const name = 'fundflow-BASIC-2026-11-22';
const bytes = sample(`${name}.csv`);
const day = (date: string) => date as typeof anyContext.date; // a real day
const context = { ...anyContext, date: day('2026-11-22'), merchantNo: '1900000109' };
const file = { format, bytes, context };
const text = bytes.toString();
const [header = '', first = '', ...rest] = text.trimEnd().split('\n');
const columns = header.split(',');

/** The sample with other values in some columns of its first line. */
function changed(values: Readonly<Record<string, string>>): Buffer {
  const fields = first.split(',');
  for (const [column, value] of Object.entries(values)) fields[columns.indexOf(column)] = `\`${value}`;
  return Buffer.from([header, fields.join(','), ...rest].join('\n'));
}

const firstOf = (changedBytes: Buffer) => readLines({ ...file, bytes: changedBytes })[0];
const plain = readLines(file);

describe('a fund-flow bill', () => {
  test('is read whole', () => {
    expect(wholeOf(file)).toEqual(golden(name));
    expect(checked(file)).toMatchObject({ rows: 15, errors: [], outcome: { lines: 15, tied: true } });
  });

  test('is refused where its lines are not what its summary says', () => {
    const short = { ...file, bytes: sample('fundflow-BASIC-2021-02-01-summary-does-not-tie.csv') };
    expect(readLines(short)).toMatchObject([
      { line: { kind: 'refund', ourReference: 'S20210201135356381941', amount: 1n, fee: 0n } },
      { line: { kind: 'refund', ourReference: 'S20210201140044552846', amount: 1n, fee: 0n } },
    ]);
    const refused = checked({ ...short, context: { ...context, date: day('2021-02-01') } }).outcome;
    expect(refused).toMatchObject({ reason: 'wrong_control_total' });
  });

  test.each([
    ['a byte order mark', `\uFEFF${text}`],
    ['CRLF', text.replaceAll('\n', '\r\n')],
    ['no last line end', text.trimEnd()],
    ['full-width brackets', text.replace('收支金额(元)', '收支金额（元）').replace('账户结余(元)', '账户结余（元）')],
    ['counts with a decimal', text.replace('`15,`8,', '`15.0,`8.0,')],
  ])('reads the same with %s', (_, variant) => {
    const variantFile = { ...file, bytes: Buffer.from(variant) };
    expect(readLines(variantFile)).toEqual(plain);
    expect(checked(variantFile).outcome).toMatchObject({ tied: true });
  });

  test('reads columns by name, in whatever order they stand', () => {
    const turned = [columns, first.split(',')].map((fields) => fields.toReversed().join(','));
    expect(firstOf(Buffer.from([...turned, ...rest.slice(-2)].join('\n')))).toMatchObject({
      line: { kind: 'collection', ourReference: 'order-1', amount: 10_000n },
    });
  });

  test('of a day on which nothing moved holds no line', () => {
    const empty = { ...file, bytes: Buffer.from([header, rest.at(-2), '`0,`0,`0.00,`0,`0.00'].join('\n')) };
    expect(checked(empty)).toMatchObject({ read: 0, outcome: { lines: 0, tied: true } });
  });

  test('is recognised by its columns', () => {
    expect(format.recognise(startOf(bytes))).toBe(true);
    expect(format.recognise(startOf(sample('fundflow-BASIC-2021-02-01-summary-does-not-tie.csv')))).toBe(true);
    expect(format.recognise(startOf(sample('tradebill-ALL-2021-01-28.csv')))).toBe(false);
  });

  test('that was damaged loses no line', () => expectNoLineLost(file));
});

describe('a movement', () => {
  test.each([
    ['collection', { 业务类型: '交易' }],
    ['debit', { 业务类型: '交易', 收支类型: '支出' }],
    ['fee', { 业务类型: '扣除企业付款手续费', 收支类型: '支出' }],
    ['refund', { 业务名称: '退款', 业务类型: '退款', 收支类型: '支出' }],
    ['refund_return', { 业务名称: '退款', 业务类型: '退款' }],
    ['refund_return', { 业务名称: '退款', 业务类型: '退款关闭' }],
    ['payout', { 业务名称: '商家转账', 业务类型: '转账到零钱', 收支类型: '支出' }],
    ['payout_return', { 业务名称: '企业付款', 业务类型: '企业付款退回' }],
    ['settlement', { 业务名称: '充值/提现', 业务类型: '充值/提现', 收支类型: '支出' }],
    ['settlement_return', { 业务名称: '充值/提现', 业务类型: '充值/提现', 备注: '银行退票' }],
    ['credit', { 业务名称: '充值/提现', 业务类型: '充值/提现' }],
    ['credit', { 业务名称: '新业务', 业务类型: '新类型' }],
    ['debit', { 业务名称: '新业务', 业务类型: '新类型', 收支类型: '支出' }],
  ])('is a %s: %j', (kind, values) => {
    expect(firstOf(changed(values))).toMatchObject({ line: { kind } });
  });

  test.each([
    ['fee in the remark alone, so that the row is less by it', '99.40', 10_000n, -60n],
    ['fee on a line of its own, so that the row is the whole refund', '100.00', 10_000n, 0n],
    ['fee that does not add up, which is left alone', '42.00', 4_200n, 0n],
  ])('of a refund has a %s', (_, moved, amount, fee) => {
    const remark = '退款总金额100.00元;含手续费0.60元';
    const refund = { 业务名称: '退款', 业务类型: '退款', 收支类型: '支出', 备注: remark };
    expect(firstOf(changed({ ...refund, '收支金额(元)': moved }))).toMatchObject({ line: { amount, fee } });
  });

  test.each([
    ['收支金额(元) is no amount in whole fen', { '收支金额(元)': '0.005' }],
    ['收支金额(元) is no amount in whole fen', { '收支金额(元)': '' }],
    ['收支金额(元) is negative', { '收支金额(元)': '-1.00' }],
    ['收支类型 转出 is unknown', { 收支类型: '转出' }],
    ['记账时间 2026-02-30 10:00:00 is no time', { 记账时间: '2026-02-30 10:00:00' }],
    ['has no number', { 业务凭证号: '', 微信支付业务单号: '0', 资金流水单号: '' }],
    ['has 12 fields instead of 11', { 备注: 'a,b' }],
  ])('is an error that says: %s', (reason, values) => {
    expect(firstOf(changed(values))).toMatchObject({ lineNumber: 2, reason });
  });

  test('without a back-tick is an error', () => {
    expect(firstOf(Buffer.from(text.replace('`2026', '2026')))).toMatchObject({
      reason: '记账时间 does not begin with a back-tick',
    });
  });
});

describe('the frame of a fund-flow bill', () => {
  test.each([
    ['truncated', [header, first, ...rest.slice(0, 5)].join('\n')],
    ['truncated', text.trimEnd().slice(0, -12)],
    ['malformed_frame', `${text}\`1`],
    ['malformed_frame', text.replace('业务凭证号', '别的')],
    ['malformed_frame', text.replace('资金变更提交申请人', '备注')],
    ['malformed_frame', text.replace('收入金额,', '收入总额,')],
    ['malformed_frame', text.replace('`15,', '`many,')],
    ['wrong_encoding', Buffer.concat([Buffer.from([0xb0]), bytes])],
  ])('is refused as %s', (reason, variant) => {
    expect(readFrame({ ...file, bytes: Buffer.from(variant) })).toMatchObject({ reason });
  });
});

test('balances that do not lead from the first row to the last one are told, and the bill is read all the same', () => {
  const text = sample('fundflow-BASIC-2026-11-22.csv').toString();
  const whole = { format, context: { ...anyContext, date: '2026-11-22' as typeof anyContext.date } };
  expect(checked({ ...whole, bytes: Buffer.from(text) }).outcome).not.toHaveProperty('mismatches');
  const { outcome } = checked({ ...whole, bytes: Buffer.from(text.replace('`105079.88', '`105079.89')) });
  expect(outcome).toMatchObject({
    tied: true,
    mismatches: [{ figure: '账户结余', stated: '5079.89', found: '5079.88' }],
  });
});
