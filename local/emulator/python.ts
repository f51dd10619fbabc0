/** A private Python environment under `.local/python` with the pinned emulator, whose requirements carry hashes. */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Program, runCaptured, runLogged } from '../child.ts';
import { localFolder, repository } from '../workspace.ts';

const folder = join(localFolder, 'python');
const packages = join(folder, 'packages');
const stamp = join(folder, 'installed.json');
const log = join(localFolder, 'python.log');
const requirements = join(repository, 'local', 'requirements.txt');

/** Python 3.10 or newer of this machine; undefined where there is none. `PYTHON` names one that is not on the PATH. */
export async function findPython(): Promise<string | undefined> {
  const names = ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11', 'python3.10', 'python'];
  for (const command of [process.env['PYTHON'], ...names]) {
    if (command === undefined) continue;
    const args = ['-c', 'import sys; sys.exit(sys.version_info < (3, 10))'];
    if ((await runCaptured({ command, args })).code === 0) return command;
  }
  return undefined;
}

/**
 * Installs the emulator unless the same requirements are there already.
 *
 * Debian keeps venv's own pip in a package of its own; where that is missing, pip installs into a plain folder.
 *
 * @throws Failure when Python has neither venv nor pip, or a package could not be had.
 */
export async function installEmulator(python: string): Promise<Program> {
  const wanted = createHash('sha256').update(python).update(readFileSync(requirements)).digest('hex');
  if (installedAs(wanted) === undefined) {
    rmSync(folder, { recursive: true, force: true });
    const into = await installPackages(python);
    writeFileSync(stamp, JSON.stringify({ wanted, into }));
  }
  return installedAs(wanted) === 'environment'
    ? { command: join(folder, 'bin', 'python'), args: ['-m', 'ministack'] }
    : { command: python, args: ['-m', 'ministack'], env: { PYTHONPATH: packages } };
}

type Place = 'environment' | 'folder';

function installedAs(wanted: string): Place | undefined {
  if (!existsSync(stamp)) return undefined;
  const installed = JSON.parse(readFileSync(stamp, 'utf8')) as { wanted: string; into: Place }; // we wrote it
  return installed.wanted === wanted ? installed.into : undefined;
}

async function installPackages(python: string): Promise<Place> {
  const pip = (extra: readonly string[]) =>
    ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '--no-input', '--require-hashes'].concat(extra);
  const what = 'installing the emulator with pip';
  const made = await runCaptured({ command: python, args: ['-m', 'venv', folder] });
  if (made.code === 0) {
    const args = pip(['-r', requirements]);
    await runLogged(what, { command: join(folder, 'bin', 'python'), args }, { log });
    return 'environment';
  }
  rmSync(folder, { recursive: true, force: true });
  await runLogged(
    `${what} (Python has no venv; on Debian or Ubuntu: apt-get install python3-venv)`,
    { command: python, args: pip(['--target', packages, '-r', requirements]) },
    { log },
  );
  return 'folder';
}
