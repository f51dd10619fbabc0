/**
 * What workers note of their work, so that an operator sees how far a batch is.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `RECON#<id>` | `PROGRESS#STEP#<step>` | step, startedAt |
 * | `RECON#<id>` | `PROGRESS#<part>#<item, 6 digits>` | part, lines, bytes (ranges only), startedAt, finishedAt |
 *
 * Each byte range, expectation shard and shard has one item, which a repeat overwrites: nothing is counted twice. 1 write unit each: a
 * file of a million lines, 20 ranges, 8 expectation shards and 30 shards, costs 63 units with its steps.
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import type { ReconciliationId } from '../../kernel/ids.ts';
import { queryItems, type Table, toItem } from '../../kernel/table.ts';

export const notedSteps = ['Identify', 'Plan', 'Conclude', 'Handle', 'Settle'] as const;
export type NotedStep = (typeof notedSteps)[number];

/** What the three maps work on: byte ranges, shards of our payments, and shards of both. */
export const workParts = ['channel', 'own', 'match'] as const;
export type WorkPart = (typeof workParts)[number];

export interface StepNote {
  readonly step: NotedStep;
  readonly startedAt: Date;
  /** of Plan, once it is done */
  readonly planned?: PlannedWork | undefined;
}

export interface PlannedWork {
  /** bytes of all ranges */
  readonly bytes: number;
  readonly ranges: number;
  readonly expectationShards: number;
  readonly shards: number;
}

export interface WorkNote {
  readonly part: WorkPart;
  readonly item: number;
  readonly lines: number;
  /** of a byte range */
  readonly bytes?: number | undefined;
  readonly startedAt: Date;
  readonly finishedAt: Date;
}

export interface ProgressNotes {
  readonly steps: readonly StepNote[];
  readonly work: readonly WorkNote[];
}

const keyOf = (id: ReconciliationId, what: string) => ({ pk: `RECON#${id}`, sk: `PROGRESS#${what}` });

export const putStepNote = (table: Table, id: ReconciliationId, note: StepNote): Promise<void> =>
  put(table, { ...keyOf(id, `STEP#${note.step}`), ...note, startedAt: note.startedAt.toISOString() });

export const putWorkNote = (table: Table, id: ReconciliationId, note: WorkNote): Promise<void> =>
  put(table, {
    ...keyOf(id, `${note.part}#${note.item.toString().padStart(6, '0')}`),
    ...note,
    startedAt: note.startedAt.toISOString(),
    finishedAt: note.finishedAt.toISOString(),
  });

async function put(table: Table, item: object): Promise<void> {
  await table.client.send(new PutItemCommand({ TableName: table.name, Item: toItem(item) }));
}

const instant = z.iso.datetime().transform((text) => new Date(text));
const count = z.coerce.number();

const noteSchema = z.union([
  z.object({
    step: z.enum(notedSteps),
    startedAt: instant,
    planned: z.object({ bytes: count, ranges: count, expectationShards: count, shards: count }).optional(),
  }),
  z.object({
    part: z.enum(workParts),
    item: count,
    lines: count,
    bytes: count.optional(),
    startedAt: instant,
    finishedAt: instant,
  }),
]);

/** 1 read unit per 4 KiB, about twenty notes. */
export async function readProgress(table: Table, id: ReconciliationId): Promise<ProgressNotes> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :progress)',
    values: { ':pk': `RECON#${id}`, ':progress': 'PROGRESS#' },
  });
  const steps: StepNote[] = [];
  const work: WorkNote[] = [];
  for (const item of items) {
    const note = noteSchema.parse(item);
    if ('step' in note) steps.push(note);
    else work.push(note);
  }
  return { steps, work };
}
