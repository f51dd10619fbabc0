/**
 * What Conclude leaves for the reports: what became of every line that did not plainly match, in the order of the lines, and then
 * what we expected and no line told of. One JSON object a line, amounts as digits.
 */
import * as z from 'zod';
import type { DifferenceFacts } from '../difference.ts';
import { type DifferenceType, differenceTypes } from '../difference-types.ts';
import { differenceFactsSchema, lineNoteSchema } from '../match-file.ts';
import type { LineNote, MatchResult } from '../match-result.ts';

/** A line with all its differences, one at least. */
export interface DifferingLine {
  readonly lineNumber: number;
  readonly became: 'differing';
  readonly types: readonly DifferenceType[];
  /** of one of them: the two sides are the same in all */
  readonly facts: DifferenceFacts;
}

/** An expectation of ours without a line. */
export interface Unreported {
  readonly became: 'unreported';
  readonly facts: DifferenceFacts;
}

export type LineOutcome = LineNote | DifferingLine;

export const isUnreported = (outcome: LineOutcome | Unreported): outcome is Unreported =>
  outcome.became === 'unreported';

/** In the order of the file. */
export function outcomesOf({ differences, notes }: Pick<MatchResult, 'differences' | 'notes'>) {
  const lines = new Map<number, LineOutcome>(notes.map((note) => [note.lineNumber, note]));
  const unreported: Unreported[] = [];
  for (const facts of differences) {
    if (facts.lineNumber === undefined) unreported.push({ became: 'unreported', facts });
    else lines.set(facts.lineNumber, withDifference(lines.get(facts.lineNumber), facts, facts.lineNumber));
  }
  return {
    lines: [...lines.values()].sort((left, right) => left.lineNumber - right.lineNumber),
    unreported: unreported.sort((left, right) => (left.facts.key < right.facts.key ? -1 : 1)),
  };
}

/** A line that differs is nothing else besides. */
export const withDifference = (
  before: LineOutcome | undefined,
  facts: DifferenceFacts,
  lineNumber: number,
): DifferingLine => {
  const types = before?.became === 'differing' ? before.types : [];
  return { lineNumber, became: 'differing', types: types.includes(facts.type) ? types : [...types, facts.type], facts };
};

/** Pieces of the file, in which nothing is kept in memory besides what matching itself keeps. */
export async function* encodeOutcomes(result: Pick<MatchResult, 'differences' | 'notes'>): AsyncGenerator<Buffer> {
  const { lines, unreported } = outcomesOf(result);
  for (const outcome of [...lines, ...unreported]) {
    const text = JSON.stringify(outcome, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));
    yield Buffer.from(`${text}\n`);
  }
}

const outcomeSchema: z.ZodType<LineOutcome | Unreported> = z.union([
  lineNoteSchema,
  z.object({
    lineNumber: z.int(),
    became: z.literal('differing'),
    types: z.array(z.enum(differenceTypes)),
    facts: differenceFactsSchema,
  }),
  z.object({ became: z.literal('unreported'), facts: differenceFactsSchema }),
]);

export const decodeOutcome = (line: string): LineOutcome | Unreported => outcomeSchema.parse(JSON.parse(line));
