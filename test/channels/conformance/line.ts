/**
 * The line between an adapter and its channel: a small HTTP server that hands everything on, until it is told to cut,
 * hold back, garble or keep. So an adapter can be seen with a bad line without the channel having to play a part.
 */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

interface Carried {
  readonly method: string;
  readonly path: string;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

interface Answer {
  readonly status: number;
  readonly headers: Record<string, string>;
  readonly body: Buffer;
}

interface Handling {
  readonly request: Carried;
  readonly response: ServerResponse;
  /** hands the request to the channel */
  readonly forward: () => Promise<Answer>;
}

/** Whether the channel got the request, which the adapter can't know. */
export interface Fault {
  readonly name: string;
  readonly arrives: boolean;
  /** whether the adapter waits for nothing until it gives up */
  readonly silent?: true;
  readonly handle: (handling: Handling, line: LineMemory) => Promise<void> | void;
}

interface LineMemory {
  readonly kept: Carried[];
  readonly held: ServerResponse[];
}

const page = '<html><body><h1>502 Bad Gateway</h1></body></html>';

/** The worst there is: money has moved, and nothing tells. */
export const cutAfterArrival: Fault = {
  name: 'is cut after the order has arrived',
  arrives: true,
  handle: async ({ forward, response }) => {
    await forward();
    cut(response);
  },
};

/** After each of these the adapter knows nothing. */
export const faults: readonly Fault[] = [
  { name: 'is cut before the order arrives', arrives: false, handle: ({ response }) => cut(response) },
  cutAfterArrival,
  {
    name: 'is cut in the middle of the answer',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { status, headers, body } = await forward();
      response.writeHead(status, { ...headers, 'content-length': String(body.length + 1) });
      response.write(body, () => cut(response));
    },
  },
  {
    name: 'is too slow',
    arrives: true,
    silent: true,
    handle: async ({ forward, response }, { held }) => {
      await forward();
      held.push(response); // until the fault is over
    },
  },
  {
    name: 'begins to answer and goes on for ever',
    arrives: true,
    silent: true,
    handle: async ({ forward, response }, { held }) => {
      const { status, headers } = await forward();
      response.writeHead(status, { ...headers, 'content-type': headers['content-type'] ?? 'application/json' });
      const drip = setInterval(() => response.write(' '), 100);
      response.on('close', () => clearInterval(drip));
      held.push(response);
    },
  },
  {
    name: 'answers for the channel that it is down',
    arrives: false,
    handle: ({ response }) => {
      response.writeHead(502, { 'content-type': 'text/html' }).end(page);
    },
  },
  {
    name: 'turns a good answer into a fault of the server',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { headers, body } = await forward();
      response.writeHead(500, headers).end(body);
    },
  },
  {
    name: 'answers with a page of its own',
    arrives: false,
    handle: ({ response }) => {
      response.writeHead(200, { 'content-type': 'text/html' }).end(page);
    },
  },
  {
    name: 'answers with nothing',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { headers } = await forward();
      response.writeHead(200, headers).end();
    },
  },
  {
    name: 'answers with an empty object',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { headers } = await forward();
      response.writeHead(200, headers).end('{}');
    },
  },
  {
    name: 'sends the adapter elsewhere',
    arrives: false,
    handle: ({ response }) => {
      response.writeHead(307, { location: 'http://127.0.0.1:1/' }).end();
    },
  },
];

/** These only a channel that signs its answers can be protected from on a line that anybody reads. */
export const forgeries: readonly Fault[] = [
  {
    name: 'alters one character of the answer',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { status, headers, body } = await forward();
      const altered = Buffer.from(body);
      // a digit where there is one, so that the answer stays well formed and only says something else
      const digit = altered.findLastIndex((byte) => byte >= 0x30 && byte <= 0x39);
      const at = digit >= 0 ? digit : Math.max(0, altered.length - 3);
      altered[at] = altered[at] === 0x31 ? 0x32 : 0x31;
      response.writeHead(status, headers).end(altered);
    },
  },
  {
    name: 'takes all that stands beside the answer off',
    arrives: true,
    handle: async ({ forward, response }) => {
      const { status, headers, body } = await forward();
      response.writeHead(status, { 'content-type': headers['content-type'] ?? 'text/plain' }).end(body);
    },
  },
];

/** The order is on its way and arrives when {@link Line.deliverKept} lets it. */
const keeping: Fault = {
  name: 'keeps the order',
  arrives: false,
  handle: ({ request, response }, { kept }) => {
    kept.push(request);
    cut(response);
  },
};

export class Line {
  readonly #server: Server;
  readonly #target: string;
  readonly #memory: LineMemory = { kept: [], held: [] };
  #fault: Fault | undefined;
  #carried: Carried[] = [];

  private constructor(server: Server, target: string) {
    this.#server = server;
    this.#target = target;
    server.on('request', (request, response) => {
      this.#handle(request, response).catch(() => cut(response)); // the channel itself is not there
    });
  }

  /** @param target where the channel is, without a slash at the end */
  static async to(target: string): Promise<Line> {
    const server = createServer();
    const line = new Line(server, target);
    await new Promise<void>((ready) => server.listen(0, '127.0.0.1', ready));
    return line;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port; // a server that listens on a port has one
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}`;
  }

  /** Whether an adapter now waits for an answer that never comes. */
  get silent(): boolean {
    return this.#fault?.silent ?? false;
  }

  /** Does the work with a fault on the line, and counts how often something was posted meanwhile. */
  async during<Result>(fault: Fault, work: () => Promise<Result>): Promise<{ result: Result; posted: number }> {
    this.#fault = fault;
    this.#carried = [];
    try {
      const result = await work();
      return { result, posted: this.#carried.filter(({ method }) => method === 'POST').length };
    } finally {
      this.#fault = undefined;
      for (const response of this.#memory.held.splice(0)) cut(response);
    }
  }

  /** Does the work while the line keeps what goes over it. */
  keep<Result>(work: () => Promise<Result>): Promise<{ result: Result; posted: number }> {
    return this.during(keeping, work);
  }

  /** Hands over what was kept: the channel gets it late. */
  async deliverKept(): Promise<void> {
    for (const request of this.#memory.kept.splice(0)) await this.#forward(request);
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  async #handle(incoming: IncomingMessage, response: ServerResponse): Promise<void> {
    const request = await readRequest(incoming);
    this.#carried.push(request);
    const forward = () => this.#forward(request);
    if (this.#fault) return this.#fault.handle({ request, response, forward }, this.#memory);
    const { status, headers, body } = await forward();
    response.writeHead(status, headers).end(body);
  }

  async #forward({ method, path, headers, body }: Carried): Promise<Answer> {
    const response = await fetch(this.#target + path, {
      method,
      headers,
      redirect: 'manual',
      ...(method !== 'GET' && method !== 'HEAD' && { body: new Uint8Array(body) }),
    });
    return {
      status: response.status,
      headers: Object.fromEntries([...response.headers].filter(([name]) => !ofOneHop.has(name))),
      body: Buffer.from(await response.arrayBuffer()),
    };
  }
}

/** Headers that are about one connection, or about how the body is packed, which `fetch` undoes. */
const ofOneHop = new Set([
  'connection',
  'content-encoding',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'transfer-encoding',
]);

async function readRequest(request: IncomingMessage): Promise<Carried> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const headers = Object.entries(request.headers).flatMap(([name, value]) =>
    value === undefined || ofOneHop.has(name) ? [] : [[name, String(value)] as const],
  );
  return {
    method: request.method ?? 'GET',
    path: request.url ?? '/',
    headers: Object.fromEntries(headers),
    body: Buffer.concat(parts),
  };
}

const cut = (response: ServerResponse): void => {
  response.socket?.destroy();
};
