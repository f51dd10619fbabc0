/** Which port the emulator gets, and a clear word when it is taken. */
import { createServer } from 'node:net';
import { Failure } from '../failure.ts';

/** @throws Failure when FUND_CENTER_PORT is no port. */
export function chosenPort(): number {
  const text = process.env['FUND_CENTER_PORT'] || '4566';
  const port = Number(text);
  if (!Number.isInteger(port) || port < 1 || port > 65_535) {
    throw new Failure(`FUND_CENTER_PORT must be a port number from 1 to 65535, and is "${text}"`);
  }
  return port;
}

/** A port that nobody listens on right now. */
export const freePort = (): Promise<number> => listenOn(0);

/** @throws Failure that tells who answers on the port and what to do. */
export async function expectPortFree(port: number): Promise<void> {
  try {
    await listenOn(port);
  } catch {
    const origin = `http://localhost:${port}`;
    const holder = (await answers(`${origin}/_ministack/health`))
      ? `another MiniStack (to use it, set AWS_ENDPOINT_URL=${origin})`
      : (await answers(`${origin}/_localstack/health`))
        ? 'a LocalStack'
        : 'another program';
    throw new Failure(`port ${port} is taken by ${holder}: stop it, or choose another port with FUND_CENTER_PORT=4600`);
  }
}

const listenOn = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    const server = createServer();
    server.on('error', reject);
    server.listen(port, '127.0.0.1', () => {
      const address = server.address();
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port));
    });
  });

export async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(url, { signal: AbortSignal.timeout(2_000) })).ok;
  } catch {
    return false; // nobody there is an answer to this question
  }
}

/** Whether anything answers, with whatever status. */
export async function isSomethingAt(url: string): Promise<boolean> {
  try {
    await fetch(url, { signal: AbortSignal.timeout(2_000) });
    return true;
  } catch {
    return false; // nobody there is an answer to this question
  }
}
