import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { idFrom } from '../../functions/kernel/ids.ts';
import type { Currency } from '../../functions/kernel/money.ts';
import { channelOrderNoOf } from '../../functions/payments/payment.ts';
import { agreeingRows } from '../../functions/reconciliation/agreeing-rows.ts';
import { totalsOfAgreeing } from '../../functions/reconciliation/agreeing-totals.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';
import { writeText } from '../../functions/reconciliation/files.ts';
import { matchShard } from '../../functions/reconciliation/match.ts';
import type { ShardResult } from '../../functions/reconciliation/match-result.ts';
import { rowMatching } from '../../functions/reconciliation/match-rows.ts';
import { isTooMany, mostUnmatched, readMatched, writeMatched } from '../../functions/reconciliation/matched-shards.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { partsOfShard } from '../../functions/reconciliation/row-hash.ts';
import { partsIn, type SideRows } from '../../functions/reconciliation/row-index.ts';
import type { PlannedRun } from '../../functions/reconciliation/run.ts';
import { passesOf, readRows } from '../../functions/reconciliation/shard-files.ts';
import {
  decodeRows,
  encodeExpectation,
  encodeLine,
  expectationSchema,
  referenceOf,
  type StagedLine,
  stagedLineSchema,
} from '../../functions/reconciliation/shard-rows.ts';
import { lineKinds, lineStatuses } from '../../functions/reconciliation/statement-line.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { memoryFiles } from './memory-files.ts';
import { anyDay, expectation, type Row, rowOf } from './sample-day.ts';
import { rules } from './staged-day.ts';

const anyReference = fc.oneof(
  fc.constantFrom('', 'A', 'B', 'channel:T', 'T', 'a,"b\\', '\t', '退款'),
  fc.string({ unit: 'binary', maxLength: 12 }),
);
const anyCurrency = fc.constantFrom('CNY' as const, 'USD' as const, 'JPY' as const);
const anyAmount = fc.oneof(
  fc.constantFrom(0n, 7n, 10_000n, 2n ** 53n - 1n, 10n ** 15n - 1n),
  fc.bigInt({ min: 0n, max: 2n ** 53n - 1n }),
);
const anyFee = fc.oneof(fc.constantFrom(0n, -60n, 60n, -(2n ** 62n)), fc.bigInt({ min: -(2n ** 60n), max: 2n ** 60n }));

const anyLine: fc.Arbitrary<StagedLine> = fc
  .record({
    lineNumber: fc.integer({ min: 1 }),
    kind: fc.constantFrom(...lineKinds),
    ourReference: anyReference,
    channelReference: anyReference,
    amount: anyAmount,
    fee: anyFee,
    currency: anyCurrency,
    status: fc.constantFrom(...lineStatuses),
    at: fc.date({ noInvalidDate: true }),
    settlementReference: fc.option(anyReference, { nil: undefined }),
    remittance: fc.option(anyReference, { nil: undefined }),
  })
  .map(wellFormed);

const anyExpectation: fc.Arbitrary<Expectation> = fc
  .record({
    kind: fc.constantFrom(...lineKinds),
    channelOrderNo: anyReference,
    channelTradeNo: anyReference,
    amount: anyAmount,
    fee: anyFee,
    currency: anyCurrency,
    status: fc.constantFrom('succeeded' as const, 'processing' as const, 'failed' as const),
  })
  .map((facts) => expectation(wellFormed(facts)));

/** Text of a file has no half characters. */
function wellFormed<Facts extends object>(facts: Facts): Facts {
  const entries = Object.entries(facts).map(([name, value]) => [
    name,
    typeof value === 'string' ? value.toWellFormed() : value,
  ]);
  return Object.fromEntries(entries) as Facts; // the same fields
}

const linesOf = (rows: readonly Row[]): StagedLine[] =>
  rows.map(({ kind, orderNo, tradeNo, amount, fee, status }, index) => ({
    lineNumber: index + 2,
    kind,
    ourReference: orderNo,
    channelReference: tradeNo,
    amount,
    fee,
    currency: 'CNY',
    status,
    at: new Date('2026-03-01T02:15:30Z'),
  }));

interface NamedRow {
  readonly reference: string;
  readonly row: string;
}

const lineRow = (line: StagedLine): NamedRow => ({ reference: referenceOf(line), row: encodeLine(line) });
const ownRow = (each: Expectation): NamedRow => ({ reference: each.channelOrderNo, row: encodeExpectation(each) });

/** As they are staged: in two files. */
function sideOf(rows: readonly NamedRow[]): SideRows {
  const half = Math.floor(rows.length / 2);
  const [first, second] = [rows.slice(0, half), rows.slice(half)].map((some) => bytesOf(some));
  if (!first || !second) throw new Error('there are two halves');
  return { bytes: Buffer.concat([first, second]), places: [0, first.length, first.length + second.length] };
}

function bytesOf(rows: readonly NamedRow[]): Buffer {
  const buffers = new RowBuffers(1, 0);
  for (const { reference, row } of rows) buffers.append(reference, `${row}\n`);
  return Buffer.concat(buffers.contents());
}

function matchBytes(lines: readonly StagedLine[], expectations: readonly Expectation[]): ShardResult {
  const matching = rowMatching(rules);
  matching.take({ lines: sideOf(lines.map(lineRow)), own: sideOf(expectations.map(ownRow)) });
  const result = matching.finish();
  if (isTooMany(result)) throw new Error(`${result.unmatched} rows are too many`);
  return result;
}

/** As our orders are numbered: the payment's id and a digit. */
const orderNoOf = (name: string): string => name && channelOrderNoOf(idFrom('pay', name), 1);

const withOwnId = (each: Expectation): Expectation => ({
  ...each,
  channelOrderNo: orderNoOf(each.channelOrderNo),
  paymentId: each.kind === 'payout_return' ? each.paymentId : idFrom('pay', each.channelOrderNo),
});

/** In an order that does not depend on how the rows were gone through. */
const sorted = (result: ShardResult): unknown => {
  const byText = <Part>(parts: readonly Part[]) => {
    const text = (part: Part) => JSON.stringify(part, (_, value) => (typeof value === 'bigint' ? `${value}` : value));
    return parts.toSorted((left, right) => (text(left) < text(right) ? -1 : 1));
  };
  return {
    ...result,
    differences: byText(result.differences),
    completions: byText(result.completions),
    notes: byText(result.notes),
    settlements: byText(result.settlements),
    leftLines: byText(result.leftLines),
    leftExpectations: byText(result.leftExpectations),
  };
};

describe('a staged row', () => {
  test('gives back the line that it was written of', () => {
    fc.assert(
      fc.property(anyLine, (line) => {
        expect(decodeRows(`${encodeLine(line)}\n`, stagedLineSchema)).toEqual([line]);
      }),
    );
  });

  test('gives back the expectation that it was written of', () => {
    fc.assert(
      fc.property(anyExpectation, (each) => {
        expect(decodeRows(`${encodeExpectation(each)}\n`, expectationSchema)).toEqual([each]);
      }),
    );
  });
});

describe('matching rows as they lie', () => {
  test('gives what matching all of them as objects gives, on any day with any mistakes', () => {
    fc.assert(
      fc.property(anyDay, (day) => {
        const lines = linesOf(day.rows.map((row) => ({ ...row, orderNo: orderNoOf(row.orderNo) })));
        const expectations = day.expectations.map(withOwnId);
        expect(sorted(matchBytes(lines, expectations))).toEqual(sorted(matchShard({ lines, expectations, rules })));
      }),
    );
  });

  test('gives the same for rows of any text, currency and amount', () => {
    fc.assert(
      fc.property(
        fc.array(anyLine, { maxLength: 12 }),
        fc.uniqueArray(anyExpectation, {
          maxLength: 12,
          selector: ({ kind, channelOrderNo }) => `${kind}:${channelOrderNo}`,
        }),
        fc.boolean(),
        (lines, expectations, alike) => {
          // each line once more as a payment of ours, so that many agree
          const own = alike
            ? [...expectations, ...lines.filter(isFirst(expectations)).map(asExpectation)]
            : expectations;
          expect(sorted(matchBytes(lines, own))).toEqual(sorted(matchShard({ lines, expectations: own, rules })));
        },
      ),
      { numRuns: 500 },
    );
  });

  test('settles every pair that agrees, without it being decoded', () => {
    const expectations = Array.from({ length: 300 }, (_, order) =>
      withOwnId(expectation({ channelOrderNo: `O${order}` })),
    );
    const lines = linesOf(expectations.map((each) => ({ ...rowOf(each), status: 'succeeded' })));
    const [lineRows, ownRows] = [sideOf(lines.map(lineRow)), sideOf(expectations.map(ownRow).reverse())];
    const agreeing = (currency: Currency): number => {
      const totals = totalsOfAgreeing(currency);
      const settle = agreeingRows(totals);
      const [linesOf, ownOf] = [partsIn(lineRows), partsIn(ownRows)];
      for (let part = 0; part < partsOfShard; part++) settle(linesOf(part), ownOf(part));
      return totals.take().count;
    };
    expect(agreeing('CNY')).toBe(300);
    expect(agreeing('USD')).toBe(0);
  });

  test('adds up what passes the numbers that are exact', () => {
    const amount = 2n ** 53n - 1n;
    const expectations = [1, 2, 3].map((order) =>
      withOwnId(expectation({ channelOrderNo: `O${order}`, amount: order === 1 ? amount : 999_999_999_999_999n })),
    );
    const lines = linesOf(
      expectations.map(({ kind, channelOrderNo, channelTradeNo, fee, amount: each }) => ({
        kind,
        orderNo: channelOrderNo,
        tradeNo: channelTradeNo,
        amount: each,
        fee,
        status: 'succeeded',
      })),
    );
    const { ours, lines: counts } = matchBytes(lines, expectations);
    expect(counts.matched).toBe(3);
    expect(ours.collection).toEqual({ count: 3, amount: amount + 2n * 999_999_999_999_999n, fee: 180n });
  });
});

describe('what is not matched', () => {
  const lines = linesOf(
    Array.from({ length: 40 }, (_, order) => ({
      ...rowOf(expectation({ channelOrderNo: `L${order}` })),
      status: 'succeeded',
    })),
  );
  const expectations = Array.from({ length: 40 }, (_, order) => expectation({ channelOrderNo: `O${order}` }));
  const matched = (most: number) => {
    const matching = rowMatching(rules, most);
    matching.take({ lines: sideOf(lines.map(lineRow)), own: sideOf(expectations.map(ownRow)) });
    return matching.finish();
  };

  test('is kept up to a number, and of a shard that passes it only counted', () => {
    const { leftLines, leftExpectations } = matched(80) as ShardResult;
    expect([leftLines.length, leftExpectations.length]).toEqual([40, 40]);
    expect(matched(79)).toEqual({ unmatched: 80 });
  });

  test('is too much where rows of one reference are more than can be held', () => {
    const matching = rowMatching(rules, 80);
    matching.giveUp();
    expect(matching.finish()).toEqual({ unmatched: 81 });
  });

  test.each([
    ['of one shard', [79], 79],
    ['of several shards', [80, 80, 80], 159],
  ])('turns the file away where there is more: %s', async (_, perShard, most) => {
    const files = memoryFiles();
    const id = idFrom('recon', 'many');
    const run = { reconciliationId: id, plan: { shards: perShard.length } as PlannedRun['plan'] }; // all that is read of it
    for (const [shard, limit] of perShard.entries()) {
      await writeMatched(files, workingKeys(id).matched(shard), matched(limit));
    }
    expect(await readMatched(files, run, most)).toMatchObject({ reason: 'too_many_unmatched' });
  });

  test('of all shards together is what Conclude gets', async () => {
    const files = memoryFiles();
    const id = idFrom('recon', 'few');
    for (const shard of [0, 1]) await writeMatched(files, workingKeys(id).matched(shard), matched(mostUnmatched));
    const run = { reconciliationId: id, plan: { shards: 2 } as PlannedRun['plan'] };
    expect(await readMatched(files, run)).toMatchObject([{ leftLines }, { leftLines }]);
  });
  const { leftLines } = matched(mostUnmatched) as ShardResult;
});

describe('a shard that is matched in passes', () => {
  test('keeps each row in one pass, and rows of one reference in the same', async () => {
    const files = memoryFiles();
    const rows = Array.from({ length: 500 }, (_, index) => ownRow(expectation({ channelOrderNo: `O${index % 200}` })));
    const contents = { one: bytesOf(rows.slice(0, 300)).toString(), two: bytesOf(rows.slice(300)).toString() };
    for (const [key, text] of Object.entries(contents)) await writeText(files, key, text);
    const sized = Object.entries(contents).map(([key, text]) => ({ key, bytes: Buffer.byteLength(text) }));
    expect(passesOf(sized, 20_000)).toBeGreaterThan(1);
    const perPass: string[][] = [];
    for (const pass of [0, 1, 2]) {
      const side = await readRows(files, sized, { passes: 3, pass });
      if (!side) throw new Error('so few rows are held');
      const { bytes, places } = side;
      perPass.push(
        bytes
          .toString('utf8', 0, places.at(-1))
          .split('\n')
          .filter((row) => row !== ''),
      );
    }
    expect(perPass.flat().sort()).toEqual(rows.map(({ row }) => row).sort());
    expect(perPass.reduce((sum, some) => sum + new Set(some).size, 0)).toBe(200);
    expect(Math.min(...perPass.map(({ length }) => length))).toBeGreaterThan(100);
  });

  test('is not matched at all where its rows are not in the order of their parts', () => {
    const orders = Array.from({ length: 50 }, (_, index) => ownRow(expectation({ channelOrderNo: `O${index}` })));
    const bytes = Buffer.from(orders.map(({ row }) => `${row}\n`).join(''));
    const side = { bytes, places: [0, bytes.length] };
    expect(() => rowMatching(rules).take({ lines: { bytes, places: [0, 0] }, own: side })).toThrow('lies behind');
  });
});

const isFirst = (expectations: readonly Expectation[]) => {
  const seen = new Set(expectations.map(({ kind, channelOrderNo }) => `${kind}:${channelOrderNo}`));
  return ({ kind, ourReference, status }: StagedLine): boolean => {
    const key = `${kind}:${ourReference}`;
    if (seen.has(key) || status === 'revoked') return false;
    seen.add(key);
    return true;
  };
};

const asExpectation = ({ kind, ourReference, channelReference, amount, fee, currency, status }: StagedLine) =>
  expectation({
    kind,
    channelOrderNo: ourReference,
    channelTradeNo: channelReference,
    amount,
    fee,
    currency,
    status: status === 'revoked' ? 'failed' : status,
  });
