/** Every line of a statement in the order of the file, from what its steps left, and then what no line told of. */
import * as z from 'zod';
import { linesOf, readJson, readText, streamFile } from '../files.ts';
import { stagedRangeSchema } from '../range-summary.ts';
import type { Reconciliation } from '../reconciliation.ts';
import { type PlannedRun, rulesOf } from '../run.ts';
import { decodeRows, lineNumberOf, stagedLineSchema } from '../shard-rows.ts';
import { stagedFiles } from '../staged-rows.ts';
import type { LineError } from '../statement-line.ts';
import { workingKeys } from '../working-keys.ts';
import { type DetailRow, rowOfEnd, rowOfError, rowOfIgnored, rowOfLine } from './detail-row.ts';
import { decodeOutcome, isLineOutcome, type LineOutcome } from './line-outcomes.ts';

type Needs = Pick<Reconciliation, 'files'>;

/** What Handle found after the lines were matched, by line. */
export type LaterOutcome = (lineNumber: number, before: LineOutcome | undefined) => LineOutcome | undefined;

/** Holds one byte range's rows in memory, as their text. One object is read for each range and shard. */
export async function* statementRows(needs: Needs, run: PlannedRun, later: LaterOutcome): AsyncGenerator<DetailRow> {
  const rules = rulesOf(run.identified);
  const outcomes = outcomesInOrder(needs, run);
  let next = await outcomes.next();
  for (let range = 0; range < run.plan.ranges; range++) {
    for (const line of await linesOfRange(needs, run, range)) {
      if (!('row' in line)) {
        yield 'error' in line ? rowOfError(line.error) : rowOfIgnored(line.lineNumber, line.rule);
        continue;
      }
      let told: LineOutcome | undefined;
      if (!next.done && isLineOutcome(next.value) && next.value.lineNumber === line.lineNumber) {
        told = next.value;
        next = await outcomes.next();
      }
      const staged = stagedLineSchema.parse(JSON.parse(line.row));
      yield rowOfLine(staged, later(line.lineNumber, told), rules);
    }
  }
  for (; !next.done; next = await outcomes.next()) {
    const outcome = next.value;
    // rows and outcomes would be of different runs
    if (isLineOutcome(outcome)) throw new Error(`line ${outcome.lineNumber} has an outcome and is not staged`);
    yield rowOfEnd(outcome, rules);
  }
}

async function* outcomesInOrder({ files }: Needs, { reconciliationId }: PlannedRun) {
  const file = { bucket: files.workingBucket, key: workingKeys(reconciliationId).outcomes };
  for await (const line of linesOf(streamFile(files, file))) yield decodeOutcome(line);
}

type RangeLine =
  | { readonly lineNumber: number; readonly row: string }
  | { readonly lineNumber: number; readonly error: LineError }
  | { readonly lineNumber: number; readonly rule: string };

const readsAtOnce = 8;

const ignoredSchema = z.tuple([z.int(), z.string()]);

async function linesOfRange({ files }: Needs, { reconciliationId }: PlannedRun, range: number): Promise<RangeLine[]> {
  const keys = workingKeys(reconciliationId);
  const { errors, ignored } = stagedRangeSchema.parse(await readJson(files, keys.channelSummary(range)));
  const lines: RangeLine[] = errors.map((error) => ({ lineNumber: error.lineNumber, error }));
  if (Object.keys(ignored).length > 0) {
    const rows = decodeRows(await readText(files, keys.ignoredLines(range)), ignoredSchema);
    for (const [lineNumber, rule] of rows) lines.push({ lineNumber, rule });
  }
  const staged = await stagedFiles(files, keys.channelRows(range));
  for (let from = 0; from < staged.length; from += readsAtOnce) {
    const texts = await Promise.all(staged.slice(from, from + readsAtOnce).map(({ key }) => readText(files, key)));
    for (const text of texts) {
      for (const row of text.split('\n')) if (row !== '') lines.push({ lineNumber: lineNumberOf(row), row });
    }
  }
  return lines.sort((left, right) => left.lineNumber - right.lineNumber);
}
