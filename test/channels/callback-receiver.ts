/** Where a channel's callbacks arrive. It listens on this machine, so the channel must run here too, on an emulator. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll } from '@jest/globals';
import type { CallbackMessage, ChannelAdapter, ChannelId } from '../../functions/channels/index.ts';

export interface CallbackReceiver {
  readonly url: string;
  /** all that came, oldest first */
  readonly messages: readonly CallbackMessage[];
  /** @returns the message of that place, as soon as it is there @throws Error when it does not come in time */
  readonly message: (place: number, timeoutMs?: number) => Promise<CallbackMessage>;
}

const servers: Server[] = [];

afterAll(() => {
  for (const server of servers) {
    server.closeAllConnections();
    server.close();
  }
});

/** Listens until the tests of the file are over. Answers what the adapter says; a message that it does not believe is answered 400. */
export async function receiveCallbacks(adapter: ChannelAdapter, channel: ChannelId): Promise<CallbackReceiver> {
  const messages: CallbackMessage[] = [];
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', async () => {
      const message: CallbackMessage = {
        channel,
        headers: Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, value?.toString()])),
        body: Buffer.concat(parts).toString(),
        receivedAt: new Date(),
      };
      messages.push(message);
      const parsed = await adapter.parseCallback(message);
      if (parsed.outcome === 'rejected') response.writeHead(400).end(parsed.reason);
      else response.writeHead(200, { 'content-type': parsed.answer.contentType }).end(parsed.answer.body);
    });
  });
  servers.push(server);
  await new Promise<void>((ready) => server.listen(0, 'localhost', ready));
  const { port } = server.address() as AddressInfo; // a server that listens on a port has one
  return {
    url: `http://localhost:${port}/v1/channels/${channel}/callbacks`,
    messages,
    message: async (place, timeoutMs = 30_000) => {
      const until = Date.now() + timeoutMs;
      for (;;) {
        const message = messages[place];
        if (message) return message;
        if (Date.now() > until) throw new Error(`${messages.length} callbacks came in ${timeoutMs} ms`);
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    },
  };
}
