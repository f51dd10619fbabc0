/** Plan, Stage and Match of a day by the functions that are deployed, in two processes that stand for two Lambda workers. */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, openSync, readdirSync, readSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { checkFile } from '../../functions/reconciliation/control-totals.ts';
import { readJson, writeJson } from '../../functions/reconciliation/files.ts';
import { frameSchema } from '../../functions/reconciliation/frame-file.ts';
import { frameStatement } from '../../functions/reconciliation/frame-statement.ts';
import { bringTogether } from '../../functions/reconciliation/leftovers.ts';
import { shardResultSchema } from '../../functions/reconciliation/match-file.ts';
import { addIgnored, mergeResults, type ShardResult } from '../../functions/reconciliation/match-result.ts';
import { mergeRanges, stagedRangeSchema } from '../../functions/reconciliation/range-summary.ts';
import { sourceOf } from '../../functions/reconciliation/reading/byte-source.ts';
import { formatNamed } from '../../functions/reconciliation/reading/catalogue.ts';
import { openContainer, startOf } from '../../functions/reconciliation/reading/container.ts';
import { endBytes } from '../../functions/reconciliation/reading/file-start.ts';
import { recogniseFiles } from '../../functions/reconciliation/reading/recognition.ts';
import { isRejection, type Rejection } from '../../functions/reconciliation/rejection.ts';
import { type IdentifiedRun, type Plan, type PlannedRun, rulesOf } from '../../functions/reconciliation/run.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';
import { type LocalFiles, localFiles } from './local-files.ts';
import type { Measured } from './measured.ts';
import type { OwnPart } from './own-text.ts';
import { type RangeItem, type TellItem, type WorkItem, workOn } from './work-item.ts';
import type { WorkerUse } from './worker.ts';

export interface OurDay {
  /** holds the two sides under `statements/`; working files go beside it */
  readonly folder: string;
  readonly format: string;
  readonly statementKey: string;
  readonly ownKey: string;
  readonly merchantNo: string;
  readonly date: string;
}

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

const workers = 2;

/** @param startPool of processes, or of whatever else does the items */
export async function reconcileWithOurs(
  day: OurDay,
  startPool: (folder: string, format: string) => Promise<Pool> = startProcesses,
): Promise<OurMeasured> {
  rmSync(join(day.folder, 'working'), { recursive: true, force: true });
  const files = localFiles(day.folder);
  const arrived = performance.now();
  const identified = await identify(files, day);
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

/** The run as Identify leaves it. @throws Error where it would turn the file away */
async function identify(files: LocalFiles, day: OurDay): Promise<IdentifiedRun> {
  const { format: name, merchantNo, date, folder, statementKey } = day;
  const { size } = statSync(join(folder, 'statements', statementKey));
  const statement = { channel: 'sandbox-wallet', merchantNo, date: date as AccountingDate }; // a real day
  const file = { bucket: 'statements', key: statementKey, size, sha256: '' };
  const reconciliationId = idFrom('recon', 'bench');
  const container = accepted(await openContainer(sourceOf(files, file), statementKey));
  const seen = await Promise.all(
    container.entries.map(async (each) => ({ ...each, head: await startOf(each, endBytes) })),
  );
  // as if the channel delivered every format: the file has to look like its own, and like no other
  const delivered = await Promise.all(formatNames.map(formatNamed));
  const { format, parts } = accepted(await recogniseFiles(seen, { delivered, known: formatNames }));
  if (format.name !== name) throw new Error(`${statementKey} looks like ${format.name}, not like ${name}`);
  const found = { run: { file, reconciliationId }, format, packing: container.packing, parts };
  const context = { ...statement, currency, fileName: statementKey, timeZone } as const;
  const { frame, content } = accepted(await frameStatement(files, found, context));
  const { frame: frameKey } = workingKeys(reconciliationId);
  await writeJson(files, frameKey, frame);
  return {
    reconciliationId,
    statement,
    version: 1,
    file,
    identified: {
      format: name,
      content,
      frameKey,
      settlementAccountId: idFrom('acct', 'bench'),
      institutionId: idFrom('inst', 'bench'),
      currency,
      policy: { fees: 'per_line', carryOver: { windowMinutes: 0, days: 0 } },
      timeZone,
    },
  };
}

const formatNames = readdirSync(join(import.meta.dirname, '..', '..', 'functions', 'reconciliation', 'formats')).map(
  (file) => file.replace(/\.ts$/, ''),
);

const [currency, timeZone] = ['CNY', 'Asia/Shanghai'] as const;

function accepted<Outcome extends object>(outcome: Outcome | Rejection): Outcome {
  if (isRejection(outcome)) throw new Error(`${outcome.reason}: ${outcome.detail}`);
  return outcome;
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

export interface Pool {
  /** each item by whichever worker is free. @throws Error when one fails */
  readonly doAll: (items: readonly WorkItem[]) => Promise<unknown[]>;
  readonly tell: () => Promise<WorkerUse[]>;
  readonly stop: () => void;
}

async function startProcesses(folder: string, format: string): Promise<Pool> {
  const script = join(import.meta.dirname, 'worker.ts');
  const children = Array.from({ length: workers }, () => fork(script, [folder, format], { execArgv: workerFlags() }));
  await Promise.all(children.map(messageOf));
  const ask = async (child: ChildProcess, item: WorkItem | TellItem): Promise<unknown> => {
    child.send(item);
    const message = (await messageOf(child)) as { readonly answer?: unknown; readonly failed?: string };
    if (message.failed !== undefined) throw new Error(`${item.step}: ${message.failed}`);
    return message.answer;
  };
  return {
    doAll: async (items) => {
      const waiting = [...items.entries()];
      const answers: unknown[] = [];
      const worksOn = async (child: ChildProcess): Promise<void> => {
        for (let next = waiting.shift(); next; next = waiting.shift()) answers[next[0]] = await ask(child, next[1]);
      };
      await Promise.all(children.map(worksOn));
      return answers;
    },
    tell: () => Promise.all(children.map(async (child) => (await ask(child, { step: 'tell' })) as WorkerUse)),
    stop: () => {
      for (const child of children) child.kill(process.env['BENCH_PROFILE'] ? 'SIGINT' : 'SIGTERM');
    },
  };
}

/** Does the items one after another where it is started: it measures nothing but what is found. */
export async function inThisProcess(folder: string): Promise<Pool> {
  const files = localFiles(folder);
  return {
    doAll: async (items) => {
      const answers: unknown[] = [];
      for (const item of items) answers.push(await workOn(files, item));
      return answers;
    },
    tell: async () => [],
    stop: () => undefined,
  };
}

const workerFlags = (): string[] =>
  process.env['BENCH_PROFILE'] ? ['--cpu-prof', '--cpu-prof-dir=.local/profiles'] : [];

const messageOf = (child: ChildProcess): Promise<unknown> =>
  new Promise((resolve, reject) => {
    const ended = (code: number | null) => reject(new Error(`a worker ended with code ${code}`));
    child.once('exit', ended);
    child.once('message', (message) => {
      child.off('exit', ended);
      resolve(message);
    });
  });
