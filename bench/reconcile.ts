/**
 * `npm run bench:reconcile [-- --rows 1000000 --seed 1 --runs 3]`: a WeChat Pay trade bill and our own side of a labelled day, staged
 * and matched by the functions that are deployed, in two processes that stand for two Lambda workers; and in the same run by DuckDB
 * with two threads. Both have to find the labels, and nothing else. `--curve` does days of 10 000 to 5 000 000 lines and draws
 * docs/reconcile-speed.svg of them; `--formats` holds every format that the factory writes to the labels of a small day first.
 *
 * The sides take turns, and the fastest run of each counts: what else the machine does meanwhile slows either. Each runs in processes
 * of its own, so that its memory is its own; the clock starts when they are ready.
 */
import { appendFileSync, existsSync, mkdirSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { tableText } from '../local/table.ts';
import { localFolder } from '../local/workspace.ts';
import { curveSvg } from './reconciling/curve-svg.ts';
import { reconcileWithDuck } from './reconciling/duck-side.ts';
import { type FormatFigures, factories, measureFormat } from './reconciling/formats-table.ts';
import type { Measured } from './reconciling/measured.ts';
import { type OurMeasured, reconcileWithOurs } from './reconciling/our-side.ts';
import { measureOwnCost, type OwnCost } from './reconciling/own-cost.ts';
import { type CostLine, costOf } from './reconciling/prices.ts';
import { writeResults } from './results.ts';
import { factory } from './statement-factory/wechat-tradebill.ts';
import { type WrittenDay, writeDay } from './statement-factory/write-day.ts';

const { values: options } = parseArgs({
  options: {
    rows: { type: 'string', default: '1000000' },
    seed: { type: 'string', default: '1' },
    runs: { type: 'string', default: '3' },
    curve: { type: 'boolean', default: false },
    formats: { type: 'boolean', default: false },
  },
});

const [merchantNo, date] = ['1900000001', '2026-03-01'];
/** In memory, where the system has such a place: the files of neither side stand for a disk. */
const benchFolder = existsSync('/dev/shm') ? '/dev/shm' : join(localFolder, 'bench');

/** 0.01 % of each */
const orderOfEach = 10_000;

interface Compared {
  readonly rows: number;
  readonly ours: OurMeasured;
  readonly duck: Measured;
  readonly ratio: number;
  readonly cpuRatio: number;
  readonly precision: number;
  readonly recall: number;
  readonly agreed: boolean;
}

async function compareSides(rows: number): Promise<Compared> {
  const folder = join(benchFolder, `reconcile-${process.pid}`);
  mkdirSync(join(folder, 'statements'), { recursive: true });
  const paths = { statement: join(folder, 'statements', 'bill.csv'), own: join(folder, 'statements', 'own.csv') };
  try {
    const size = { seed: Number(options.seed), orders: rows, orderOfEach, orderOfKind: 50 };
    const day = writeDay(size, { factory, context: { merchantNo, date }, files: paths });
    console.log(`${rows} orders, seed ${options.seed}: ${JSON.stringify(day.counts)}`);
    const [ours, ducks]: [OurMeasured[], Measured[]] = [[], []];
    for (let run = 0; run < Number(options.runs); run++) {
      appendFileSync(paths.statement, day.summary);
      const keys = { statementKey: 'bill.csv', ownKey: 'own.csv' };
      ours.push(await reconcileWithOurs({ folder, format: factory.format, ...keys, merchantNo, date }));
      // the summary has other columns, over which DuckDB's reader would stumble
      truncateSync(paths.statement, day.detailsEnd);
      ducks.push(await reconcileWithDuck({ ...paths, merchantNo, date }));
    }
    return compared(day, ours, ducks);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function compared(day: WrittenDay, ours: readonly OurMeasured[], ducks: readonly Measured[]): Compared {
  const [our, duck] = [fastest(ours), fastest(ducks)];
  const labelled = new Set(day.differences.map(({ type, key }) => `${type} ${key}`));
  const right = our.differences.filter((each) => labelled.has(each)).length;
  const agreed = [...ours, ...ducks].every(
    (each) => `${each.differences}` === `${our.differences}` && JSON.stringify(each.sums) === JSON.stringify(our.sums),
  );
  return {
    rows: our.lines,
    ours: { ...our, peakMegabytes: Math.max(...ours.map(({ peakMegabytes }) => peakMegabytes)) },
    duck,
    ratio: our.seconds / duck.seconds,
    cpuRatio: leastCpu(ours) / leastCpu(ducks),
    precision: our.differences.length === 0 ? 1 : right / our.differences.length,
    recall: labelled.size === 0 ? 1 : right / labelled.size,
    agreed,
  };
}

function fastest<Side extends Measured>(sides: readonly Side[]): Side {
  const [first] = sides.toSorted((left, right) => left.seconds - right.seconds);
  if (!first) throw new Error('nothing was run');
  return first;
}

const leastCpu = (sides: readonly Measured[]): number => Math.min(...sides.map(({ cpuSeconds }) => cpuSeconds));

function show({ rows, ours, duck, ratio, cpuRatio, precision, recall, agreed }: Compared): void {
  const row = (name: string, side: Measured): string[] => [
    name,
    Math.round(rows / side.seconds).toLocaleString('en'),
    side.seconds.toFixed(2),
    side.cpuSeconds.toFixed(2),
    side.peakMegabytes.toFixed(0),
    side.totalMegabytes.toFixed(0),
    String(side.differences.length),
  ];
  const head = ['side', 'rows/s', 'wall s', 'CPU s', 'peak MB of a process', 'MB in all', 'differences'];
  console.log(tableText(head, [row('ours, 2 workers', ours), row('DuckDB, 2 threads', duck)]));
  const { planSeconds, stageSeconds, matchSeconds } = ours;
  const steps = [planSeconds, stageSeconds, matchSeconds].map((seconds) => seconds.toFixed(2)).join(' + ');
  console.log(
    `ratio ${ratio.toFixed(2)} of wall time, ${cpuRatio.toFixed(2)} of CPU time; plan + stage + match ${steps} s`,
  );
  console.log(`both find the same: ${agreed}; precision ${precision}, recall ${recall} against the labels`);
}

function costs({ rows, ours }: Compared, own: OwnCost): readonly CostLine[] {
  const processorSeconds = ours.cpuSeconds + (rows * own.microsecondsPerPayment) / 1e6;
  const readUnits = rows * own.readUnitsPerPayment;
  return costOf({ ...ours, lines: rows, payments: rows, processorSeconds, readUnits });
}

function showCosts(rows: number, lines: readonly CostLine[], own: OwnCost): number {
  const total = lines.reduce((sum, { dollars }) => sum + dollars, 0);
  const per = (orders: number, dollars: number): string => `$${((dollars * orders) / rows).toFixed(6)}`;
  const all = [...lines, { what: 'together', units: '', dollars: total }];
  console.log(
    tableText(
      ['on AWS', `${rows} lines`, 'per million lines', 'per 10 000'],
      all.map(({ what, units, dollars }) => [what, units, per(1e6, dollars), per(1e4, dollars)]),
    ),
  );
  console.log(`a payment from the index takes ${own.microsecondsPerPayment.toFixed(1)} µs of a processor`);
  return (total * 1e6) / rows;
}

async function showFormats(): Promise<void> {
  const size = { seed: Number(options.seed), orders: 20_000, orderOfEach: 100, orderOfKind: 5 };
  const figures: FormatFigures[] = [];
  for (const each of factories) figures.push(await measureFormat(each, size));
  const head = ['format', 'lines', 'labelled differences', 'line errors', 'lines/s', 'precision', 'recall'];
  console.log(
    tableText(
      head,
      figures.map(({ tied: _, ...shown }) => Object.values(shown)),
    ),
  );
  if (figures.some(({ precision, recall }) => precision < 1 || recall < 1)) process.exitCode = 1;
}

if (options.formats) await showFormats();
const sizes = options.curve ? [10_000, 100_000, 1_000_000, 5_000_000] : [Number(options.rows)];
const own = await measureOwnCost(20_000);
const points: Compared[] = [];
for (const rows of sizes) {
  const point = await compareSides(rows);
  show(point);
  points.push(point);
}
const last = points.find(({ rows }) => rows === 1_000_000) ?? points.at(-1);
if (!last) throw new Error('nothing was measured');
const dollarsPerMillion = showCosts(last.rows, costs(last, own), own);
const figures = points.map(({ rows, ours, duck, ratio, cpuRatio, precision, recall }) => ({
  rows,
  ours: withoutRows(ours),
  duck: withoutRows(duck),
  ratio,
  cpuRatio,
  precision,
  recall,
}));
writeResults(options.curve ? 'reconcile-curve' : 'reconcile', {
  seed: Number(options.seed),
  figures,
  own,
  dollarsPerMillion,
});
if (options.curve) writeFileSync(join('docs', 'reconcile-speed.svg'), curveSvg(figures));
if (points.some(({ agreed, precision, recall }) => !agreed || precision < 1 || recall < 1)) {
  console.error('a side found something else than the labels');
  process.exitCode = 1;
}
const { rows, ours, duck, precision, recall } = last;
console.log(
  JSON.stringify({
    rows,
    seconds: rounded(ours.seconds),
    duckdbSeconds: rounded(duck.seconds),
    ratio: rounded(ours.seconds / duck.seconds),
    peakMB: Math.round(ours.peakMegabytes),
    precision,
    recall,
  }),
);

function withoutRows<Side extends Measured>({ differences, sums: _sums, ...figures }: Side) {
  return { ...figures, differences: differences.length };
}

function rounded(value: number): number {
  return Math.round(value * 1000) / 1000;
}
