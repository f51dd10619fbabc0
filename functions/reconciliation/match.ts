/**
 * Matches one shard's two sides: a pure function, so that shards are independent and a repeat gives the same.
 *
 * Lines and expectations meet by our reference; what is left over meets by the channel's own number, over all shards
 * ({@link matchLeftovers}). Amount, fee, currency and status are compared, not matched on, and a line shows every
 * difference that it has. One expectation is claimed by one line.
 */
import type { PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import type { ChannelSide, DifferenceFacts, OwnSide } from './difference.ts';
import { bookedNet, type Expectation } from './expectation.ts';
import type { StagedLine } from './shard-rows.ts';
import { netOf } from './statement-line.ts';
import { addTotals, noTotals, type SideTotals, totalOf } from './totals.ts';

/** Why a line needs no counterpart. */
export const ignoredRules = [
  /** a refund or payment that is still under way moved no money */
  'processing_moves_no_money',
  /** so did one that failed or was revoked, and we did not book it either */
  'failed_moves_no_money',
  /** the successful line of an order that another line shows as revoked: the revoked one is compared */
  'revoked_by_other_line',
] as const;

export type IgnoredRule = (typeof ignoredRules)[number];

/** A payment of ours that is still open and that the channel shows as done: it is completed, with the line's facts. */
export interface Completion {
  readonly paymentId: PaymentId;
  readonly line: StagedLine;
  readonly expectation: Expectation;
}

export interface MatchResult {
  /** what became of the lines; together they are all lines but those left over */
  readonly lines: LineCounts;
  readonly differences: readonly DifferenceFacts[];
  readonly completions: readonly Completion[];
  /** payments that are open on both sides: no difference, but not done either */
  readonly stillOpen: number;
  /** what the channel says that it moved */
  readonly theirs: SideTotals;
  /** what we booked, completions included */
  readonly ours: SideTotals;
}

export interface LineCounts {
  readonly matched: number;
  readonly differing: number;
  readonly ignored: Readonly<Record<IgnoredRule, number>>;
}

export interface ShardResult extends MatchResult {
  readonly leftLines: readonly StagedLine[];
  readonly leftExpectations: readonly Expectation[];
}

export interface ShardSides {
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
  /** of the settlement account */
  readonly currency: Currency;
}

export const noLines: LineCounts = {
  matched: 0,
  differing: 0,
  ignored: { processing_moves_no_money: 0, failed_moves_no_money: 0, revoked_by_other_line: 0 },
};

const nothing: MatchResult = {
  lines: noLines,
  differences: [],
  completions: [],
  stillOpen: 0,
  theirs: noTotals,
  ours: noTotals,
};

export function matchShard({ lines, expectations, currency }: ShardSides): ShardResult {
  const expected = new Map(expectations.map((each) => [orderKey(each.kind, each.channelOrderNo), each]));
  const orders = groupByOrder(lines);
  const results: MatchResult[] = [];
  const leftLines: StagedLine[] = [];
  for (const [key, group] of orders) {
    const expectation = expected.get(key);
    expected.delete(key);
    const claim = claimOf(group, expectation);
    results.push(furtherLines(key, claim, currency));
    if (expectation) results.push(compare(claim.line, expectation, currency));
    else if (claim.line.status === 'succeeded' && claim.line.kind !== 'payout_return') leftLines.push(claim.line);
    else results.push(unexpected(claim.line, currency));
  }
  return { ...mergeResults(results), leftLines, leftExpectations: [...expected.values()] };
}

/**
 * Matches what no shard could: lines and expectations that name different orders of ours, or none, but the same order
 * of the channel. Whoever is left over then is missing on the other side.
 */
export function matchLeftovers({ lines, expectations, currency }: ShardSides): MatchResult {
  const byTrade = new Map<string, Expectation>();
  for (const each of expectations) {
    if (each.channelTradeNo) byTrade.set(orderKey(each.kind, each.channelTradeNo), each);
  }
  const results: MatchResult[] = [];
  const claimed = new Set<PaymentId>();
  for (const line of [...lines].sort((left, right) => left.lineNumber - right.lineNumber)) {
    const expectation = line.channelReference && byTrade.get(orderKey(line.kind, line.channelReference));
    if (!expectation) {
      results.push(unexpected(line, currency));
    } else if (claimed.has(expectation.paymentId)) {
      results.push(difference(line, currency, { type: 'duplicate', key: keyOfLine(line) }));
    } else {
      claimed.add(expectation.paymentId);
      results.push(compare(line, expectation, currency));
    }
  }
  for (const each of expectations) if (!claimed.has(each.paymentId)) results.push(unreported(each));
  return mergeResults(results);
}

export function mergeResults(results: readonly MatchResult[]): MatchResult {
  const differences: DifferenceFacts[] = [];
  const completions: Completion[] = [];
  let merged = nothing;
  for (const result of results) {
    for (const each of result.differences) differences.push(each);
    for (const each of result.completions) completions.push(each);
    merged = {
      ...merged,
      lines: addLineCounts(merged.lines, result.lines),
      stillOpen: merged.stillOpen + result.stillOpen,
      theirs: result.theirs === noTotals ? merged.theirs : addTotals(merged.theirs, result.theirs),
      ours: result.ours === noTotals ? merged.ours : addTotals(merged.ours, result.ours),
    };
  }
  return { ...merged, differences, completions };
}

const addLineCounts = (left: LineCounts, right: LineCounts): LineCounts => ({
  matched: left.matched + right.matched,
  differing: left.differing + right.differing,
  ignored:
    right.ignored === noLines.ignored
      ? left.ignored
      : {
          processing_moves_no_money: left.ignored.processing_moves_no_money + right.ignored.processing_moves_no_money,
          failed_moves_no_money: left.ignored.failed_moves_no_money + right.ignored.failed_moves_no_money,
          revoked_by_other_line: left.ignored.revoked_by_other_line + right.ignored.revoked_by_other_line,
        },
});

/** A refund that names a payment's number is not that payment. */
const orderKey = (kind: string, reference: string): string => `${kind}:${reference}`;

const keyOfLine = ({ kind, ourReference, channelReference }: StagedLine): string =>
  ourReference ? orderKey(kind, ourReference) : orderKey(kind, `channel:${channelReference}`);

function groupByOrder(lines: readonly StagedLine[]): Map<string, StagedLine[]> {
  const orders = new Map<string, StagedLine[]>();
  for (const line of lines) {
    const key = keyOfLine(line);
    const group = orders.get(key);
    if (group) group.push(line);
    else orders.set(key, [line]);
  }
  return orders;
}

interface Claim {
  /** the line that is compared with our side */
  readonly line: StagedLine;
  readonly others: readonly StagedLine[];
}

/** A revoked line tells the order's end. Else it is a successful line, the one that agrees best, then the first. */
function claimOf(group: readonly StagedLine[], expectation: Expectation | undefined): Claim {
  const rank = (line: StagedLine): number => {
    if (line.status === 'revoked') return 0;
    if (line.status !== 'succeeded') return 10;
    if (!expectation) return 1;
    return 1 + Number(line.amount !== expectation.amount) + Number(line.fee !== expectation.fee);
  };
  const ordered = [...group].sort((left, right) => rank(left) - rank(right) || left.lineNumber - right.lineNumber);
  const [line, ...others] = ordered;
  if (!line) throw new Error('an order without lines');
  return { line, others };
}

/** What becomes of the lines that did not claim: a second success is a duplicate. */
function furtherLines(key: string, { line: claiming, others }: Claim, currency: Currency): MatchResult {
  let duplicates = 0;
  return mergeResults(
    others.map((line) => {
      if (line.status !== 'succeeded') return ignored(line);
      if (claiming.status === 'revoked') return ignoredBy('revoked_by_other_line');
      // a second return of one payout is a return again: each is money that came back
      duplicates += 1;
      const type = line.kind === 'payout_return' ? 'returned' : 'duplicate';
      return difference(line, currency, { type, key: `${key}#${duplicates + 1}` });
    }),
  );
}

/** A line that nothing of ours stands against. */
function unexpected(line: StagedLine, currency: Currency): MatchResult {
  if (line.status !== 'succeeded') return ignored(line);
  const type = line.kind === 'payout_return' ? 'returned' : 'missing_in_books';
  return difference(line, currency, { type, key: keyOfLine(line) });
}

/** An expectation that no line claimed. Money that never moved is not missing. */
function unreported(expectation: Expectation): MatchResult {
  if (expectation.status === 'failed') return nothing;
  if (expectation.status === 'processing') return { ...nothing, stillOpen: 1 };
  const missing: DifferenceFacts = {
    type: 'missing_at_channel',
    kind: expectation.kind,
    key: orderKey(expectation.kind, expectation.channelOrderNo),
    paymentId: expectation.paymentId,
    ours: ownSide(expectation),
    adjustment: -bookedNet(expectation),
  };
  return { ...nothing, differences: [missing], ours: totalOf([expectation]) };
}

/** One line against the expectation that it claims: every difference of the two. */
function compare(line: StagedLine, expectation: Expectation, currency: Currency): MatchResult {
  if (line.status !== 'succeeded') return compareUnsuccessful(line, expectation);
  const facts = {
    kind: line.kind,
    key: orderKey(expectation.kind, expectation.channelOrderNo),
    paymentId: expectation.paymentId,
    lineNumber: line.lineNumber,
    ours: ownSide(expectation),
    theirs: channelSide(line),
  };
  const differences: DifferenceFacts[] = [];
  if (expectation.status === 'failed') {
    differences.push({ ...facts, type: 'status_mismatch', adjustment: bookedNet(expectation) });
  }
  if (line.currency !== currency || line.currency !== expectation.currency) {
    differences.push({ ...facts, type: 'amount_mismatch', adjustment: -bookedNet(expectation) });
  } else {
    if (line.amount !== expectation.amount) {
      const adjustment = netOf({ ...line, fee: 0n }) - netOf({ ...expectation, fee: 0n });
      differences.push({ ...facts, type: 'amount_mismatch', adjustment });
    }
    if (line.fee !== expectation.fee) {
      differences.push({ ...facts, type: 'fee_mismatch', adjustment: expectation.fee - line.fee });
    }
  }
  return {
    ...nothing,
    lines: differences.length === 0 ? { ...noLines, matched: 1 } : { ...noLines, differing: 1 },
    differences,
    completions: expectation.status === 'processing' ? [{ paymentId: expectation.paymentId, line, expectation }] : [],
    theirs: reported(line, currency),
    ours: expectation.status === 'failed' ? noTotals : totalOf([expectation]),
  };
}

/** The channel says that it moved no money. */
function compareUnsuccessful(line: StagedLine, expectation: Expectation): MatchResult {
  if (expectation.status === 'processing') return { ...ignored(line), stillOpen: 1 };
  if (expectation.status === 'failed') return ignored(line);
  const mismatch: DifferenceFacts = {
    type: 'status_mismatch',
    kind: line.kind,
    key: orderKey(expectation.kind, expectation.channelOrderNo),
    paymentId: expectation.paymentId,
    lineNumber: line.lineNumber,
    ours: ownSide(expectation),
    theirs: channelSide(line),
    adjustment: -bookedNet(expectation),
  };
  return {
    ...nothing,
    lines: { ...noLines, differing: 1 },
    differences: [mismatch],
    ours: totalOf([expectation]),
  };
}

/** A difference of a line that stands alone. */
function difference(
  line: StagedLine,
  currency: Currency,
  { type, key }: Pick<DifferenceFacts, 'type' | 'key'>,
): MatchResult {
  const facts: DifferenceFacts = {
    type,
    kind: line.kind,
    key,
    lineNumber: line.lineNumber,
    theirs: channelSide(line),
    adjustment: line.currency === currency ? netOf(line) : 0n,
  };
  return {
    ...nothing,
    lines: { ...noLines, differing: 1 },
    differences: [facts],
    theirs: reported(line, currency),
  };
}

const ignored = (line: StagedLine): MatchResult =>
  ignoredBy(line.status === 'processing' ? 'processing_moves_no_money' : 'failed_moves_no_money');

const ignoredBy = (rule: IgnoredRule): MatchResult => ({
  ...nothing,
  lines: { ...noLines, ignored: { ...noLines.ignored, [rule]: 1 } },
});

/** Money in another currency is not on this settlement account. */
const reported = (line: StagedLine, currency: Currency): SideTotals =>
  line.currency === currency ? totalOf([line]) : noTotals;

/** An open payment is shown as the success that it becomes, so that its difference reads the same in a later version. */
const ownSide = ({ channelOrderNo, amount, fee, currency, status }: Expectation): OwnSide => ({
  channelOrderNo,
  amount,
  fee,
  currency,
  status: status === 'failed' ? 'failed' : 'succeeded',
});

const channelSide = (line: StagedLine): ChannelSide => ({
  ourReference: line.ourReference,
  channelReference: line.channelReference,
  amount: line.amount,
  fee: line.fee,
  currency: line.currency,
  status: line.status,
});
