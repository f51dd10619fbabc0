/**
 * 资金明细: one row for each line of a statement, and one for each fact of its day that stands in no line of it. Pure.
 *
 * | result | |
 * | --- | --- |
 * | `matched` | both sides agree |
 * | `differing` | with the types of its differences |
 * | `ignored` | moved no money, by the rule in `note` |
 * | `line_error` | can't be read, for the reason in `note` |
 * | `carried` | waits for another day's statement |
 * | `unreported` | no line at all: what we expected and the channel does not show |
 *
 * What a row counts for in either side's totals is said apart ({@link countedOf}), so that the rows add up to the batch's totals.
 */
import { idSchema, type PaymentId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { paymentIdOfOrder } from '../../payments/index.ts';
import type { DifferenceFacts, OwnSide } from '../difference.ts';
import type { DifferenceType } from '../difference-types.ts';
import type { Expectation } from '../expectation.ts';
import type { MatchRules } from '../match-rules.ts';
import type { StagedLine } from '../shard-rows.ts';
import { type LineError, type LineKind, type LineStatus, netOf } from '../statement-line.ts';
import type { DifferingLine, EndOutcome, LineOutcome } from './line-outcomes.ts';

export const rowResults = ['matched', 'differing', 'ignored', 'line_error', 'carried', 'unreported'] as const;

export type RowResult = (typeof rowResults)[number];

export interface DetailRow {
  readonly result: RowResult;
  /** absent where there is no line */
  readonly lineNumber?: number | undefined;
  /** what the line says; absent where there is none, or none that can be read */
  readonly line?: LineFacts | undefined;
  /** our side; absent where we have none, or where it is told at another line */
  readonly ours?: OwnFacts | undefined;
  readonly differences: readonly DifferenceType[];
  /** the rule that ignored the line, why it can't be read, or from where it comes */
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

export interface OwnFacts extends Omit<OwnSide, 'status'> {
  readonly status: Expectation['status'];
  readonly kind: LineKind;
}

export function rowOfLine(line: StagedLine, outcome: LineOutcome | undefined, rules: MatchRules): DetailRow {
  const row = { lineNumber: line.lineNumber, line, differences: [], isReported: false } as const;
  switch (outcome?.became) {
    case 'differing':
      return { ...differing(line, outcome, rules), lineNumber: line.lineNumber };
    case 'ignored':
      return { ...row, result: 'ignored', note: outcome.rule };
    case 'carried':
      return { ...row, result: 'carried', note: 'waits for another day' };
    case 'part': {
      const { types, of, isBooked } = outcome;
      return {
        ...row,
        result: types.length === 0 ? 'matched' : 'differing',
        differences: types,
        note: of === 0 ? 'part of a line of another day' : `part of line ${of}`,
        isReported: isReported(line, rules),
        ...(isBooked && { ours: sameAs(line), booked: line }),
      };
    }
    case 'matched':
    case undefined:
      return { ...row, ...matched(line, outcome) };
  }
}

const isReported = ({ status, currency }: StagedLine, rules: MatchRules): boolean =>
  status === 'succeeded' && currency === rules.currency;

/** @param claimed the payment, where the line's reference does not name it */
const matched = (line: StagedLine, claimed?: Pick<OwnFacts, 'channelOrderNo'> & { readonly paymentId: PaymentId }) =>
  ({
    result: 'matched',
    paymentId: claimed?.paymentId ?? namedPayment(line),
    isReported: true,
    booked: line,
    ours: sameAs(line, claimed?.channelOrderNo),
  }) as const;

/** What agrees moved money on both sides. A fee that is charged for the whole day counts as the line has it. */
const sameAs = (
  { kind, amount, fee, currency, ourReference }: StagedLine,
  channelOrderNo: string = ourReference,
): OwnFacts => ({ kind, amount, fee, currency, channelOrderNo, status: 'succeeded' });

/** Other references, such as those of payout batches, name no payment. */
const namedPayment = ({ ourReference }: StagedLine): PaymentId | undefined =>
  paymentIdSchema.safeParse(paymentIdOfOrder(ourReference)).data;

/** Made once: a schema takes longer to make than a row. */
const paymentIdSchema = idSchema('pay');

const differing = (
  line: StagedLine,
  { types, facts }: Pick<DifferingLine, 'types' | 'facts'>,
  rules: MatchRules,
): DetailRow => ({
  result: 'differing',
  line,
  ...(facts.ours && { ours: { ...facts.ours, kind: facts.kind } }),
  differences: types,
  paymentId: facts.paymentId,
  isReported: isReported(line, rules),
  booked: bookedBeside(line, facts, rules),
});

function bookedBeside(line: StagedLine, facts: DifferenceFacts, rules: MatchRules): Booked | undefined {
  const booked = bookedOf(facts, line);
  // where a day's fees are charged in one sum, they are counted against that sum
  const isChargedApart = rules.fees === 'daily_total' && facts.ours && isReported(line, rules);
  return booked && isChargedApart ? { ...booked, fee: line.fee } : booked;
}

/** What failed was not booked. A day's fees without sides are what was due. */
function bookedOf({ ours, theirs, kind, adjustment }: DifferenceFacts, line?: StagedLine): Booked | undefined {
  if (!ours && !theirs) return { kind, amount: 0n, fee: (line?.fee ?? 0n) + adjustment };
  return ours?.status === 'succeeded' ? { ...ours, kind } : undefined;
}

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

/** What stands in no line of the file. */
export function rowOfEnd(outcome: EndOutcome, rules: MatchRules): DetailRow {
  switch (outcome.became) {
    case 'unreported': {
      const { facts } = outcome;
      return {
        result: 'unreported',
        ...(facts.ours && { ours: { ...facts.ours, kind: facts.kind } }),
        differences: [facts.type],
        note: facts.carriedFrom && `expected since ${facts.carriedFrom}`,
        paymentId: facts.paymentId,
        isReported: false,
        booked: bookedOf(facts),
      };
    }
    case 'carried_in': {
      const { line, difference, origin } = outcome;
      const row = difference ? differing(line, difference, rules) : { line, differences: [], ...matched(line) };
      return { ...row, note: `line of ${origin}` };
    }
    case 'waiting': {
      const { expectation } = outcome;
      const note = 'waits for another day';
      return {
        result: 'carried',
        ours: expectation,
        differences: [],
        note,
        paymentId: expectation.paymentId,
        isReported: false,
      };
    }
  }
}

/** What a row adds to the totals of either side, in minor units. */
export const countedOf = ({ line, isReported: counts, booked }: DetailRow) => ({
  net: line && counts ? netOf(line) : 0n,
  ourNet: booked ? netOf(booked) : 0n,
  fee: line && counts ? line.fee : 0n,
  ourFee: booked?.fee ?? 0n,
});

/** Whether the row belongs to the fee detail: either side names a fee for money that moved. */
export const bearsFee = ({ result, line, ours, booked }: DetailRow): boolean =>
  result !== 'ignored' && [line?.fee, ours?.fee, booked?.fee].some((fee) => fee !== undefined && fee !== 0n);
