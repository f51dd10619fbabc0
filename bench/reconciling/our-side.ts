/** Plan, Stage and Match of a day by the functions that are deployed, in two processes that stand for two Lambda workers. */
import { closeSync, openSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { checkFile } from '../../functions/reconciliation/control-totals.ts';
import { readJson } from '../../functions/reconciliation/files.ts';
import { frameSchema } from '../../functions/reconciliation/frame-file.ts';
import { bringTogether } from '../../functions/reconciliation/leftovers.ts';
import { shardResultSchema } from '../../functions/reconciliation/match-file.ts';
import { addIgnored, mergeResults, type ShardResult } from '../../functions/reconciliation/match-result.ts';
import { mergeRanges, stagedRangeSchema } from '../../functions/reconciliation/range-summary.ts';
import { type Plan, type PlannedRun, rulesOf } from '../../functions/reconciliation/run.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { accepted, identifyDay, type OurDay } from './identified-day.ts';
import { type LocalFiles, localFiles } from './local-files.ts';
import type { Measured } from './measured.ts';
import type { OwnPart } from './own-text.ts';
import type { RangeItem, WorkItem } from './work-item.ts';
import type { WorkerUse } from './worker.ts';
import { type Pool, startProcesses } from './workers.ts';

export interface OurMeasured extends Measured {
  /** of the statement */
  readonly lines: number;
  /** whether they add up to what the file says of itself */
  readonly tied: boolean;
  /** in which a document is read; no part of `seconds`, as a file of lines is only looked at */
  readonly identifySeconds: number;
  readonly planSeconds: number;
  readonly stageSeconds: number;
  readonly matchSeconds: number;
  readonly items: number;
  readonly puts: number;
  readonly gets: number;
}

/** @param startPool of processes, or of whatever else does the items */
export async function reconcileWithOurs(
  day: OurDay,
  startPool: (folder: string, format: string) => Promise<Pool> = startProcesses,
): Promise<OurMeasured> {
  rmSync(join(day.folder, 'working'), { recursive: true, force: true });
  const files = localFiles(day.folder);
  const arrived = performance.now();
  const identified = await identifyDay(files, day);
  const identifySeconds = (performance.now() - arrived) / 1000;
  const pool = await startPool(day.folder, day.format);
  try {
    const begun = performance.now();
    const [plan] = (await pool.doAll([{ step: 'plan', run: identified }])) as [Plan];
    const planned = performance.now();
    const run: PlannedRun = { ...identified, plan };
    const ranges = (await readJson(files, plan.rangesKey)) as RangeItem[]; // Plan has just written it
    const cpuBefore = process.cpuUsage();
    await pool.doAll([
      ...ranges.map((item): WorkItem => ({ step: 'stage range', run, item })),
      ...ownParts(day, plan.expectationShards).map((item): WorkItem => ({ step: 'stage own', run, item })),
    ]);
    const staged = performance.now();
    await pool.doAll(Array.from({ length: plan.shards }, (_, shard) => ({ step: 'match', run, item: { shard } })));
    const found = await conclude(files, run);
    const ended = performance.now();
    const { user, system } = process.cpuUsage(cpuBefore);
    const uses = await pool.tell();
    const sum = (of: (use: WorkerUse) => number): number => uses.reduce((total, use) => total + of(use), 0);
    return {
      ...found,
      identifySeconds,
      planSeconds: (planned - begun) / 1000,
      stageSeconds: (staged - planned) / 1000,
      matchSeconds: (ended - staged) / 1000,
      seconds: (ended - begun) / 1000,
      cpuSeconds: sum(({ cpuSeconds }) => cpuSeconds) + (user + system) / 1e6,
      peakMegabytes: Math.max(...uses.map(({ peakMegabytes }) => peakMegabytes)),
      totalMegabytes: sum(({ peakMegabytes }) => peakMegabytes),
      items: ranges.length + plan.expectationShards + plan.shards,
      puts: sum(({ puts }) => puts),
      gets: sum(({ gets }) => gets),
    };
  } finally {
    pool.stop();
  }
}

/** Our side cut on line ends, as the table has it in shards. */
function ownParts({ folder, ownKey }: OurDay, parts: number): OwnPart[] {
  const path = join(folder, 'statements', ownKey);
  const file = openSync(path, 'r');
  const { size } = statSync(path);
  const lineAt = (at: number): number => {
    const bytes = Buffer.alloc(1_024);
    const read = readSync(file, bytes, 0, bytes.length, at);
    return at + bytes.subarray(0, read).indexOf('\n') + 1;
  };
  const header = lineAt(0);
  const cuts = Array.from({ length: parts + 1 }, (_, part) =>
    part === 0 ? header : part === parts ? size : lineAt(header + Math.floor(((size - header) * part) / parts)),
  );
  closeSync(file);
  return Array.from({ length: parts }, (_, shard) => ({
    shard,
    key: ownKey,
    start: cuts[shard] ?? size,
    end: cuts[shard + 1] ?? size,
  }));
}

/** What of the shards comes together over all of them; a day without days around it. */
async function conclude(files: LocalFiles, run: PlannedRun) {
  const keys = workingKeys(run.reconciliationId);
  const shards: ShardResult[] = [];
  for (let shard = 0; shard < run.plan.shards; shard++) {
    shards.push(shardResultSchema.parse(await readJson(files, keys.matched(shard))));
  }
  const merged = mergeResults(shards);
  const { identified, statement, version } = run;
  const brought = bringTogether({
    lines: shards.flatMap(({ leftLines }) => leftLines),
    expectations: shards.flatMap(({ leftExpectations }) => leftExpectations),
    elsewhere: [],
    arrived: new Set(),
    otherDays: new Map(),
    pool: [],
    feesDue: merged.feesDue,
    rules: rulesOf(identified),
    waiting: {
      date: statement.date,
      timeZone: identified.timeZone,
      carryOver: identified.policy.carryOver,
      reconciled: new Set(),
    },
    version,
  });
  const result = mergeResults([merged, brought.result]);
  const summaries = await Promise.all(
    Array.from({ length: run.plan.ranges }, async (_, range) =>
      stagedRangeSchema.parse(await readJson(files, keys.channelSummary(range))),
    ),
  );
  const file = mergeRanges(summaries);
  const { control } = frameSchema.parse(await readJson(files, identified.frameKey));
  const { tied } = accepted(checkFile(file, control, statement));
  const ignored = Object.values(addIgnored(result.lines.ignored, file.ignored)).reduce((sum, count) => sum + count, 0);
  const accounted = result.lines.matched + result.lines.differing + ignored + file.errors.length;
  if (accounted !== file.read) throw new Error(`of ${file.read} lines, ${accounted} are accounted for`);
  return {
    differences: result.differences.map(({ type, key }) => `${type} ${key}`).sort(),
    matched: result.lines.matched,
    lines: file.read,
    tied,
    lineErrors: file.errors.length,
    sums: Object.fromEntries(Object.entries(file.sums).map(([name, sum]) => [name, `${sum}`])),
  };
}
