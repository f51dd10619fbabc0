/**
 * The entry of every npm script, in plain JavaScript for whatever Node the machine has: installs the packages when that
 * is due, then runs `local/<command>.ts` on the Node of Lambda, which is one of the packages.
 */
import { spawn } from 'node:child_process';
import { appendFileSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';

const repository = join(import.meta.dirname ?? new URL('.', import.meta.url).pathname, '..');
const bin = join(repository, 'node_modules', '.bin');
const node = join(bin, 'node');

const [command = '', ...rest] = process.argv.slice(2);
process.chdir(repository);

if (Number.parseInt(process.versions.node, 10) < 20) {
  fail(`Node ${process.versions.node} is too old: install Node 20 or newer, see https://nodejs.org`);
}
if (!existsSync(join('local', `${command}.ts`))) fail(`there is no command "${command}"; package.json lists them`);
if (installIsDue()) await install();
process.exitCode = await run(node, [join('local', `${command}.ts`), ...rest], { stdio: 'inherit' });

/** npm writes its own copy of the lock file when it has installed what the lock file says. */
function installIsDue() {
  const installed = join('node_modules', '.package-lock.json');
  if (!existsSync(installed) || !existsSync(node)) return true;
  return statSync(installed).mtimeMs + 2_000 < statSync('package-lock.json').mtimeMs;
}

async function install() {
  const log = join('.local', 'install.log');
  mkdirSync('.local', { recursive: true });
  writeFileSync(log, '');
  const started = Date.now();
  const seconds = () => `${Math.round((Date.now() - started) / 1000)} s`;
  const terminal = process.stdout.isTTY;
  process.stdout.write(terminal ? 'Installing npm packages …' : 'Installing npm packages …\n');
  const ticking =
    terminal && setInterval(() => process.stdout.write(`\rInstalling npm packages … ${seconds()}`), 1_000);
  // not `npm ci`, which refuses a lock file that does not name the optional packages of every platform; versions are
  // the lock file's all the same, and it is not touched
  const code = await run('npm', ['install', '--no-save', '--no-audit', '--no-fund', '--loglevel=error'], {
    stdio: ['ignore', 'pipe', 'pipe'],
    output: (text) => appendFileSync(log, text),
  });
  if (ticking) clearInterval(ticking);
  if (terminal) process.stdout.write('\r\x1b[K');
  if (code !== 0) {
    const lines = readFileSync(log, 'utf8').trim().split('\n').slice(-6).join('\n  ');
    fail(`npm could not install the packages (the whole log: ${log}):\n  ${lines}`);
  }
  if (!existsSync(node)) {
    fail(
      'the package "node" did not install its program: allow install scripts (npm config ignore-scripts) and repeat',
    );
  }
  console.log(`✔ npm packages installed (${seconds()})`);
}

/** Runs a program to its end; passes on what asks us to stop. @returns its exit code */
function run(program, args, { output, stdio }) {
  return new Promise((resolve) => {
    const path = [bin, process.env.PATH].join(delimiter);
    const child = spawn(program, args, { stdio, env: { ...process.env, PATH: path } });
    child.stdout?.on('data', output);
    child.stderr?.on('data', output);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
    if (process.env.npm_lifecycle_event) stopWhenOrphaned(child);
    child.on('error', (error) => {
      console.error(`✖ ${program} could not be started: ${error.message}`);
      resolve(1);
    });
    child.on('exit', (code) => resolve(code ?? 1));
  });
}

/** An npm that is told to end does so at once and leaves its scripts behind. */
function stopWhenOrphaned(child) {
  const parent = process.ppid;
  setInterval(() => process.ppid === parent || child.kill('SIGTERM'), 500).unref();
}

function fail(message) {
  console.error(`✖ ${message}`);
  process.exit(1);
}
