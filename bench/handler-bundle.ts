/** What a function weighs and how long its cold start imports, of the very bundle that is deployed. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundleFolder, bundleHandlers } from '../lib/bundles.ts';
import { median } from './own-time.ts';

/**
 * Kilobytes (of 1 000) of the minified bundle without its source map.
 *
 * @param entry the handler's file under `functions/`, such as `payments/handlers/create-top-up.ts`
 */
export const bundleKilobytes = (entry: string): number => withBundle(entry, (file) => statSync(file).size / 1_000);

/**
 * Milliseconds that a fresh process takes to import the bundle: the median of whole processes, less the median of
 * processes that import nothing, taken by turns so that a busy machine slows both. With source maps, as deployed.
 *
 * @throws Error with what the process said when the bundle can't be imported
 */
export function coldImportMs(entry: string, { processes = 15 }: { readonly processes?: number } = {}): number {
  return withBundle(entry, (file) => {
    const importing: number[] = [];
    const empty: number[] = [];
    for (let run = 0; run < processes; run++) {
      importing.push(processMs(`await import(${JSON.stringify(pathToFileURL(file).href)})`));
      empty.push(processMs(''));
    }
    return median(importing) - median(empty);
  });
}

function withBundle<T>(entry: string, measure: (file: string) => T): T {
  const folder = mkdtempSync(join(tmpdir(), 'fund-center-bench-'));
  try {
    bundleHandlers([entry], folder);
    return measure(join(bundleFolder(folder, entry), 'index.mjs'));
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** what Lambda always sets, and nothing of whoever measures */
const environment = { AWS_REGION: 'us-east-1', AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' };

function processMs(program: string): number {
  const args = ['--enable-source-maps', '--input-type=module', '--eval', program];
  const started = performance.now();
  const { status, stderr } = spawnSync(process.execPath, args, { env: environment, encoding: 'utf8' });
  const took = performance.now() - started;
  if (status !== 0) throw new Error(`the process ended with ${status}: ${stderr}`);
  return took;
}
