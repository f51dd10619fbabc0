import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from '@jest/globals';
import { format as wechatTradebill } from '../../../functions/reconciliation/formats/wechat-tradebill.ts';
import {
  isIgnoredLine,
  isLineError,
  type ParsedLine,
} from '../../../functions/reconciliation/reading/statement-format.ts';
import { context, frameOf, parseAll } from '../staged-day.ts';

const sample = (name: string): Buffer => readFileSync(new URL(`samples/${name}`, import.meta.url));
const all = sample('tradebill-ALL-2021-01-28.csv');

const linesOf = (bytes: Buffer) =>
  parseAll(wechatTradebill, bytes).map((parsed) => {
    if (isLineError(parsed)) throw new Error(`${parsed.lineNumber}: ${parsed.reason}`);
    if (isIgnoredLine(parsed)) throw new Error(`${parsed.lineNumber}: ${parsed.ignored}`);
    return parsed;
  });

const sumOf = (lines: readonly ParsedLine[], column: string): bigint =>
  lines.reduce((sum, { sums }) => sum + (sums[column] ?? 0n), 0n);

/** The sample's first payment with other values in some of its columns. */
function changed(values: Readonly<Record<string, string>>): Buffer {
  const [header = '', first = '', ...rest] = all.toString().split('\n');
  const columns = header.split(',');
  const fields = first.split(',');
  for (const [name, value] of Object.entries(values)) fields[columns.indexOf(name)] = `\`${value}`;
  return Buffer.from([header, fields.join(','), ...rest].join('\n'));
}

const firstOf = (bytes: Buffer) => parseAll(wechatTradebill, bytes)[0];

const refund = {
  交易状态: 'REFUND',
  应结订单金额: '0.00',
  订单金额: '0.00',
  微信退款单号: '50300806962021020105978994968',
  商户退款单号: 'R1',
  退款金额: '0.01',
  申请退款金额: '0.01',
  退款状态: 'SUCCESS',
  手续费: '-0.00600',
};

describe('a trade bill', () => {
  test('of today reads as its lines and ties with its summary', () => {
    const lines = linesOf(all);
    const { control } = frameOf(wechatTradebill, all);
    expect(control.lines).toBe(3);
    for (const [column, sum] of Object.entries(control.sums)) expect(sumOf(lines, column)).toBe(sum);
    expect(lines[0]?.merchantNos).toEqual(['1601959334']);
    expect(lines[0]?.line).toMatchObject({
      lineNumber: 2,
      kind: 'collection',
      ourReference: 'S20210128170702357723',
      channelReference: '4200000925202101284997714292',
      amount: 1n,
      fee: 0n,
      currency: 'CNY',
      status: 'succeeded',
      at: new Date('2021-01-28T09:07:11Z'),
    });
    expect(lines[0]?.line.raw).toBe(all.toString().split('\n')[1]);
  });

  test('reads the same from gzip, with a byte order mark, with CRLF and without a last line end', () => {
    const plain = linesOf(all).map(({ line: { raw: _, ...line } }) => line);
    const text = all.toString();
    const variants = [
      gunzipSync(sample('tradebill-ALL-2021-01-28.csv.gz')),
      Buffer.from(`\uFEFF${text}`),
      Buffer.from(text.replaceAll('\n', '\r\n')),
      Buffer.from(text.trimEnd()),
    ];
    for (const bytes of variants) expect(linesOf(bytes).map(({ line: { raw: _, ...line } }) => line)).toEqual(plain);
  });

  test('of the older layout of 24 columns reads as well, with the colons of its time', () => {
    const bytes = sample('tradebill-v2-ALL-2014-official-example.csv');
    const lines = linesOf(bytes);
    expect(lines.map(({ line }) => line.amount)).toEqual([1n, 1n]);
    expect(lines[0]?.line.at).toEqual(new Date('2014-11-10T08:33:45Z'));
    const { control } = frameOf(wechatTradebill, bytes);
    for (const [column, sum] of Object.entries(control.sums)) expect(sumOf(lines, column)).toBe(sum);
  });

  test('of successful payments alone, with 20 columns, shows that it does not tie when rows are missing', () => {
    const bytes = Buffer.from(sample('tradebill-SUCCESS-2019-07-23-masked-excerpt.csv').toString().trimEnd());
    expect(linesOf(bytes)).toHaveLength(1);
    expect(frameOf(wechatTradebill, bytes).control.lines).toBe(31);
  });

  test('is not taken for a fund-flow bill', () => {
    const [header = ''] = sample('fundflow-BASIC-2021-02-01-summary-does-not-tie.csv').toString().split('\n');
    expect(wechatTradebill.recognise({ head: Buffer.from(header), header, fileName: 'x.csv' })).toBe(false);
  });

  test('without a row holds no line', () => {
    const [header = '', , , , summaryHeader = ''] = all.toString().split('\n');
    const empty = Buffer.from([header, summaryHeader, '`0,`0.00,`0.00,`0.00,`0.00000,`0.00,`0.00'].join('\n'));
    expect(linesOf(empty)).toEqual([]);
    expect(frameOf(wechatTradebill, empty).control.lines).toBe(0);
  });
});

describe('a refund in a trade bill', () => {
  test('has its own numbers, its settled amount and the fee that was given back', () => {
    expect(firstOf(changed(refund))).toMatchObject({
      line: {
        kind: 'refund',
        ourReference: 'R1',
        channelReference: '50300806962021020105978994968',
        amount: 1n,
        fee: -1n,
        status: 'succeeded',
      },
    });
  });

  test.each([
    ['PROCESSING', 'processing'],
    ['FAIL', 'failed'],
    ['CHANGE', 'failed'],
  ])('that is %s counts as %s', (state, status) => {
    expect(firstOf(changed({ ...refund, 退款状态: state }))).toMatchObject({ line: { status } });
  });

  test('is positive in old exports that write it negative', () => {
    const parsed = firstOf(changed({ ...refund, 退款金额: '-0.01', 申请退款金额: '-0.01' }));
    expect(parsed).toMatchObject({ line: { amount: 1n }, sums: { 退款金额: 1_000n } });
  });
});

describe('a line of a trade bill', () => {
  test('that was revoked says so', () => {
    expect(firstOf(changed({ 交易状态: 'REVOKED' }))).toMatchObject({
      line: { kind: 'collection', status: 'revoked' },
    });
  });

  test('may hold a quotation mark, which is data', () => {
    expect(firstOf(changed({ 商品名称: '5" screen' }))).toMatchObject({ line: { amount: 1n } });
  });

  test.each([
    ['交易状态 PAID is unknown', { 交易状态: 'PAID' }],
    ['应结订单金额 is no amount', { 应结订单金额: '1e3' }],
    ['应结订单金额 is negative', { 应结订单金额: '-0.01' }],
    ['手续费 is no amount', { 手续费: 'free' }],
    ['货币种类 XXX is no currency that we book', { 货币种类: 'XXX' }],
    ['交易时间 yesterday is no time', { 交易时间: 'yesterday' }],
    ['has no order number', { 商户订单号: '0', 微信订单号: '' }],
    ['has 28 fields instead of 27', { 商品名称: 'a,b' }],
    ['has no refund number', { ...refund, 微信退款单号: '0', 商户退款单号: '0' }],
  ])('is an error that says: %s', (reason, values) => {
    expect(firstOf(changed(values))).toMatchObject({ lineNumber: 2, reason });
  });
});

describe('the frame of a trade bill', () => {
  const frame = (text: string) => {
    const bytes = Buffer.from(text);
    return wechatTradebill.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);
  };
  const lines = all.toString().trimEnd().split('\n');

  test.each([
    ['truncated', lines.slice(0, 3).join('\n')],
    ['truncated', lines.slice(0, 5).join('\n')],
    ['truncated', lines.join('\n').slice(0, -12)],
    ['truncated', lines[0] ?? ''],
    ['malformed_frame', [...lines, '`1,`2'].join('\n')],
    ['malformed_frame', lines.join('\n').replace('商户订单号', '别的')],
    ['malformed_frame', lines.join('\n').replace('设备号', '商户号')],
    ['malformed_frame', lines.join('\n').replace('`3,`0.03', '`many,`0.03')],
  ])('is refused as %s', (reason, text) => {
    expect(frame(text)).toMatchObject({ reason });
  });
});
