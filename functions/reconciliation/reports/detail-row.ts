/**
 * 资金明细: one row for each line of a statement, and one for each expectation of ours that no line told of. Pure.
 *
 * What a row says of a line:
 *
 * | result | |
 * | --- | --- |
 * | `matched` | both sides agree |
 * | `differing` | with the types of its differences |
 * | `ignored` | moved no money, by the rule in `note` |
 * | `line_error` | can't be read, for the reason in `note` |
 * | `carried` | waits for the next day's statement |
 * | `unreported` | no line at all: what we expected and the channel does not show |
 *
 * What a row counts for in either side's totals is said apart ({@link countedOf}), so that the rows add up to the batch's totals.
 */
import type { PaymentId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { paymentIdOfOrder } from '../../payments/index.ts';
import type { DifferenceFacts, OwnSide } from '../difference.ts';
import type { DifferenceType } from '../difference-types.ts';
import type { StagedLine } from '../shard-rows.ts';
import { type LineError, type LineKind, type LineStatus, netOf } from '../statement-line.ts';
import type { LineOutcome, Unreported } from './line-outcomes.ts';

export const rowResults = ['matched', 'differing', 'ignored', 'line_error', 'carried', 'unreported'] as const;

export type RowResult = (typeof rowResults)[number];

export interface DetailRow {
  readonly result: RowResult;
  /** absent where there is no line */
  readonly lineNumber?: number | undefined;
  /** what the line says; absent where there is none, or none that can be read */
  readonly line?: LineFacts | undefined;
  /** our side, where it is something else than the line says */
  readonly ours?: OwnFacts | undefined;
  readonly differences: readonly DifferenceType[];
  /** the rule that ignored the line, or why it can't be read */
  readonly note?: string | undefined;
  readonly paymentId?: PaymentId | undefined;
  /** whether the line counts in the channel's totals, and what counts in ours: minor units of the settlement account's currency */
  readonly isReported: boolean;
  readonly booked?: Booked | undefined;
}

type Booked = Pick<LineFacts, 'kind' | 'amount' | 'fee'>;

export interface LineFacts {
  readonly at: Date;
  readonly kind: LineKind;
  readonly ourReference: string;
  readonly channelReference: string;
  readonly amount: bigint;
  readonly fee: bigint;
  readonly currency: Currency;
  readonly status: LineStatus;
}

export interface OwnFacts extends OwnSide {
  readonly kind: LineKind;
}

/** @param currency of the settlement account */
export function rowOfLine(line: StagedLine, outcome: LineOutcome | undefined, currency: Currency): DetailRow {
  const row = { lineNumber: line.lineNumber, line, differences: [], isReported: false } as const;
  switch (outcome?.became) {
    case 'differing':
      return differing(line, outcome, currency);
    case 'ignored':
      return { ...row, result: 'ignored', note: outcome.rule };
    case 'carried':
      return { ...row, result: 'carried' };
    case 'matched':
    case undefined: {
      const paymentId = outcome?.paymentId ?? paymentIdOfOrder(line.ourReference);
      return { ...row, result: 'matched', paymentId, isReported: true, booked: line };
    }
  }
}

function differing(
  line: StagedLine,
  { types, facts }: Extract<LineOutcome, { became: 'differing' }>,
  currency: Currency,
): DetailRow {
  return {
    result: 'differing',
    lineNumber: line.lineNumber,
    line,
    ...(facts.ours && differsFrom(line, facts.ours) && { ours: { ...facts.ours, kind: facts.kind } }),
    differences: types,
    paymentId: facts.paymentId,
    isReported: line.status === 'succeeded' && line.currency === currency,
    booked: bookedOf(facts),
  };
}

const differsFrom = (line: StagedLine, ours: OwnSide): boolean =>
  ours.amount !== line.amount ||
  ours.fee !== line.fee ||
  ours.currency !== line.currency ||
  ours.status !== line.status;

/** What failed was not booked. */
const bookedOf = ({ ours, kind }: DifferenceFacts): Booked | undefined =>
  ours?.status === 'succeeded' ? { ...ours, kind } : undefined;

export const rowOfError = ({ lineNumber, reason }: LineError): DetailRow => ({
  result: 'line_error',
  lineNumber,
  differences: [],
  note: reason,
  isReported: false,
});

/** A line that its format knows to move no money. */
export const rowOfIgnored = (lineNumber: number, rule: string): DetailRow => ({
  result: 'ignored',
  lineNumber,
  differences: [],
  note: rule,
  isReported: false,
});

export const rowOfUnreported = ({ facts }: Unreported): DetailRow => ({
  result: 'unreported',
  ...(facts.ours && { ours: { ...facts.ours, kind: facts.kind } }),
  differences: [facts.type],
  paymentId: facts.paymentId,
  isReported: false,
  booked: bookedOf(facts),
});

/** What a row adds to the totals of either side, in minor units. */
export const countedOf = ({ line, isReported, booked }: DetailRow) => ({
  net: line && isReported ? netOf(line) : 0n,
  ourNet: booked ? netOf(booked) : 0n,
  fee: line && isReported ? line.fee : 0n,
  ourFee: booked?.fee ?? 0n,
});

/** Whether the row belongs to the fee detail: either side names a fee for money that moved. */
export const bearsFee = ({ result, line, ours, booked }: DetailRow): boolean =>
  result !== 'ignored' && [line?.fee, ours?.fee, booked?.fee].some((fee) => fee !== undefined && fee !== 0n);
