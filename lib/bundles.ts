/**
 * How a handler becomes a file that Lambda loads: used by the deployment and by whoever measures it. What weighs, and why
 * each setting stands: docs/decisions/0008-bundles-hold-what-lambda-can-reach.md
 */
import { globSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildOptions, buildSync } from 'esbuild';

const repository = fileURLToPath(new URL('..', import.meta.url));

/** Every entry point under `functions/`, such as `payments/handlers/create-top-up.ts`. */
export const handlerEntries = (): string[] => globSync('*/handlers/*.ts', { cwd: join(repository, 'functions') });

/** The names of the statement formats: one file each. */
export const statementFormatNames = (): string[] =>
  globSync('*.ts', { cwd: join(repository, 'functions/reconciliation/formats') })
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();

/** The folder of one handler's bundle, which holds `index.mjs` and its source map. */
export const bundleFolder = (folder: string, entry: string): string => join(folder, entry.replace(/\.ts$/, ''));

/**
 * The AWS SDK loads these by `import()` and only where they are needed, which is never here: a function has its
 * credentials and its region in the environment.
 */
const neverLoaded = [
  '@aws-sdk/credential-provider-http',
  '@aws-sdk/credential-provider-ini',
  '@aws-sdk/credential-provider-process',
  '@aws-sdk/credential-provider-sso',
  '@aws-sdk/credential-provider-web-identity',
  '@smithy/credential-provider-imds',
];

/**
 * Packages that weigh as much as a function and that few of its calls need: each lies beside the bundle as a package of its own,
 * and is loaded by `import()` when it is needed.
 */
const liesBeside = ['stripe', 'fast-xml-parser'];

/** The SDK's clients of these weigh 200 KB; a function needs eight of their operations. Elsewhere the SDK itself is used. */
const standIns = {
  '@aws-sdk/client-dynamodb': join(repository, 'functions/runtime/aws/dynamodb.ts'),
  '@aws-sdk/client-secrets-manager': join(repository, 'functions/runtime/aws/secrets-manager.ts'),
  '@aws-sdk/client-sqs': join(repository, 'functions/runtime/aws/sqs.ts'),
};

/**
 * Bundles handlers, each with what it uses as a single minified ESM file.
 *
 * All of them in one run of esbuild, which reads each file once; a run for every function (as `NodejsFunction` makes, by
 * a package runner) reads the AWS SDK fifty times over.
 *
 * @param entries as {@link handlerEntries} names them
 * @param folder where each gets its {@link bundleFolder}
 * @throws Error when a bundle would not start, since it imports what was left outside
 */
export function bundleHandlers(entries: readonly string[], folder: string): void {
  const { metafile } = buildSync({
    ...settings,
    entryPoints: entries.map((entry) => ({ in: `functions/${entry}`, out: join(bundleFolder('', entry), 'index') })),
    outdir: folder,
    outExtension: { '.js': '.mjs' },
    sourcemap: true,
    sourcesContent: false,
    // the SDK itself is bundled: the runtime's own is older than the one tested here, and loads more slowly
    external: [...neverLoaded, ...liesBeside],
    alias: standIns,
    metafile: true,
  });
  const missing = Object.values(metafile.outputs)
    .flatMap(({ imports }) => imports)
    .filter(({ kind, path }) => kind !== 'dynamic-import' && [...neverLoaded, ...liesBeside].includes(path));
  if (missing.length > 0) throw new Error(`a bundle loads at its start what it lacks: ${missing[0]?.path}`);

  for (const name of liesBeside) {
    const bundles = Object.entries(metafile.outputs).filter(([, { imports }]) =>
      imports.some(({ path }) => path === name),
    );
    if (bundles.length > 0)
      layBeside(
        name,
        bundles.map(([file]) => dirname(resolve(repository, file))),
      );
  }
}

/** A script outside of `functions/` as a handler would be bundled: for whoever measures what a function takes. */
export function bundleScript(entry: string, outfile: string): void {
  buildSync({ ...settings, entryPoints: [entry], outfile, external: [...neverLoaded, ...liesBeside], alias: standIns });
}

const settings = {
  absWorkingDir: repository,
  bundle: true,
  format: 'esm',
  platform: 'node',
  target: 'node24',
  // without keepNames, which costs a tenth of the size: our errors carry their names, and stack traces the source map
  minify: true,
  legalComments: 'none',
  mainFields: ['module', 'main'],
  // CommonJS dependencies inside an ESM bundle still call require for Node's own modules
  banner: { js: "import{createRequire as __r}from'node:module';const require=__r(import.meta.url);" },
  logLevel: 'error',
} satisfies BuildOptions;

/** Writes a package as one minified file where Node looks for it. */
function layBeside(name: string, folders: readonly string[]): void {
  const source = `export * from '${name}'; import * as all from '${name}'; export default all.default;`;
  const { outputFiles } = buildSync({ ...settings, stdin: { contents: source, resolveDir: repository }, write: false });
  for (const folder of folders) {
    const home = join(folder, 'node_modules', name);
    mkdirSync(home, { recursive: true });
    writeFileSync(join(home, 'package.json'), JSON.stringify({ type: 'module', exports: './index.js' }));
    writeFileSync(join(home, 'index.js'), outputFiles[0]?.contents ?? '');
  }
}
