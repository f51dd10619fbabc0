/**
 * Payouts that we sent as one batch and that the channel carried out as one: many of ours stand against one line, or against the
 * few lines that its parts were sent in.
 */
import { batchReferenceIn } from '../payments/index.ts';
import { channelSide, partsOf } from './compare.ts';
import type { DifferenceFacts } from './difference.ts';
import type { Expectation } from './expectation.ts';
import {
  type Completion,
  type MatchResult,
  mergeResults,
  noLines,
  noResult,
  type ShardResult,
} from './match-result.ts';
import type { MatchRules, ShardSides } from './match-rules.ts';
import { orderKey } from './order.ts';
import type { StagedLine } from './shard-rows.ts';
import { totalOf } from './totals.ts';

interface Batch {
  readonly reference: string;
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
}

/** Takes out what belongs to batches that both sides know; the rest is left over as it was. */
export function matchBatches({ lines, expectations, rules }: ShardSides): ShardResult {
  const ours = grouped(expectations, ({ batchReference, currency }) =>
    currency === rules.currency ? batchReference : undefined,
  );
  const theirs = grouped(lines, (line) => {
    if (line.kind !== 'payout' || line.status !== 'succeeded' || line.currency !== rules.currency) return undefined;
    return [line.ourReference, batchReferenceIn(line.ourReference)].find(
      (each) => each !== undefined && ours.has(each),
    );
  });
  const matched = new Set<StagedLine | Expectation>();
  const results: MatchResult[] = [];
  for (const [reference, some] of theirs) {
    const batch = { reference, lines: some, expectations: ours.get(reference) ?? [] };
    results.push(compareBatch(batch, rules));
    for (const each of [...batch.lines, ...batch.expectations]) matched.add(each);
  }
  return {
    ...mergeResults(results),
    leftLines: lines.filter((each) => !matched.has(each)),
    leftExpectations: expectations.filter((each) => !matched.has(each)),
  };
}

function grouped<Row>(rows: readonly Row[], keyOf: (row: Row) => string | undefined): Map<string, Row[]> {
  const groups = new Map<string, Row[]>();
  for (const row of rows) {
    const key = keyOf(row);
    if (key === undefined) continue;
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  return groups;
}

const sumOf = (rows: readonly { readonly amount: bigint }[]): bigint =>
  rows.reduce((sum, { amount }) => sum + amount, 0n);
const feeOf = (rows: readonly { readonly fee: bigint }[]): bigint => rows.reduce((sum, { fee }) => sum + fee, 0n);

/** Payouts that are still open are done where the channel's sum has them in it; those that failed were not carried out. */
function compareBatch({ reference, lines, expectations }: Batch, { fees }: MatchRules): MatchResult {
  const succeeded = expectations.filter(({ status }) => status === 'succeeded');
  const open = expectations.filter(({ status }) => status === 'processing');
  const reported = sumOf(lines);
  const done = open.length > 0 && reported === sumOf(succeeded) + sumOf(open);
  const booked = done ? [...succeeded, ...open] : succeeded;
  const [line] = lines;
  if (!line) throw new Error(`the batch ${reference} has no line`);
  const together = { ...line, amount: reported, fee: feeOf(lines) };
  const differences = differencesOf(together, { reference, booked, fees });
  const completions: Completion[] = done
    ? open.map((expectation) => ({ paymentId: expectation.paymentId, line, expectation }))
    : [];
  const counted = lines.length;
  return {
    ...noResult,
    lines: differences.length === 0 ? { ...noLines, matched: counted } : { ...noLines, differing: counted },
    differences,
    notes: partsOf(lines),
    completions,
    stillOpen: done ? 0 : open.length,
    theirs: totalOf(lines),
    ours: totalOf(booked),
    feesDue: fees === 'daily_total' ? feeOf(booked) - feeOf(lines) : 0n,
  };
}

interface Booked extends Pick<Batch, 'reference'>, Pick<MatchRules, 'fees'> {
  readonly booked: readonly Expectation[];
}

function differencesOf(line: StagedLine, { reference, booked, fees }: Booked): DifferenceFacts[] {
  const { currency } = line;
  const ours = { amount: sumOf(booked), fee: feeOf(booked) };
  const facts = {
    kind: line.kind,
    key: orderKey(line.kind, reference),
    lineNumber: line.lineNumber,
    ours: { ...ours, channelOrderNo: reference, currency, status: 'succeeded' },
    theirs: channelSide(line),
  } as const;
  const differences: DifferenceFacts[] = [];
  if (line.amount !== ours.amount) {
    differences.push({ ...facts, type: 'amount_mismatch', adjustment: ours.amount - line.amount });
  }
  if (fees === 'per_line' && line.fee !== ours.fee) {
    differences.push({ ...facts, type: 'fee_mismatch', adjustment: ours.fee - line.fee });
  }
  return differences;
}
