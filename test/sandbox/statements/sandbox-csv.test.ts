import { describe, expect, test } from '@jest/globals';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { minorUnitsFromDecimal } from '../../../functions/kernel/money.ts';
import { sandboxCsv } from '../../../functions/sandbox/statements/sandbox-csv.ts';
import { lineKinds } from '../../../functions/sandbox/statements/statement-line.ts';
import { anyDay, day, merchant } from './sample-lines.ts';

const content = { merchantNo: merchant.merchantNo, currency: 'CNY', unreadableLines: 0, totalError: 0n } as const;

describe('the sandbox CSV', () => {
  test('is laid out as its README says', () => {
    expect(sandboxCsv.write({ ...content, lines: day })).toEqual({
      header: 'kind,merchant_no,order_no,trade_no,amount,currency,fee,status,completed_at',
      details: [
        'collection,1601959334,111,4200000000000000000000000111,100.00,CNY,0.60,succeeded,2026-11-22T10:15:30+08:00',
        'collection,1601959334,222,4200000000000000000000000222,0.05,CNY,0.00,succeeded,2026-11-22T00:00:00+08:00',
        'refund,1601959334,333,5030000000000000000000000333,10.00,CNY,-0.06,succeeded,2026-11-22T11:00:00+08:00',
        'payout,1601959334,444,4200000000000000000000000444,40.00,CNY,0.04,succeeded,2026-11-22T12:00:00+08:00',
        'payout,1601959334,555,4200000000000000000000000555,0.07,CNY,0.00,succeeded,2026-11-22T23:59:59+08:00',
        'returned_payout,1601959334,444,4200111111111111111111111444,40.00,CNY,0.00,succeeded,2026-11-22T13:00:00+08:00',
      ],
      summary: [
        'total_lines,collections,collection_amount,collection_fee,refunds,refund_amount,refund_fee,payouts,payout_amount,payout_fee,returned_payouts,returned_payout_amount,returned_payout_fee',
        '6,2,100.05,0.60,1,10.00,-0.06,2,40.07,0.04,1,40.00,0.00',
      ],
    });
  });

  test('of a day without orders holds zeros', () => {
    const { details, summary } = sandboxCsv.write({ ...content, lines: [] });
    expect(details).toEqual([]);
    expect(summary[1]).toBe('0,0,0.00,0.00,0,0.00,0.00,0,0.00,0.00,0,0.00,0.00');
  });

  test('shows a status mismatch as failed', () => {
    const [line] = day;
    const { details } = sandboxCsv.write({ ...content, lines: line ? [{ ...line, status: 'failed' }] : [] });
    expect(details[0]).toContain(',failed,');
  });

  test('ties: its totals are the sums of its lines, in every currency', () => {
    fc.assert(
      fc.property(anyDay, ({ currency, lines }) => {
        const { header, details, summary } = sandboxCsv.write({ ...content, currency, lines });
        const rows: Record<string, string>[] = parse([header, ...details].join('\r\n'), { columns: true });
        const [totals]: Record<string, string>[] = parse(summary.join('\r\n'), { columns: true });
        const minor = (text: string | undefined) => minorUnitsFromDecimal(text ?? '', currency);
        expect(totals?.['total_lines']).toBe(`${rows.length}`);
        for (const kind of lineKinds) {
          const ofKind = rows.filter((row) => row['kind'] === kind);
          const sum = (column: string) => ofKind.reduce((total, row) => total + (minor(row[column]) ?? 0n), 0n);
          expect(totals?.[`${kind}s`]).toBe(`${ofKind.length}`);
          expect(minor(totals?.[`${kind}_amount`])).toBe(sum('amount'));
          expect(minor(totals?.[`${kind}_fee`])).toBe(sum('fee'));
        }
      }),
    );
  });
});
