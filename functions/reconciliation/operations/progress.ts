/** How far a batch is, from what its workers have noted: a pure function. */
import type { Batch } from '../batch.ts';
import type { PlannedWork, ProgressNotes, WorkNote, WorkPart } from './progress-store.ts';

export const progressSteps = ['Identify', 'Plan', 'Stage', 'Match', 'Conclude', 'Handle', 'Settle'] as const;
export type ProgressStep = (typeof progressSteps)[number];

export interface Progress {
  /** the step at work, or the last one of a batch that has ended */
  readonly step: ProgressStep;
  readonly startedAt: Date;
  /** when anything was last noted */
  readonly updatedAt: Date;
  /** the file's lines */
  readonly lines: {
    /** undefined until a range is staged; then estimated by bytes until all of them are */
    readonly all: number | undefined;
    readonly isEstimate: boolean;
    readonly staged: number;
    readonly matched: number;
  };
  /** items of the three maps */
  readonly items: Readonly<Record<WorkPart, { readonly done: number; readonly all: number | undefined }>>;
  /** lines per second of the step at work; undefined in steps that read no lines */
  readonly linesPerSecond: number | undefined;
  /** until Stage and Match are done, both at the present rate */
  readonly secondsLeft: number | undefined;
}

export function progressOf(batch: Batch, { steps, work }: ProgressNotes): Progress {
  const planned = steps.find(({ step }) => step === 'Plan')?.planned;
  const of = (part: WorkPart) => work.filter((note) => note.part === part);
  const [channel, own, match] = [of('channel'), of('own'), of('match')];
  const staged = linesOf(channel);
  const matched = linesOf(match);
  const isAllStaged = planned !== undefined && channel.length >= planned.ranges;
  const all = isAllStaged ? staged : estimate(channel, planned);
  const step = stepOf(steps, { planned, channel, own, match });
  const rate = rateOf(step === 'Match' ? (match.length > 0 ? match : channel) : step === 'Stage' ? channel : []);
  const left = all === undefined ? undefined : 2 * all - staged - matched;
  const times = [batch.receivedAt, ...steps.map(({ startedAt }) => startedAt), ...work.map((note) => note.finishedAt)];
  if (batch.finishedAt) times.push(batch.finishedAt);
  return {
    step,
    startedAt: batch.receivedAt,
    updatedAt: new Date(Math.max(...times.map((time) => time.getTime()))),
    lines: { all, isEstimate: !isAllStaged, staged, matched },
    items: {
      channel: { done: channel.length, all: planned?.ranges },
      own: { done: own.length, all: planned?.expectationShards },
      match: { done: match.length, all: planned?.shards },
    },
    linesPerSecond: rate,
    secondsLeft: rate && left !== undefined ? Math.ceil(left / rate) : undefined,
  };
}

const linesOf = (notes: readonly WorkNote[]): number => notes.reduce((sum, { lines }) => sum + lines, 0);

/** From the bytes of the ranges that are done; lines of one file are much alike. */
function estimate(channel: readonly WorkNote[], planned: PlannedWork | undefined): number | undefined {
  const bytes = channel.reduce((sum, note) => sum + (note.bytes ?? 0), 0);
  return planned && bytes > 0 ? Math.round((linesOf(channel) * planned.bytes) / bytes) : undefined;
}

interface Work {
  readonly planned: PlannedWork | undefined;
  readonly channel: readonly WorkNote[];
  readonly own: readonly WorkNote[];
  readonly match: readonly WorkNote[];
}

/** The newest step that was noted; between Plan and Conclude, what the maps' items say. */
function stepOf(steps: ProgressNotes['steps'], { planned, channel, own, match }: Work): ProgressStep {
  const newest = steps.reduce<(typeof steps)[number] | undefined>(
    (last, note) => (last && progressSteps.indexOf(last.step) > progressSteps.indexOf(note.step) ? last : note),
    undefined,
  );
  if (!newest) return 'Identify';
  if (newest.step !== 'Plan' || !planned) return newest.step;
  const bothSidesStaged = channel.length >= planned.ranges && own.length >= planned.expectationShards;
  return match.length > 0 || bothSidesStaged ? 'Match' : 'Stage';
}

/** The work of the last minutes counts, so that a pause before a redrive does not. */
const windowMs = 5 * 60 * 1_000;

function rateOf(notes: readonly WorkNote[]): number | undefined {
  const end = Math.max(...notes.map(({ finishedAt }) => finishedAt.getTime()));
  const lately = notes.filter(({ finishedAt }) => end - finishedAt.getTime() <= windowMs);
  const start = Math.min(...lately.map(({ startedAt }) => startedAt.getTime()));
  const lines = linesOf(lately);
  return lines > 0 ? Math.round((lines * 1_000) / Math.max(1, end - start)) : undefined;
}
