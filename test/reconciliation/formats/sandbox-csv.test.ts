import { describe, expect, test } from '@jest/globals';
import { format as sandboxCsv } from '../../../functions/reconciliation/formats/sandbox-csv.ts';
import { isLineError } from '../../../functions/reconciliation/reading/statement-format.ts';
import { csvFile, csvRow, expectation, rowOf } from '../sample-day.ts';
import { frameOf, parseAll } from '../staged-day.ts';

const row = rowOf(expectation());
const [header = '', , ...summary] = csvFile([row]).split('\r\n');
const withDetail = (detail: string): Buffer => Buffer.from([header, detail, ...summary].join('\r\n'));
const firstOf = (bytes: Buffer) => parseAll(sandboxCsv, bytes)[0];

describe('the sandbox statement', () => {
  test('reads as its lines and ties with its summary', () => {
    const rows = [row, { ...row, kind: 'payout_return' as const, fee: 0n }];
    const bytes = Buffer.from(csvFile(rows));
    const parsed = parseAll(sandboxCsv, bytes).filter((each) => !isLineError(each));
    expect(parsed[0]).toMatchObject({
      merchantNos: ['880001'],
      line: {
        lineNumber: 2,
        kind: 'collection',
        ourReference: 'order-1',
        channelReference: 'trade-1',
        amount: 10_000n,
        fee: 60n,
      },
    });
    expect(parsed[1]).toMatchObject({ line: { kind: 'payout_return', fee: 0n } });
    const { control } = frameOf(sandboxCsv, bytes);
    expect(control).toMatchObject({ lines: 2, sums: { collections: 100_000n, collection_amount: 10_000_000n } });
  });

  test('reads columns by name, in whatever order they stand', () => {
    const columns = header.split(',').toReversed();
    const fields = csvRow(row).split(',').toReversed();
    const bytes = Buffer.from([columns.join(','), fields.join(','), ...summary].join('\r\n'));
    expect(firstOf(bytes)).toMatchObject({ line: { amount: 10_000n, ourReference: 'order-1' } });
  });

  test('reads quoted fields', () => {
    const quoted = csvRow(row).replace('order-1', '"order,""1"""');
    expect(firstOf(withDetail(quoted))).toMatchObject({ line: { ourReference: 'order,"1"' } });
  });

  test.each([
    ['has 8 fields instead of 9', csvRow(row).replace(',CNY', '')],
    ['is no CSV record', csvRow(row).replace('order-1', '"order-1')],
    ['kind gift is unknown', csvRow(row).replace('collection', 'gift')],
    ['amount is none', csvRow(row).replace('100.00', '-100.00')],
    ['amount is none', csvRow(row).replace('100.00', '1 00')],
    ['currency XXX is none that we book', csvRow(row).replace('CNY', 'XXX')],
    ['status paid is unknown', csvRow(row).replace('succeeded', 'paid')],
    ['completed_at 2026-03-01T10:15:30 is no time', csvRow(row).replace('+08:00', '')],
    ['has no order number', csvRow(row).replace('order-1', '').replace('trade-1', '')],
  ])('has a line error that says: %s', (reason, detail) => {
    expect(firstOf(withDetail(detail))).toEqual({ lineNumber: 2, reason, raw: detail });
  });
});
