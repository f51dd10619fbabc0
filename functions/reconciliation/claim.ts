/** Which of an order's lines stand against our side: an expectation is claimed once. */
import type { Expectation } from './expectation.ts';
import type { Order } from './order.ts';
import type { StagedLine } from './shard-rows.ts';

export interface Claim {
  /** what is compared with our side: a line, with the fees on lines of their own; or several lines that are its parts */
  readonly line: StagedLine;
  /** the lines of the file that it is made of, one at least */
  readonly parts: readonly StagedLine[];
  /** lines of the order that did not claim */
  readonly others: readonly StagedLine[];
  /** fees that are not part of it: what is charged for a payment that was not carried out is charged all the same */
  readonly loneFees: readonly StagedLine[];
}

/**
 * A revoked line tells the order's end. Else it is a successful line, the one that agrees best, then the first; where none has
 * our amount and all together have, they are the parts of it.
 *
 * @returns undefined for an order without lines of its own: its fees stand alone
 */
export function claimOf({ lines, fees, expectation }: Order): Claim | undefined {
  const [line, ...others] = ranked(lines, expectation);
  if (!line) return undefined;
  const parts = expectation && partsOf(lines, expectation);
  const claiming = parts ? summed(parts) : line;
  const left = parts ? lines.filter((each) => !parts.includes(each)) : others;
  const belongs = (fee: StagedLine) => claiming.status === 'succeeded' && fee.currency === claiming.currency;
  const charged = fees.filter(belongs);
  return {
    line: withFees(claiming, charged),
    parts: [...(parts ?? [line]), ...charged],
    others: left,
    loneFees: fees.filter((fee) => !belongs(fee)),
  };
}

function ranked(lines: readonly StagedLine[], expectation: Expectation | undefined): readonly StagedLine[] {
  if (lines.length < 2) return lines;
  const rank = (line: StagedLine): number => {
    if (line.status === 'revoked') return 0;
    if (line.status !== 'succeeded') return 10;
    if (!expectation) return 1;
    return 1 + 2 * Number(line.amount !== expectation.amount) + Number(line.fee !== expectation.fee);
  };
  return [...lines].sort((left, right) => rank(left) - rank(right) || left.lineNumber - right.lineNumber);
}

/** The lines that add up to our amount, such as of a split refund; one that the channel lists twice is taken once. */
function partsOf(lines: readonly StagedLine[], { amount }: Expectation): readonly StagedLine[] | undefined {
  if (lines.length < 2 || lines.some(({ status }) => status === 'revoked')) return undefined;
  const inOrder = lines.filter(({ status }) => status === 'succeeded').sort(byLineNumber);
  if (inOrder.some((line) => line.amount === amount)) return undefined;
  const seen = new Set<string>();
  const parts = inOrder.filter(({ channelReference }) => {
    const again = channelReference !== '' && seen.has(channelReference);
    seen.add(channelReference);
    return !again;
  });
  const [first] = parts;
  if (!first || parts.length < 2 || parts.some(({ currency }) => currency !== first.currency)) return undefined;
  return parts.reduce((sum, part) => sum + part.amount, 0n) === amount ? parts : undefined;
}

const byLineNumber = (left: StagedLine, right: StagedLine): number => left.lineNumber - right.lineNumber;

function summed(parts: readonly StagedLine[]): StagedLine {
  const [first, ...others] = parts;
  if (!first) throw new Error('a claim without lines');
  return others.reduce((sum, part) => ({ ...sum, amount: sum.amount + part.amount, fee: sum.fee + part.fee }), first);
}

const withFees = (line: StagedLine, fees: readonly StagedLine[]): StagedLine =>
  fees.length === 0 ? line : { ...line, fee: fees.reduce((sum, { fee }) => sum + fee, line.fee) };
