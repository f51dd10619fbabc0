/** Files that were damaged on the way: whatever comes, no parser throws, and each line is accounted for. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { linesOf } from '../../../functions/reconciliation/byte-ranges.ts';
import { format as sandboxCsv } from '../../../functions/reconciliation/formats/sandbox-csv.ts';
import { format as wechatTradebill } from '../../../functions/reconciliation/formats/wechat-tradebill.ts';

import { decodeAs } from '../../../functions/reconciliation/reading/encoding.ts';
import { recogniseFiles } from '../../../functions/reconciliation/reading/recognition.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { stageLines } from '../../../functions/reconciliation/stage-channel-rows.ts';
import { csvFile, expectation, rowOf } from '../sample-day.ts';
import { context } from '../staged-day.ts';

const seeds: Readonly<Record<string, Buffer>> = {
  'wechat-tradebill': readFileSync(new URL('samples/tradebill-ALL-2021-01-28.csv', import.meta.url)),
  'sandbox-csv': Buffer.from(csvFile([1, 2, 3].map((number) => rowOf(expectation({ channelOrderNo: `O${number}` }))))),
};

const anyMutation = fc.record({
  at: fc.nat(2_000),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc
      .constantFrom(
        '\n',
        '\r\n',
        ',',
        '`',
        '"',
        '-',
        '\uFEFF',
        '0',
        '99999999999999999999',
        '总交易单数',
        'total_lines',
      )
      .map((text) => Buffer.from(text)),
  ),
});

const mutated = (bytes: Buffer, mutations: readonly { at: number; remove: number; insert: Buffer }[]): Buffer =>
  mutations.reduce((file, { at, remove, insert }) => {
    const place = file.length === 0 ? 0 : at % file.length;
    return Buffer.concat([file.subarray(0, place), insert, file.subarray(place + remove)]);
  }, bytes);

describe.each([wechatTradebill, sandboxCsv].map((format) => [format.name, format] as const))(
  'a damaged %s',
  (name, format) => {
    const seed = seeds[name] ?? Buffer.alloc(0);

    test('is refused by name, or all its lines are rows or errors', () => {
      expect(seed.length).toBeGreaterThan(0);
      fc.assert(
        fc.property(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), (mutations) => {
          const bytes = mutated(seed, mutations);
          const frame = format.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);
          if (isRejection(frame)) return;
          const text = decodeAs('utf-8', bytes.subarray(frame.detailsStart, frame.detailsEnd));
          if (text === undefined) return;
          const { rows, summary } = stageLines({
            format,
            frame,
            text,
            firstLineNumber: frame.firstLineNumber,
            shards: 3,
            merchantNo: name === 'sandbox-csv' ? '880001' : '1601959334',
            isOfDay: () => true,
          });
          const lines = [...linesOf(text, 2)].filter((line) => line.text.trim() !== '');
          expect(summary.read).toBe(lines.length);
          expect(rows.flat().length + summary.errors.length).toBe(summary.read);
        }),
        { numRuns: 2_000 },
      );
    });

    test('is recognised or not, but never crashes', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyMutation, { maxLength: 4 }), async (mutations) => {
          const head = mutated(seed, mutations);
          await recogniseFiles([{ name: 'x.csv', fileName: 'x.csv', head }], { delivered: [format], known: [name] });
        }),
        { numRuns: 500 },
      );
    });
  },
);
