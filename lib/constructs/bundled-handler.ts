import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';

const repository = fileURLToPath(new URL('../..', import.meta.url));

const bundles = mkdtempSync(join(tmpdir(), 'fund-center-bundles-'));
process.on('exit', () => rmSync(bundles, { recursive: true, force: true }));

/**
 * One handler and what it uses as a single minified ESM file. Calls esbuild in this process: `NodejsFunction` starts a
 * package runner for each function, which took longer than all the bundling together.
 *
 * @param entry the handler's file under `functions/`, such as `payments/handlers/create-top-up.ts`
 */
export function bundledHandler(scope: Construct, entry: string): Code {
  // CDK's own switch, for those who only look at templates
  if (!Stack.of(scope).bundlingRequired) return Code.fromInline('// not bundled');
  const folder = join(bundles, entry.replace(/\.ts$/, ''));
  buildSync({
    absWorkingDir: repository,
    entryPoints: [`functions/${entry}`],
    outfile: join(folder, 'index.mjs'),
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    minify: true,
    keepNames: true,
    sourcemap: true,
    sourcesContent: false,
    mainFields: ['module', 'main'],
    // the SDK is bundled: the runtime's own is older than the one tested here, and loads more slowly
    external: [],
    // CommonJS dependencies inside an ESM bundle still call require for Node's own modules
    banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
    logLevel: 'error',
  });
  return Code.fromAsset(folder);
}
