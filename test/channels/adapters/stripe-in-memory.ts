/**
 * Stripe's memory, before `stripe-mock`: each request goes there first, to be held against Stripe's API; what it answers is
 * then filled with the state that the request brings about, by Stripe's documentation of its test payment methods, of
 * idempotency keys and of the life of payments, pages, refunds and transfers. Each secret key is an account of its own.
 */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** An object of Stripe's; the fixtures have some sixty fields. */
export type StripeObject = Record<string, unknown> & { readonly id: string; readonly metadata: Record<string, string> };

interface Reply {
  readonly status: number;
  readonly body: object;
}

class Account {
  readonly keys = new Map<string, { readonly request: string; readonly reply: Promise<Reply> }>();
  readonly objects: StripeObject[] = [];

  of(kind: string): StripeObject[] {
    return this.objects.filter(({ object }) => object === kind);
  }

  find(id: string): StripeObject | undefined {
    return this.objects.find((each) => each.id === id);
  }

  replace(object: StripeObject, facts: object): StripeObject {
    const changed = { ...object, ...facts };
    this.objects.splice(this.objects.indexOf(object), 1, changed);
    return changed;
  }
}

interface Request {
  readonly method: string;
  readonly path: string;
  readonly facts: URLSearchParams;
  readonly fixture: Record<string, unknown>;
}

/** A transfer of more than this is more than the account's balance. */
export const wholeBalance = 1_000_000;

export class StripeInMemory {
  readonly #accounts = new Map<string, Account>();
  readonly #server: Server;

  constructor(mockUrl: string) {
    this.#server = createServer(async (incoming, response) => {
      const text = await textOf(incoming);
      const url = new URL(incoming.url ?? '/', mockUrl);
      const { method = 'GET' } = incoming;
      const account = this.account(incoming.headers.authorization ?? '');
      const key = incoming.headers['idempotency-key']?.toString();
      const request = `${method} ${url.pathname} ${text}`;
      const known = key === undefined ? undefined : account.keys.get(key);
      const replying =
        known === undefined ? answer() : known.request === request ? known.reply : Promise.resolve(error(400, usedKey));
      if (key !== undefined && known === undefined) account.keys.set(key, { request, reply: replying });
      const reply = await replying;
      response.writeHead(reply.status, { 'content-type': 'application/json' }).end(JSON.stringify(reply.body));

      async function answer(): Promise<Reply> {
        const authorization = incoming.headers.authorization ?? '';
        const type = 'application/x-www-form-urlencoded';
        const checked = await fetch(url, {
          method,
          headers: { authorization, 'content-type': type },
          ...(method === 'POST' && { body: text }),
        });
        const fixture = (await checked.json()) as Record<string, unknown>; // stripe-mock answers with objects
        if (checked.status !== 200) return { status: checked.status, body: fixture };
        const facts = method === 'POST' ? new URLSearchParams(text) : url.searchParams;
        return perform(account, { method, path: url.pathname, facts, fixture });
      }
    });
  }

  account(authorization: string): Account {
    const account = this.#accounts.get(authorization) ?? new Account();
    this.#accounts.set(authorization, account);
    return account;
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // a server that listens on a port has one
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }
}

/** The payer pays on the page: only then is there a payment. */
export function payOnPage(account: Account, order: string): void {
  const page = account
    .of('checkout.session')
    .find(({ metadata, status }) => metadata['order'] === order && status === 'open');
  if (!page) throw new Error('the page is closed');
  const intent = {
    ...succeededIntent,
    id: newId('pi'),
    metadata: page.metadata,
    created: now(),
    amount: 10_000,
    currency: 'usd',
  };
  account.objects.push(intent);
  account.replace(page, { status: 'complete', payment_intent: intent });
}

const succeededIntent = {
  object: 'payment_intent',
  status: 'succeeded',
  latest_charge: { object: 'charge', created: now() },
  last_payment_error: null,
};

function perform(account: Account, request: Request): Reply {
  const { method, path, facts } = request;
  const [, , kind = '', id = '', act = ''] = path.replace('checkout/sessions', 'sessions').split('/');
  if (method === 'POST' && act !== '') return end(account, { kind, id });
  if (method === 'POST') return create(account, request, kind);
  if (kind === 'balance')
    return { status: 200, body: { ...request.fixture, available: [{ amount: wholeBalance, currency: 'usd' }] } };
  return list(account, { kind, facts });
}

function create(account: Account, { facts, fixture }: Request, kind: string): Reply {
  const amount = Number(facts.get('amount') ?? facts.get('line_items[0][price_data][unit_amount]'));
  const object: StripeObject = {
    ...fixture,
    id: newId({ payment_intents: 'pi', sessions: 'cs', refunds: 're', transfers: 'tr' }[kind] ?? 'obj'),
    amount,
    currency: facts.get('currency') ?? 'usd',
    created: now(),
    metadata: metadataOf(facts),
  };
  switch (kind) {
    case 'payment_intents':
      return pay(account, object, facts);
    case 'sessions':
      return keep(account, {
        ...object,
        status: 'open',
        url: `https://checkout.stripe.com/c/pay/${object.id}`,
        payment_intent: null,
      });
    case 'refunds': {
      const refunded = account.of('refund').filter((each) => each['payment_intent'] === facts.get('payment_intent'));
      const sum = refunded.reduce((so, each) => so + Number(each['amount']), amount);
      const paid = Number(account.find(facts.get('payment_intent') ?? '')?.['amount'] ?? 0);
      if (sum > paid) return error(400, { type: 'invalid_request_error', message: 'greater than unrefunded amount' });
      return keep(account, { ...object, payment_intent: facts.get('payment_intent'), status: 'succeeded' });
    }
    default:
      if (amount > wholeBalance) return error(400, { type: 'invalid_request_error', code: 'balance_insufficient' });
      return keep(account, object);
  }
}

function pay(account: Account, object: StripeObject, facts: URLSearchParams): Reply {
  if (Number(object['amount']) < 50) return error(400, { type: 'invalid_request_error', code: 'amount_too_small' });
  const unpaid = {
    ...object,
    status: 'requires_payment_method',
    latest_charge: null,
    last_payment_error: null,
    next_action: null,
  };
  switch (facts.get('payment_method')) {
    case null: // not confirmed
      return keep(account, unpaid);
    case 'pm_card_visa_chargeDeclinedInsufficientFunds': {
      const failure = { type: 'card_error', code: 'card_declined', decline_code: 'insufficient_funds' };
      account.objects.push({ ...unpaid, last_payment_error: failure });
      return error(402, { ...failure, payment_intent: { ...unpaid, last_payment_error: failure } });
    }
    case 'pm_card_authenticationRequired':
      if (facts.get('off_session') === 'true') {
        const failure = {
          type: 'card_error',
          code: 'authentication_required',
          decline_code: 'authentication_required',
        };
        account.objects.push({ ...unpaid, last_payment_error: failure });
        return error(402, { ...failure, payment_intent: { ...unpaid, last_payment_error: failure } });
      }
      return keep(account, {
        ...unpaid,
        status: 'requires_action',
        next_action: { type: 'redirect_to_url', redirect_to_url: { url: 'https://hooks.stripe.com/3d_secure/1' } },
      });
    default:
      return keep(account, {
        ...unpaid,
        ...succeededIntent,
        object: 'payment_intent',
        latest_charge: { object: 'charge', created: now() },
      });
  }
}

function end(account: Account, { kind, id }: { readonly kind: string; readonly id: string }): Reply {
  const object = account.find(id);
  if (!object) return error(404, { type: 'invalid_request_error', code: 'resource_missing' });
  const final = kind === 'sessions' ? object['status'] !== 'open' : object['status'] === 'succeeded';
  if (final) return error(400, { type: 'invalid_request_error', code: `${kind}_unexpected_state` });
  return { status: 200, body: account.replace(object, { status: kind === 'sessions' ? 'expired' : 'canceled' }) };
}

function list(account: Account, { kind, facts }: { readonly kind: string; readonly facts: URLSearchParams }): Reply {
  const search = /metadata\['order'\]:'(\w+)' AND metadata\['kind'\]:'(\w+)'/.exec(facts.get('query') ?? '');
  const objects = account.of(
    { payment_intents: 'payment_intent', sessions: 'checkout.session', refunds: 'refund', transfers: 'transfer' }[
      kind
    ] ?? '',
  );
  const group = facts.get('transfer_group');
  const intent = facts.get('payment_intent');
  const data = objects
    .filter(({ metadata }) => !search || (metadata['order'] === search[1] && metadata['kind'] === search[2]))
    .filter((each) => group === null || each['transfer_group'] === group)
    .filter((each) => intent === null || idOf(each['payment_intent']) === intent)
    .toReversed();
  return { status: 200, body: { object: 'list', data, has_more: false } };
}

const idOf = (reference: unknown): unknown =>
  typeof reference === 'object' && reference !== null && 'id' in reference ? reference.id : reference;

const metadataOf = (facts: URLSearchParams): Record<string, string> =>
  Object.fromEntries(
    [...facts].flatMap(([name, value]) => {
      const field = /^metadata\[(\w+)\]$/.exec(name)?.[1];
      return field === undefined ? [] : [[field, value] as const];
    }),
  );

function keep(account: Account, object: StripeObject): Reply {
  account.objects.push(object);
  return { status: 200, body: object };
}

const usedKey = {
  type: 'idempotency_error',
  message: 'Keys for idempotent requests can only be used with the same parameters',
};
const error = (status: number, facts: object): Reply => ({ status, body: { error: { message: 'No.', ...facts } } });
const newId = (kind: string): string => `${kind}_${randomUUID().replaceAll('-', '')}`;

function now(): number {
  return Math.floor(Date.now() / 1000);
}

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
