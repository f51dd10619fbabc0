/**
 * What Conclude leaves for the reports: what became of every line that did not plainly match, in the order of the lines, and then
 * what stands in no line of the file. One JSON object a line, amounts as digits.
 */
import * as z from 'zod';
import type { DifferenceFacts } from '../difference.ts';
import { type DifferenceType, differenceTypes } from '../difference-types.ts';
import type { Expectation } from '../expectation.ts';
import type { Brought } from '../leftovers.ts';
import { differenceFactsSchema, lineNoteSchema } from '../match-file.ts';
import type { LineNote, MatchResult } from '../match-result.ts';
import { encodeExpectation, encodeLine, expectationSchema, type StagedLine, stagedLineSchema } from '../shard-rows.ts';

/** A line with all its differences, one at least. */
export interface DifferingLine {
  readonly lineNumber: number;
  readonly became: 'differing';
  readonly types: readonly DifferenceType[];
  /** of one of them: the two sides are the same in all */
  readonly facts: DifferenceFacts;
}

/** Stands together with another line: what we have against both is told there. */
export interface FurtherPart {
  readonly lineNumber: number;
  readonly became: 'part';
  readonly of: number;
  /** differences of that line */
  readonly types: readonly DifferenceType[];
  /** whether our side agrees with it, since we booked the parts as they are */
  readonly isBooked: boolean;
}

export type LineOutcome = Exclude<LineNote, { became: 'part' }> | DifferingLine | FurtherPart;

/** What this day tells of without a line in its file. */
export type EndOutcome =
  /** an expectation of ours, or a day's fees that nobody charged */
  | { readonly became: 'unreported'; readonly facts: DifferenceFacts }
  /** a line of another day's file that had waited for this one */
  | {
      readonly became: 'carried_in';
      readonly line: StagedLine;
      readonly origin: string;
      readonly difference?: CarriedDifference;
    }
  /** an expectation of ours that waits for another day's statement */
  | { readonly became: 'waiting'; readonly expectation: Expectation };

type CarriedDifference = Pick<DifferingLine, 'types' | 'facts'>;

export type Outcome = LineOutcome | EndOutcome;

export const isLineOutcome = (outcome: Outcome): outcome is LineOutcome => 'lineNumber' in outcome;

export interface Told {
  readonly result: Pick<MatchResult, 'differences' | 'notes'>;
  readonly changes: Pick<Brought['changes'], 'claim' | 'put'>;
}

/** Lines in the order of the file, then what has none. */
export function outcomesOf({ result: { differences, notes }, changes }: Told): readonly Outcome[] {
  const lines = new Map<number, LineOutcome>();
  const lineless: DifferenceFacts[] = [];
  for (const facts of differences) {
    if (facts.lineNumber === undefined) lineless.push(facts);
    else lines.set(facts.lineNumber, withDifference(lines.get(facts.lineNumber), facts, facts.lineNumber));
  }
  for (const note of notes) {
    if (note.became !== 'part') lines.set(note.lineNumber, note);
  }
  for (const note of notes) {
    if (note.became === 'part') lines.set(note.lineNumber, partOf(note, lines.get(note.of)));
  }
  return [
    ...[...lines.values()].sort((left, right) => left.lineNumber - right.lineNumber),
    ...endOf(lineless, changes),
  ];
}

function partOf(note: Extract<LineNote, { became: 'part' }>, main: LineOutcome | undefined): FurtherPart {
  if (main?.became !== 'differing') return { ...note, types: [], isBooked: true };
  // a day's charges in one sum stand against the sum of what was due, line by line
  return { ...note, types: main.types, isBooked: !main.facts.ours && !main.facts.theirs };
}

function endOf(lineless: readonly DifferenceFacts[], { claim, put }: Told['changes']): readonly EndOutcome[] {
  const groups = new Map<string, CarriedDifference>();
  const unreported: EndOutcome[] = [];
  for (const facts of lineless) {
    if (facts.theirs) groups.set(facts.key, withDifference(groups.get(facts.key), facts, 0));
    else unreported.push({ became: 'unreported', facts });
  }
  const carriedIn = claim.flatMap((each): EndOutcome[] => {
    if (each.side === 'own') return [];
    const { line, origin } = each;
    const found = [...groups].find(([, { facts }]) => isOfLine(facts, line));
    if (!found) return [{ became: 'carried_in', line, origin }];
    const [key, { types, facts }] = found;
    groups.delete(key);
    return [{ became: 'carried_in', line, origin, difference: { types, facts } }];
  });
  const waiting = put.flatMap((each): EndOutcome[] =>
    each.side === 'own' ? [{ became: 'waiting', expectation: each.expectation }] : [],
  );
  return [...unreported, ...carriedIn, ...waiting];
}

const isOfLine = ({ kind, theirs }: DifferenceFacts, line: StagedLine): boolean =>
  kind === line.kind && theirs?.ourReference === line.ourReference && theirs.channelReference === line.channelReference;

/** A line that differs is nothing else besides. */
export const withDifference = (
  before: LineOutcome | CarriedDifference | undefined,
  facts: DifferenceFacts,
  lineNumber: number,
): DifferingLine => {
  const types = before && 'facts' in before ? before.types : [];
  return { lineNumber, became: 'differing', types: types.includes(facts.type) ? types : [...types, facts.type], facts };
};

/** Pieces of the file, in which nothing is kept in memory besides what matching itself keeps. */
export async function* encodeOutcomes(told: Told): AsyncGenerator<Buffer> {
  for (const outcome of outcomesOf(told)) {
    const rows = {
      ...('line' in outcome && { line: JSON.parse(encodeLine(outcome.line)) }),
      ...('expectation' in outcome && { expectation: JSON.parse(encodeExpectation(outcome.expectation)) }),
    };
    const text = JSON.stringify({ ...outcome, ...rows }, (_name, part: unknown) =>
      typeof part === 'bigint' ? `${part}` : part,
    );
    yield Buffer.from(`${text}\n`);
  }
}

const types = z.array(z.enum(differenceTypes));

const outcomeSchema: z.ZodType<Outcome> = z.union([
  z.object({ lineNumber: z.int(), became: z.literal('part'), of: z.int(), types, isBooked: z.boolean() }),
  z.object({ lineNumber: z.int(), became: z.literal('differing'), types, facts: differenceFactsSchema }),
  lineNoteSchema.transform((note, context) => {
    if (note.became !== 'part') return note;
    context.addIssue('is a part without the end of its line');
    return z.NEVER;
  }),
  z.object({ became: z.literal('unreported'), facts: differenceFactsSchema }),
  z
    .object({
      became: z.literal('carried_in'),
      line: stagedLineSchema,
      origin: z.string(),
      difference: z.object({ types, facts: differenceFactsSchema }).optional(),
    })
    .transform(({ difference, ...carried }) => ({ ...carried, ...(difference && { difference }) })),
  z.object({ became: z.literal('waiting'), expectation: expectationSchema }),
]);

export const decodeOutcome = (line: string): Outcome => outcomeSchema.parse(JSON.parse(line));
