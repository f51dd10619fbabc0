/** What one order shows: a line, an expectation, or the two against each other. */
import type { Currency } from '../kernel/money.ts';
import { paymentIdOfOrder } from '../payments/index.ts';
import type { Claim } from './claim.ts';
import type { ChannelSide, DifferenceFacts, OwnSide } from './difference.ts';
import { bookedNet, type Expectation } from './expectation.ts';
import { type IgnoredRule, type LineNote, type MatchResult, noLines, noResult } from './match-result.ts';
import type { MatchRules } from './match-rules.ts';
import { keyOfLine, orderKey } from './order.ts';
import type { StagedLine } from './shard-rows.ts';
import { netOf } from './statement-line.ts';
import { noTotals, type SideTotals, totalOf } from './totals.ts';

/** Money that had gone out and is here again. */
export const comesBack = ({ kind }: Pick<StagedLine, 'kind'>): boolean =>
  kind === 'payout_return' || kind === 'refund_return';

/** Lines that nothing of ours stands against. */
export function unexpected(claim: Pick<Claim, 'line' | 'parts'>, currency: Currency): MatchResult {
  const { line } = claim;
  if (line.status !== 'succeeded') return ignored(claim.parts);
  return difference(claim, currency, { type: comesBack(line) ? 'returned' : 'missing_in_books', key: keyOfLine(line) });
}

/** An expectation that no line claimed. Money that never moved is not missing. */
export function unreported(expectation: Expectation): MatchResult {
  if (expectation.status === 'failed') return noResult;
  if (expectation.status === 'processing') return { ...noResult, stillOpen: 1 };
  const missing: DifferenceFacts = {
    type: 'missing_at_channel',
    kind: expectation.kind,
    key: orderKey(expectation.kind, expectation.channelOrderNo),
    paymentId: expectation.paymentId,
    ours: ownSide(expectation),
    adjustment: -bookedNet(expectation),
  };
  return { ...noResult, differences: [missing], ours: totalOf([expectation]) };
}

/** A claim against the expectation that it claims: every difference of the two. */
export function compare(
  { line, parts }: Pick<Claim, 'line' | 'parts'>,
  expectation: Expectation,
  { currency, fees }: MatchRules,
): MatchResult {
  if (line.status !== 'succeeded') return compareUnsuccessful({ line, parts }, expectation);
  const facts = factsOfPair(line, expectation);
  const sameCurrency = line.currency === currency && line.currency === expectation.currency;
  const differences: DifferenceFacts[] = [];
  if (expectation.status === 'failed') {
    differences.push({ ...facts, type: 'status_mismatch', adjustment: bookedNet(expectation) });
  }
  if (!sameCurrency) {
    differences.push({ ...facts, type: 'amount_mismatch', adjustment: -bookedNet(expectation) });
  } else {
    if (line.amount !== expectation.amount) {
      const adjustment = netOf({ ...line, fee: 0n }) - netOf({ ...expectation, fee: 0n });
      differences.push({ ...facts, type: 'amount_mismatch', adjustment });
    }
    if (fees === 'per_line' && line.fee !== expectation.fee) {
      differences.push({ ...facts, type: 'fee_mismatch', adjustment: expectation.fee - line.fee });
    }
  }
  return {
    ...noResult,
    lines: differences.length === 0 ? { ...noLines, matched: parts.length } : { ...noLines, differing: parts.length },
    differences,
    notes: [...(differences.length === 0 ? claimedOtherwise(line, expectation) : []), ...partsOf(parts)],
    completions: expectation.status === 'processing' ? [{ paymentId: expectation.paymentId, line, expectation }] : [],
    theirs: reported(line, currency),
    ours: expectation.status === 'failed' ? noTotals : totalOf([expectation]),
    // what is not on this account was not charged to it either
    feesDue: fees === 'daily_total' && sameCurrency ? expectation.fee - line.fee : 0n,
  };
}

/** Which payment a line matched, where its reference does not say it: it met by the channel's number, or is a return. */
const claimedOtherwise = (
  { lineNumber, ourReference }: StagedLine,
  { paymentId, channelOrderNo }: Expectation,
): readonly LineNote[] =>
  paymentIdOfOrder(ourReference) === paymentId ? [] : [{ lineNumber, became: 'matched', paymentId, channelOrderNo }];

/** All but the first of the lines that stand together. */
export const partsOf = ([first, ...others]: readonly StagedLine[]): readonly LineNote[] =>
  first ? others.map(({ lineNumber }) => ({ lineNumber, became: 'part', of: first.lineNumber })) : [];

/** What every difference of a line and what it claims has in common. */
export const factsOfPair = (line: StagedLine, expectation: Expectation) => ({
  kind: line.kind,
  key: orderKey(expectation.kind, expectation.channelOrderNo),
  paymentId: expectation.paymentId,
  lineNumber: line.lineNumber,
  ours: ownSide(expectation),
  theirs: channelSide(line),
});

/** The channel says that it moved no money. */
function compareUnsuccessful({ line, parts }: Pick<Claim, 'line' | 'parts'>, expectation: Expectation): MatchResult {
  if (expectation.status === 'processing') return { ...ignored(parts), stillOpen: 1 };
  if (expectation.status === 'failed') return ignored(parts);
  const mismatch: DifferenceFacts = {
    type: 'status_mismatch',
    ...factsOfPair(line, expectation),
    adjustment: -bookedNet(expectation),
  };
  return {
    ...noResult,
    lines: { ...noLines, differing: parts.length },
    differences: [mismatch],
    notes: partsOf(parts),
    ours: totalOf([expectation]),
  };
}

/** A difference of lines that stand alone. */
export const difference = (
  { line, parts }: Pick<Claim, 'line' | 'parts'>,
  currency: Currency,
  named: Pick<DifferenceFacts, 'type' | 'key'>,
): MatchResult => ({
  ...noResult,
  lines: { ...noLines, differing: parts.length },
  differences: [standingAlone(line, currency, named)],
  notes: partsOf(parts),
  theirs: reported(line, currency),
});

export const standingAlone = (
  line: StagedLine,
  currency: Currency,
  { type, key }: Pick<DifferenceFacts, 'type' | 'key'>,
): DifferenceFacts => ({
  type,
  kind: line.kind,
  key,
  lineNumber: line.lineNumber,
  theirs: channelSide(line),
  adjustment: line.currency === currency ? netOf(line) : 0n,
});

/** Lines of an order that moved no money. */
export const ignored = (lines: readonly StagedLine[]): MatchResult =>
  ignoredBy(lines[0]?.status === 'processing' ? 'processing_moves_no_money' : 'failed_moves_no_money', lines);

export const ignoredBy = (rule: IgnoredRule, lines: readonly StagedLine[]): MatchResult => ({
  ...noResult,
  lines: lines.length === 0 ? noLines : { ...noLines, ignored: { [rule]: lines.length } },
  notes: lines.map(({ lineNumber }) => ({ lineNumber, became: 'ignored', rule })),
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

export const channelSide = (line: StagedLine): ChannelSide => ({
  ourReference: line.ourReference,
  channelReference: line.channelReference,
  amount: line.amount,
  fee: line.fee,
  currency: line.currency,
  status: line.status,
  ...(line.remittance !== undefined && { remittance: line.remittance }),
});
