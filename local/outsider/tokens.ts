/** OAuth2 client credentials: a token is asked for once and used until shortly before it ends. */
import * as z from 'zod';

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

const tokenSchema = z.object({ access_token: z.string(), expires_in: z.number() });
const earlyMs = 60_000;

export function tokenSource(tokenUrl: string, credentials: () => Promise<Credentials>): () => Promise<string> {
  let held: { readonly token: Promise<string>; readonly until: number } | undefined;
  return () => {
    if (held === undefined || Date.now() >= held.until) {
      const asked = credentials().then((known) => askForToken(tokenUrl, known));
      held = { token: asked.then(({ access_token }) => access_token), until: Date.now() + earlyMs };
      const { token } = held;
      asked.then(
        ({ expires_in }) => {
          held = { token, until: Date.now() + expires_in * 1000 - earlyMs };
        },
        () => {
          held = undefined; // whoever waits for the token gets the error; the next caller asks anew
        },
      );
    }
    return held.token;
  };
}

export async function askForToken(tokenUrl: string, { clientId, clientSecret }: Credentials) {
  const response = await fetch(tokenUrl, {
    method: 'POST',
    headers: {
      authorization: `Basic ${Buffer.from(`${clientId}:${clientSecret}`).toString('base64')}`,
      'content-type': 'application/x-www-form-urlencoded',
    },
    body: 'grant_type=client_credentials',
    signal: AbortSignal.timeout(15_000),
  });
  if (!response.ok) throw new Error(`${tokenUrl} answered ${response.status}: ${await response.text()}`);
  return tokenSchema.parse(await response.json());
}
