import { describe, expect, test } from '@jest/globals';
import {
  profileKinds,
  profileStatuses,
} from '../../../functions/channels/configuration/kinds/statement-profile-rules.ts';
import { statementProfileSchema } from '../../../functions/channels/index.ts';
import { formatOfProfile } from '../../../functions/reconciliation/reading/profile/profile-format.ts';
import type {
  LineFormat,
  ReadLine,
  StatementFormat,
} from '../../../functions/reconciliation/reading/statement-format.ts';
import { lineKinds, lineStatuses } from '../../../functions/reconciliation/statement-line.ts';
import { inGbk } from '../formats/gbk.ts';
import { frameOf, parseAll } from '../staged-day.ts';
import { cityBank, cityBankText, clearingHouse, type Example } from './example-files.ts';

const lines = (format: StatementFormat): LineFormat => {
  if (format.reads !== 'lines') throw new Error(`${format.name} is a document`);
  return format;
};

const read = ({ format, bytes }: Pick<Example, 'format' | 'bytes'>) =>
  parseAll(lines(format), bytes).filter((each) => !('reason' in each && each.raw === ''));

/** What the lines add up to, as Conclude compares it with the control rows. */
function sumsOf(all: readonly ReadLine[]): Record<string, bigint> {
  const sums: Record<string, bigint> = {};
  for (const each of all) {
    for (const [name, sum] of Object.entries('sums' in each ? each.sums : {})) sums[name] = (sums[name] ?? 0n) + sum;
  }
  return sums;
}

test('profiles speak of the kinds and statuses that lines have', () => {
  expect(profileKinds).toEqual(lineKinds);
  expect(profileStatuses).toEqual(lineStatuses);
});

describe.each([cityBank, clearingHouse])('the example $id', (example) => {
  test('ties: its lines add up to its control rows', () => {
    const { control } = frameOf(lines(example.format), example.bytes);
    expect(sumsOf(read(example))).toEqual(control.sums);
  });

  test('is known by its content and name, and not taken for the other', () => {
    const other = example === cityBank ? clearingHouse : cityBank;
    const start = ({ bytes, fileName }: Example) => ({ head: bytes, header: '', fileName });
    expect(example.format.recognise(start(example))).toBe(true);
    expect(example.format.recognise(start(other))).toBe(false);
  });
});

describe("a bank's CSV in GBK", () => {
  test('reads as its lines', () => {
    expect(frameOf(lines(cityBank.format), cityBank.bytes)).toMatchObject({
      firstLineNumber: 4,
      control: { sums: { 总笔数: 500_000n, 总金额: 160_450_000n, 总手续费: 168_000n, 退款笔数: 100_000n } },
    });
    expect(read(cityBank)).toMatchObject([
      {
        line: {
          lineNumber: 4,
          kind: 'collection',
          ourReference: 'S20260301001',
          channelReference: '4200000925',
          amount: 123_450n,
          fee: 74n,
          currency: 'CNY',
          status: 'succeeded',
          at: new Date('2026-03-01T02:15:30Z'),
        },
        merchantNos: ['880001'],
      },
      { line: { kind: 'refund', amount: 10_000n, fee: -6n, remittance: '质量问题,退货' } },
      { line: { kind: 'collection', ourReference: 'S20260301003', amount: 2_000n, fee: 0n, status: 'processing' } },
      { lineNumber: 7, ignored: 'authorisation' },
      { line: { kind: 'payout', amount: 5_000n, fee: 100n, status: 'failed' } },
    ]);
    expect(cityBank.format.covers).toEqual(['collection', 'refund', 'payout']);
    expect(cityBank.format.accompanies?.({ head: Buffer.of(), header: '', fileName: '2026汇总.csv' })).toBe(true);
  });

  test.each<[string, string, string]>([
    ['交易金额 is no amount', '"1,234.50"', '"12,34.50"'],
    ['no rule says of which kind it is', ',消费,', ',红包,'],
    ['no rule says of which kind it is', '"1,234.50"', '-1.00'],
    ['no rule says which status it has', ',成功,"1', ',未知,"1'],
    ['currency 日元 is none that we book', ',0.74,人民币', ',0.74,日元'],
    ['交易日期 交易时间 is no time: 20260230 10:15:30', '20260301,10:15:30', '20260230,10:15:30'],
    ['has 11 fields instead of 12', ',10:15:30,', ',10:15:30'],
    ['is no record: its quotes do not fit', '"1,234.50"', '"1,234.50'],
    ['手续费 is no amount', ',0.74,', ',free,'],
  ])('has a line error that says: %s', (reason, from, to) => {
    const bytes = inGbk(cityBankText.replace(from, to));
    expect(read({ ...cityBank, bytes })[0]).toMatchObject({ lineNumber: 4, reason });
  });

  test('without an order number anywhere has a line error', () => {
    const bytes = inGbk(cityBankText.replace('`S20260301001,4200000925', ','));
    expect(read({ ...cityBank, bytes })[0]).toMatchObject({ reason: 'has no order number' });
  });

  test.each<[string, string, string | RegExp]>([
    ['truncated', '', /合计.*$/s],
    ['truncated', '合计,5,1604.50\r\n', /合计.*\r\n/],
    ['truncated', '', /#其中退款1笔/],
    ['malformed_frame', '合计,五,1604.50,1.68', /合计.*/],
    ['malformed_frame', '交易额', '交易金额'],
    ['malformed_frame', '商户号,商户号', '序号,商户号'],
  ])('is refused as %s', (reason, to, from) => {
    const bytes = inGbk(cityBankText.replace(from, to));
    const { readFrame } = lines(cityBank.format);
    const context = {
      merchantNo: '880001',
      date: '2026-03-01',
      currency: 'CNY',
      fileName: 'x',
      timeZone: 'Asia/Shanghai',
    };
    expect(
      readFrame({ head: bytes, tail: bytes, size: bytes.length }, context as Parameters<typeof readFrame>[1]),
    ).toMatchObject({ reason }); // a real day
  });

  test('reads the same with LF, with other columns and in another order, and without a last line end', () => {
    const plain = read(cityBank).map((each) => ('line' in each ? { ...each.line, raw: '' } : each));
    const rows = cityBankText.split('\r\n');
    const swapped = rows.map((row, index) => (index >= 2 && index <= 7 ? `x,${row},y` : row));
    swapped[2] = `备注,${rows[2]},备注`;
    for (const text of [rows.join('\n'), cityBankText.trimEnd(), swapped.join('\r\n')]) {
      const bytes = inGbk(text);
      expect(read({ ...cityBank, bytes }).map((each) => ('line' in each ? { ...each.line, raw: '' } : each))).toEqual(
        plain,
      );
    }
  });
});

describe('a file of fixed width', () => {
  test('reads as its lines, by bytes', () => {
    expect(frameOf(lines(clearingHouse.format), clearingHouse.bytes)).toMatchObject({
      firstLineNumber: 2,
      control: { lines: 3, sums: { credits: 123_450_000n, debits: 123_376_000n } },
    });
    expect(read(clearingHouse)).toMatchObject([
      {
        line: {
          lineNumber: 2,
          kind: 'collection',
          ourReference: 'S20260301001',
          amount: 123_450n,
          fee: 74n,
          currency: 'CNY',
          at: new Date('2026-03-01T02:15:30Z'),
          raw: expect.stringContaining('城市商行'),
        },
        merchantNos: ['880001'],
      },
      { line: { kind: 'refund', amount: 10_000n } },
      { line: { kind: 'settlement', amount: 113_376n, ourReference: '' } },
    ]);
  });

  test('has a line error for a line of another length', () => {
    const text = clearingHouse.bytes.toString('latin1').replace('000000000001', '00000000001');
    expect(read({ ...clearingHouse, bytes: Buffer.from(text, 'latin1') })[0]).toMatchObject({
      lineNumber: 2,
      reason: 'has 105 bytes instead of 106',
    });
  });

  test('reads the year of a neighbouring month beside New Year', () => {
    const text = clearingHouse.bytes.toString('latin1').replace('0301101530', '1231101530');
    const { parseLine } = lines(clearingHouse.format);
    const line = text.split('\n')[1] ?? '';
    const facts = { date: '2027-01-01', timeZone: 'Asia/Shanghai', currency: 'CNY' };
    expect(parseLine({ columns: [], facts }, line, 1)).toMatchObject({
      line: { at: new Date('2026-12-31T02:15:30Z') },
    });
  });
});

describe('records that span lines', () => {
  const { layout, ...rest } = cityBank.json as { layout: object };
  const format = formatOfProfile(
    'profile:spanning',
    statementProfileSchema.parse({ ...rest, layout: { ...layout, recordsSpanLines: true } }),
  );
  const spanning = cityBankText.replace('质量问题,退货', '质量问题\r\n退货');

  async function partsOf(bytes: Buffer, chunkBytes: number) {
    if (format.reads !== 'document') throw new Error('is read by lines');
    async function* chunks() {
      for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
    }
    const context = {
      merchantNo: '880001',
      date: '2026-03-01',
      currency: 'CNY',
      fileName: 'x',
      timeZone: 'Asia/Shanghai',
    };
    const parts = [];
    for await (const part of format.read(chunks(), context as Parameters<typeof format.read>[1])) parts.push(part); // a real day
    return parts;
  }

  test('are read as one record each, however the file is cut', async () => {
    const bytes = inGbk(spanning);
    const whole = await partsOf(bytes, bytes.length);
    expect(whole).toMatchObject([
      { line: { lineNumber: 4, amount: 123_450n } },
      { line: { lineNumber: 5, kind: 'refund', remittance: '质量问题\r\n退货' } },
      { line: { lineNumber: 7, ourReference: 'S20260301003' } },
      { lineNumber: 8, ignored: 'authorisation' },
      { line: { lineNumber: 9, kind: 'payout' } },
      { control: { sums: { 总笔数: 500_000n, 总金额: 160_450_000n } } },
    ]);
    for (const chunkBytes of [1, 7, 64]) expect(await partsOf(bytes, chunkBytes)).toEqual(whole);
  });

  test.each([
    ['malformed_frame', inGbk(spanning.replace('退货"', '退货'))],
    ['line_too_long', inGbk(spanning.replace('质量', '质量'.repeat(40_000)))],
    ['wrong_encoding', Buffer.concat([inGbk(spanning), Buffer.of(0xff, 0xff)])],
    ['truncated', inGbk(spanning.slice(0, spanning.indexOf('合计')))],
  ])('in a damaged file end with the rejection %s', async (reason, bytes) => {
    expect((await partsOf(bytes, 1_000)).at(-1)).toMatchObject({ reason });
  });
});
