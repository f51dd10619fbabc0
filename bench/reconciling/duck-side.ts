/** The same day by DuckDB, with two threads, in a process of its own: this file is both who asks and the process. */
import { fork } from 'node:child_process';
import { DuckDBInstance } from '@duckdb/node-api';
import { type DuckDay, duckDifferences, duckStatements, duckTotals, summedColumns } from './duck-query.ts';
import type { Measured } from './measured.ts';
import { peakMegabytes } from './peak-memory.ts';

export const reconcileWithDuck = (day: DuckDay): Promise<Measured> =>
  new Promise((resolve, reject) => {
    const child = fork(import.meta.filename, [JSON.stringify(day)]);
    child.once('message', (found) => resolve(found as Measured)); // the last line of this file
    child.once('exit', (code) => reject(new Error(`DuckDB's process ended with code ${code}`)));
  });

async function reconcile(day: DuckDay): Promise<Measured> {
  const instance = await DuckDBInstance.create(':memory:', { threads: '2' });
  const connection = await instance.connect();
  const rows = async (query: string) => (await connection.runAndReadAll(query)).getRowsJson();
  const begun = performance.now();
  const cpuBefore = process.cpuUsage();
  for (const statement of duckStatements(day)) await connection.run(statement);
  const differences = (await rows(duckDifferences)).map(([difference]) => String(difference)).sort();
  const [totals = []] = await rows(duckTotals);
  const seconds = (performance.now() - begun) / 1000;
  const { user, system } = process.cpuUsage(cpuBefore);
  const [, agreeing, unreadable, ...sums] = totals.map(String);
  const peak = peakMegabytes();
  return {
    seconds,
    cpuSeconds: (user + system) / 1e6,
    peakMegabytes: peak,
    totalMegabytes: peak,
    differences,
    matched: Number(agreeing),
    lineErrors: Number(unreadable),
    // `1.00000` in hundred-thousandths
    sums: Object.fromEntries(
      summedColumns.map((name, index) => [name, `${BigInt((sums[index] ?? '').replace('.', ''))}`]),
    ),
  };
}

const [day] = process.argv.slice(2);
if (process.send && import.meta.main && day) process.send(await reconcile(JSON.parse(day) as DuckDay));
