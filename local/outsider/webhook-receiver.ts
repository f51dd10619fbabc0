/** A business app's receiver of webhooks, in this process: what it gets it verifies, and it behaves as its path says. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

export interface Received {
  readonly path: string;
  readonly webhookId: string;
  readonly signatures: number;
  /** as the library gives it out after verifying; undefined where no known secret signed it */
  readonly message: { readonly type: string; readonly data: Readonly<Record<string, unknown>> } | undefined;
}

export interface WebhookReceiver {
  readonly received: Received[];
  readonly urlOf: (path: string) => string;
  readonly trust: (path: string, secret: string) => void;
  /** a status, or silence; 204 unless told */
  readonly behave: (path: string, manner: number | 'hang') => void;
  readonly close: () => Promise<void>;
}

export async function startReceiver(): Promise<WebhookReceiver> {
  const received: Received[] = [];
  const secrets = new Map<string, string>();
  const manners = new Map<string, number | 'hang'>();
  const server: Server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk);
    const path = request.url ?? '';
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    const webhookId = headers['webhook-id'] ?? '';
    const signatures = (headers['webhook-signature'] ?? '').split(' ').length;
    received.push({ path, webhookId, signatures, message: verified(path, Buffer.concat(chunks).toString(), headers) });
    const manner = manners.get(path) ?? 204;
    if (manner !== 'hang') response.writeHead(manner).end();
  });
  const verified = (path: string, body: string, headers: Record<string, string>): Received['message'] => {
    try {
      return new Webhook(secrets.get(path) ?? '').verify(body, headers) as Received['message']; // what it verified
    } catch {
      return undefined;
    }
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo; // it listens on a port
  return {
    received,
    urlOf: (path) => `http://localhost:${port}${path}`,
    trust: (path, secret) => void secrets.set(path, secret),
    behave: (path, manner) => void manners.set(path, manner),
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(() => resolve()));
    },
  };
}
