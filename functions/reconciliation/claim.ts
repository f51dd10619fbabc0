/** Which of an order's lines stand against our side: an expectation is claimed once. */
import { chargedLines, type ShownTogether } from './charged-lines.ts';
import type { Expectation } from './expectation.ts';
import type { Order } from './order.ts';
import type { StagedLine } from './shard-rows.ts';

/** What is compared with our side: a line, with the fees on lines of their own; or several lines that are its parts. */
export interface Claim extends ShownTogether {
  /** lines of the order that did not claim, each with its own fees */
  readonly others: readonly ShownTogether[];
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
  const { lines: shown, loneFees } = chargedLines(lines, fees, expectation);
  const [claiming, ...others] = ranked(shown, expectation);
  if (!claiming) return undefined;
  const parts = expectation && partsOf(shown, expectation);
  if (!parts) return { ...claiming, others, loneFees };
  return { ...summed(parts), others: shown.filter((each) => !parts.includes(each)), loneFees };
}

function ranked(shown: readonly ShownTogether[], expectation: Expectation | undefined): readonly ShownTogether[] {
  if (shown.length < 2) return shown;
  const rank = ({ line }: ShownTogether): number => {
    if (line.status === 'revoked') return 0;
    if (line.status !== 'succeeded') return 10;
    if (!expectation) return 1;
    return 1 + 2 * Number(line.amount !== expectation.amount) + Number(line.fee !== expectation.fee);
  };
  return [...shown].sort((left, right) => rank(left) - rank(right) || left.line.lineNumber - right.line.lineNumber);
}

/**
 * The lines that add up to our amount, such as of a split refund; one that the channel lists twice is taken once.
 *
 * @param shown in the order of the file
 */
function partsOf(shown: readonly ShownTogether[], { amount }: Expectation): readonly ShownTogether[] | undefined {
  if (shown.length < 2 || shown.some(({ line }) => line.status === 'revoked')) return undefined;
  const inOrder = shown.filter(({ line }) => line.status === 'succeeded');
  if (inOrder.some(({ line }) => line.amount === amount)) return undefined;
  const seen = new Set<string>();
  const parts = inOrder.filter(({ line: { channelReference } }) => {
    const again = channelReference !== '' && seen.has(channelReference);
    seen.add(channelReference);
    return !again;
  });
  const [first] = parts;
  if (!first || parts.length < 2 || parts.some(({ line }) => line.currency !== first.line.currency)) return undefined;
  return parts.reduce((sum, { line }) => sum + line.amount, 0n) === amount ? parts : undefined;
}

function summed(all: readonly ShownTogether[]): ShownTogether {
  const [first] = all;
  if (!first) throw new Error('a claim without lines');
  const sum = (of: (line: StagedLine) => bigint): bigint => all.reduce((total, { line }) => total + of(line), 0n);
  return {
    line: { ...first.line, amount: sum(({ amount }) => amount), fee: sum(({ fee }) => fee) },
    parts: all.flatMap(({ parts }) => parts),
  };
}
