import { globSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { Stack } from 'aws-cdk-lib';
import { Code } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import { buildSync } from 'esbuild';

const repository = fileURLToPath(new URL('../..', import.meta.url));

let bundles: string | undefined;

/**
 * One handler and what it uses as a single minified ESM file.
 *
 * @param entry the handler's file under `functions/`, such as `payments/handlers/create-top-up.ts`
 */
export function bundledHandler(scope: Construct, entry: string): Code {
  // CDK's own switch, for those who only look at templates
  if (!Stack.of(scope).bundlingRequired) return Code.fromInline('// not bundled');
  bundles ??= bundleAllHandlers();
  return Code.fromAsset(join(bundles, folderOf(entry)));
}

/**
 * All of them in one run of esbuild, which reads each file once; a run for every function (as `NodejsFunction` makes, by
 * a package runner) reads the AWS SDK fifty times over.
 *
 * @returns the folder of the bundles, which goes with this process
 */
function bundleAllHandlers(): string {
  const folder = mkdtempSync(join(tmpdir(), 'fund-center-bundles-'));
  process.on('exit', () => rmSync(folder, { recursive: true, force: true }));
  const entries = globSync('*/handlers/*.ts', { cwd: join(repository, 'functions') });
  buildSync({
    absWorkingDir: repository,
    entryPoints: entries.map((entry) => ({ in: `functions/${entry}`, out: join(folderOf(entry), 'index') })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
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
  return folder;
}

const folderOf = (entry: string): string => entry.replace(/\.ts$/, '');
