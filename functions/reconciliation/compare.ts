/** What one order shows: a line, an expectation, or the two against each other. */
import type { Currency } from '../kernel/money.ts';
import { paymentIdOfOrder } from '../payments/index.ts';
import type { ChannelSide, DifferenceFacts, OwnSide } from './difference.ts';
import { bookedNet, type Expectation } from './expectation.ts';
import { type IgnoredRule, type LineNote, type MatchResult, noLines, noResult } from './match-result.ts';
import type { StagedLine } from './shard-rows.ts';
import { netOf } from './statement-line.ts';
import { noTotals, type SideTotals, totalOf } from './totals.ts';

/** A refund that names a payment's number is not that payment. */
export const orderKey = (kind: string, reference: string): string => `${kind}:${reference}`;

export const keyOfLine = ({ kind, ourReference, channelReference }: StagedLine): string =>
  ourReference ? orderKey(kind, ourReference) : orderKey(kind, `channel:${channelReference}`);

/** A line that nothing of ours stands against. */
export function unexpected(line: StagedLine, currency: Currency): MatchResult {
  if (line.status !== 'succeeded') return ignored(line);
  const type = line.kind === 'payout_return' ? 'returned' : 'missing_in_books';
  return difference(line, currency, { type, key: keyOfLine(line) });
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

/** One line against the expectation that it claims: every difference of the two. */
export function compare(line: StagedLine, expectation: Expectation, currency: Currency): MatchResult {
  if (line.status !== 'succeeded') return compareUnsuccessful(line, expectation);
  const facts = factsOfPair(line, expectation);
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
    ...noResult,
    lines: differences.length === 0 ? { ...noLines, matched: 1 } : { ...noLines, differing: 1 },
    differences,
    notes: differences.length === 0 ? claimedOtherwise(line, expectation) : [],
    completions: expectation.status === 'processing' ? [{ paymentId: expectation.paymentId, line, expectation }] : [],
    theirs: reported(line, currency),
    ours: expectation.status === 'failed' ? noTotals : totalOf([expectation]),
  };
}

/** Which payment a line matched, where its reference does not say it: it met by the channel's number, or is a return. */
const claimedOtherwise = ({ lineNumber, ourReference }: StagedLine, { paymentId }: Expectation): readonly LineNote[] =>
  paymentIdOfOrder(ourReference) === paymentId ? [] : [{ lineNumber, became: 'matched', paymentId }];

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
function compareUnsuccessful(line: StagedLine, expectation: Expectation): MatchResult {
  if (expectation.status === 'processing') return { ...ignored(line), stillOpen: 1 };
  if (expectation.status === 'failed') return ignored(line);
  const mismatch: DifferenceFacts = {
    type: 'status_mismatch',
    ...factsOfPair(line, expectation),
    adjustment: -bookedNet(expectation),
  };
  return {
    ...noResult,
    lines: { ...noLines, differing: 1 },
    differences: [mismatch],
    ours: totalOf([expectation]),
  };
}

/** A difference of a line that stands alone. */
export const difference = (
  line: StagedLine,
  currency: Currency,
  named: Pick<DifferenceFacts, 'type' | 'key'>,
): MatchResult => ({
  ...noResult,
  lines: { ...noLines, differing: 1 },
  differences: [standingAlone(line, currency, named)],
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

export const ignored = (line: StagedLine): MatchResult =>
  ignoredBy(line.status === 'processing' ? 'processing_moves_no_money' : 'failed_moves_no_money', line);

export const ignoredBy = (rule: IgnoredRule, { lineNumber }: StagedLine): MatchResult => ({
  ...noResult,
  lines: { ...noLines, ignored: { [rule]: 1 } },
  notes: [{ lineNumber, became: 'ignored', rule }],
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
