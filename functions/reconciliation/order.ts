/**
 * What a reference stands for on both sides: an order is everything of one kind under one reference. A fee on a line of its own
 * belongs to the order that it names.
 */
import type { Expectation } from './expectation.ts';
import { referenceOf, type StagedLine } from './shard-rows.ts';
import type { LineKind } from './statement-line.ts';

export { referenceOf } from './shard-rows.ts';

export interface Order {
  /** names it within its day */
  readonly key: string;
  readonly lines: readonly StagedLine[];
  /** lines of kind `fee` under the same reference */
  readonly fees: readonly StagedLine[];
  readonly expectation: Expectation | undefined;
}

export interface Orders {
  readonly orders: readonly Order[];
  /** fees of no order that is here */
  readonly loneFees: readonly StagedLine[];
  /** what went to our own bank, or came back from it */
  readonly settlements: readonly StagedLine[];
}

/** A refund that names a payment's number is not that payment. */
export const orderKey = (kind: string, reference: string): string => `${kind}:${reference}`;

export const keyOfLine = (line: StagedLine): string => orderKey(line.kind, referenceOf(line));

/** To whom a charge and a fee given back belong, where a reference has orders of several kinds. */
const chargedFirst: readonly LineKind[] = ['collection', 'payout', 'refund', 'refund_return', 'payout_return'];
const givenBackFirst: readonly LineKind[] = ['refund', 'refund_return', 'payout_return', 'payout', 'collection'];

/** Of which kinds an order that a fee was charged for may be, the likelier ones first. */
export const kindsCharged = ({ fee }: Pick<StagedLine, 'fee'>): readonly LineKind[] =>
  fee < 0n ? givenBackFirst : chargedFirst;

interface Draft {
  readonly key: string;
  readonly lines: StagedLine[];
  readonly fees: StagedLine[];
  expectation: Expectation | undefined;
}

export function ordersOf(lines: readonly StagedLine[], expectations: readonly Expectation[]): Orders {
  const drafts = new Map<string, Draft>();
  const draftOf = (key: string): Draft => {
    const known = drafts.get(key);
    if (known) return known;
    const made: Draft = { key, lines: [], fees: [], expectation: undefined };
    drafts.set(key, made);
    return made;
  };
  for (const each of expectations) draftOf(orderKey(each.kind, each.channelOrderNo)).expectation = each;
  const fees: StagedLine[] = [];
  const settlements: StagedLine[] = [];
  for (const line of lines) {
    if (line.kind === 'fee') fees.push(line);
    else if (line.kind === 'settlement' || line.kind === 'settlement_return') settlements.push(line);
    else draftOf(keyOfLine(line)).lines.push(line);
  }
  const loneFees: StagedLine[] = [];
  for (const fee of fees) {
    const kind = kindsCharged(fee).find((each) => drafts.has(orderKey(each, referenceOf(fee))));
    if (kind === undefined) loneFees.push(fee);
    else draftOf(orderKey(kind, referenceOf(fee))).fees.push(fee);
  }
  return { orders: [...drafts.values()], loneFees, settlements };
}
