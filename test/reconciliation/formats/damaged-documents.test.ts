/** Documents of quoted CSV that were damaged on the way: whatever comes, no reader throws, and each record is accounted for. */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as adyenSettlement } from '../../../functions/reconciliation/formats/adyen-settlement.ts';
import { format as paypalStl } from '../../../functions/reconciliation/formats/paypal-stl.ts';
import { format as stripeItemised } from '../../../functions/reconciliation/formats/stripe-itemised.ts';
import { readCsvRecords } from '../../../functions/reconciliation/reading/csv-records.ts';
import type { ReadLine } from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { chunksOf } from '../staged-day.ts';
import { readDocument, recognises, sample } from './read-document.ts';

const pieces = [
  '\n',
  '\r\n',
  '\r',
  ',',
  '"',
  '""',
  '"\n"',
  '-',
  '\t',
  '\uFEFF',
  '0',
  '99999999999999999999',
  '"SB",',
  'SF',
  '__proto__',
];

const anyMutation = fc.record({
  at: fc.nat(5_000),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...pieces).map((text) => Buffer.from(text)),
  ),
});

const mutated = (bytes: Buffer, mutations: readonly { at: number; remove: number; insert: Buffer }[]): Buffer =>
  mutations.reduce((file, { at, remove, insert }) => {
    const place = file.length === 0 ? 0 : at % file.length;
    return Buffer.concat([file.subarray(0, place), insert, file.subarray(place + remove)]);
  }, bytes);

const frameRows = new Set(['RH', 'FH', 'SH', 'CH', 'SF', 'SC', 'RF', 'RC', 'FF']);

/** The lines on which transactions begin, as they are cut: all but the header, or but the rows around them. */
async function transactionsOf(file: Buffer, isTable: boolean): Promise<number[]> {
  const lineNumbers: number[] = [];
  let before = 0;
  for await (const record of readCsvRecords(chunksOf(file, 64))) {
    if (isRejection(record)) return lineNumbers;
    const isFrame = isTable ? before === 0 : frameRows.has(record.fields?.[0] ?? '');
    if (!isFrame) lineNumbers.push(record.lineNumber);
    before += 1;
  }
  return lineNumbers;
}

const lineNumberOf = (read: ReadLine): number => ('line' in read ? read.line.lineNumber : read.lineNumber);

describe.each([
  { format: stripeItemised, seed: sample('stripe/balance-change.csv'), isTable: true },
  { format: adyenSettlement, seed: sample('adyen/settlement_detail_report_batch_41.csv'), isTable: true },
  { format: paypalStl, seed: sample('paypal/STL-20260301.01.009.CSV'), isTable: false },
])('a damaged $format.name', ({ format, seed, isTable }) => {
  test('is refused by name, or all its records are lines, ignored or errors, in their order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
        const file = mutated(seed, mutations);
        recognises(format, file);
        const { reads, rejection } = await readDocument(format, file, { chunkBytes: 500 });
        if (!rejection) expect(reads.map(lineNumberOf)).toEqual(await transactionsOf(file, isTable));
      }),
      { numRuns: 700 },
    );
  });
});
