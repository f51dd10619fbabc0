/** The emulator's own image, for a machine with a Docker engine and no Python. */
import { type Program, runCaptured } from '../child.ts';

const image = 'ministackorg/ministack:1.5.33';

export const dockerRuns = async (): Promise<boolean> =>
  (await runCaptured({ command: 'docker', args: ['version', '--format', '{{.Server.Version}}'] }, 10_000)).code === 0;

/** Runs in the foreground, and goes when it is stopped. The port is the same inside, since URLs carry it. */
export const emulatorInDocker = (port: number, settings: Readonly<Record<string, string>>): Program => ({
  command: 'docker',
  args: [
    ...['run', '--rm', '--init', '--name', `fund-center-${port}`, '--publish', `127.0.0.1:${port}:${port}`],
    ...Object.entries({ ...settings, BIND_HOST: '0.0.0.0' }).flatMap(([name, value]) => ['--env', `${name}=${value}`]),
    image,
  ],
});
