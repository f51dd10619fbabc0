/** The environment in which tools and tests meet an emulator. */
import { delimiter } from 'node:path';
import { bin } from '../workspace.ts';

/** What a developer may have set for a real account, and must not leak into the emulated one. */
const foreign = /^(AWS_|CDK_DEFAULT_|NODE_OPTIONS$)/;

/** For an emulator of our own: everything of the caller's AWS settings is left out. */
export function emulatedAws(origin: string): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    ...withoutProxy(),
    AWS_ENDPOINT_URL: origin,
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
    AWS_REGION: 'us-east-1',
    AWS_DEFAULT_REGION: 'us-east-1',
    AWS_EC2_METADATA_DISABLED: 'true',
  };
}

/** For an emulator that the caller named by AWS_ENDPOINT_URL: their settings count, the usual ones fill the gaps. */
export function callersAws(): NodeJS.ProcessEnv {
  const region = process.env['AWS_REGION'] ?? process.env['AWS_DEFAULT_REGION'] ?? 'us-east-1';
  const named = process.env['AWS_PROFILE'] !== undefined || process.env['AWS_ACCESS_KEY_ID'] !== undefined;
  return {
    ...process.env,
    ...withoutProxy(),
    ...(!named && { AWS_ACCESS_KEY_ID: 'test', AWS_SECRET_ACCESS_KEY: 'test' }),
    AWS_REGION: region,
    AWS_DEFAULT_REGION: region,
  };
}

/** What the emulator itself gets. Functions inherit it, and run on the first `node` of its PATH: Lambda's own version. */
export function emulatorProcess(settings: Readonly<Record<string, string>>): NodeJS.ProcessEnv {
  const kept = Object.entries(process.env).filter(([name]) => /^(HOME|LANG|LC_|TMPDIR|TZ|PATH$)/.test(name));
  const path = [bin('').replace(/\/$/, ''), process.env['PATH']].join(delimiter);
  return { ...Object.fromEntries(kept), ...settings, PATH: path };
}

function withoutProxy(): NodeJS.ProcessEnv {
  const hosts = [process.env['NO_PROXY'] ?? process.env['no_proxy'], 'localhost', '127.0.0.1']
    .filter(Boolean)
    .join(',');
  return { NO_PROXY: hosts, no_proxy: hosts };
}
