/** A payment company in memory, over real HTTP: it keeps to the contract in the plainest way, for the kit's own tests. */
import { randomUUID } from 'node:crypto';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { hmacKey, signatureHeaders, signResponse, verifyRequest } from '../../../functions/kernel/message-signature.ts';

export const referenceSecret = 'the secret of both sides';
export const rightCode = '246810';

type State =
  | { outcome: 'succeeded'; tradeNo: string; completedAt: string }
  | { outcome: 'refused'; reason: string; retryElsewhere: boolean }
  | { outcome: 'awaiting_code' | 'awaiting_page' };

interface Kept {
  /** what arrived, to tell a repetition from another order */
  readonly arrived: string;
  state: State;
  readonly amount: number;
  refunded: number;
  moved: number;
}

type Input = Record<string, string | number | Input[]> & { readonly merchantNo: string };

/** Broken on purpose, one at a time. */
export interface ChannelDefects {
  readonly carriesRepetitionsOut?: boolean;
  readonly takesLateArrivals?: boolean;
  readonly sharesNumbers?: boolean;
  readonly refundsTooMuch?: boolean;
  readonly paysClosedPages?: boolean;
}

export class ReferenceChannel {
  readonly #orders = new Map<string, Kept>();
  readonly #bindings = new Map<string, string>();
  readonly #verdicts = new Map<string, object>();
  readonly #server: Server;
  readonly #defects: ChannelDefects;

  constructor(defects: ChannelDefects = {}) {
    this.#defects = defects;
    this.#server = createServer(async (request, response) => {
      const body = await textOf(request);
      const path = request.url ?? '';
      const key = hmacKey(referenceSecret);
      const headers = Object.fromEntries(
        Object.values(signatureHeaders).map((name) => [name, request.headers[name]?.toString()]),
      );
      const check = verifyRequest(key, { method: 'POST', path, body }, headers, new Date());
      if (!check.verified) {
        response.writeHead(401).end();
        return;
      }
      const answer = JSON.stringify(this.#answer(path, JSON.parse(body)));
      const stamp = { sentAt: new Date(), nonce: check.nonce };
      response.writeHead(200, signResponse(key, { status: 200, body: answer }, stamp)).end(answer);
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((ready) => this.#server.listen(0, '127.0.0.1', ready));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`; // a server that listens on a port has one
  }

  async close(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((closed) => this.#server.close(closed));
  }

  timesMoved(reference: { merchantNo: string; kind: string; channelOrderNo: string }): number {
    return this.#orders.get(this.#key({ ...reference }))?.moved ?? 0;
  }

  payOnPage(reference: { merchantNo: string; kind: string; channelOrderNo: string }): void {
    const order = this.#orders.get(this.#key({ ...reference }));
    if (order && (order.state.outcome === 'awaiting_page' || this.#defects.paysClosedPages)) this.#succeed(order);
  }

  #key({ merchantNo, kind, channelOrderNo }: Record<string, unknown>): string {
    return `${this.#defects.sharesNumbers ? '' : merchantNo}/${kind}/${channelOrderNo}`;
  }

  #answer(path: string, input: Input): object {
    switch (path) {
      case '/orders':
        return this.#order(input);
      case '/batches':
        for (const line of input['lines'] as Input[])
          this.#order({ ...line, merchantNo: input.merchantNo, kind: 'payout' });
        return { outcome: 'accepted' };
      case '/queries':
        return this.#orders.get(this.#key(input))?.state ?? { outcome: 'not_found' };
      case '/closures':
        return this.#close(input);
      case '/codes':
        return this.#confirm(input);
      case '/bindings':
        return this.#bind(input);
      case '/binding-codes':
        return input['code'] === rightCode ? this.#agreed(input) : refusal('wrong_code', false);
      case '/verifications':
        return this.#verify(input);
      case '/verdicts':
        return this.#verdicts.get(String(input['requestNo'])) ?? { outcome: 'not_found' };
      default:
        return { outcome: 'known', amount: 5_000_000, currency: 'CNY' };
    }
  }

  #order(input: Input): object {
    const arrived = JSON.stringify(input);
    const known = this.#orders.get(this.#key(input));
    if (known && !(this.#defects.takesLateArrivals && known.arrived === '')) {
      if (known.arrived !== arrived && known.arrived !== '') return { outcome: 'another_order' };
      if (this.#defects.carriesRepetitionsOut && known.moved > 0) known.moved += 1;
      return known.state;
    }
    const order: Kept = {
      arrived,
      state: refusal('unheard_of', false),
      amount: Number(input['amount']),
      refunded: 0,
      moved: 0,
    };
    this.#orders.set(this.#key(input), order);
    const original = this.#orders.get(this.#key({ ...input, kind: 'collection', channelOrderNo: input['original'] }));
    if (input['kind'] === 'refund') {
      if (!original || (original.refunded + order.amount > original.amount && !this.#defects.refundsTooMuch)) {
        order.state = refusal('refund_exceeds_payment', false);
        return order.state;
      }
      original.refunded += order.amount;
    }
    this.#end(order, String(input['agreementNo'] ?? input['bank'] ?? 'succeeds'));
    return order.state;
  }

  #end(order: Kept, agreementNo: string): void {
    if (agreementNo.startsWith('refused_here')) order.state = refusal('channel_busy', true);
    else if (agreementNo.startsWith('refused')) order.state = refusal('insufficient_balance', false);
    else if (agreementNo.startsWith('awaits_code')) order.state = { outcome: 'awaiting_code' };
    else if (agreementNo.startsWith('awaits_page')) order.state = { outcome: 'awaiting_page' };
    else this.#succeed(order);
  }

  #succeed(order: Kept): void {
    order.moved += 1;
    order.state = { outcome: 'succeeded', tradeNo: `T${randomUUID()}`, completedAt: new Date().toISOString() };
  }

  #close(input: Input): object {
    const order = this.#orders.get(this.#key(input)) ?? {
      arrived: '',
      amount: 0,
      refunded: 0,
      moved: 0,
      state: refusal('order_closed', false),
    };
    if (order.state.outcome.startsWith('awaiting')) order.state = refusal('order_closed', false);
    this.#orders.set(this.#key(input), order);
    return order.state;
  }

  #confirm(input: Input): object {
    const order = this.#orders.get(this.#key({ ...input, kind: 'collection' }));
    if (!order) return refusal('order_unknown', false);
    if (order.state.outcome !== 'awaiting_code') return order.state;
    if (input['code'] !== rightCode) return refusal('wrong_code', false);
    this.#succeed(order);
    return order.state;
  }

  #bind(input: Input): object {
    const requestNo = String(input['requestNo']);
    if (requestNo.startsWith('refused')) return refusal('card_details_mismatch', false);
    return requestNo.startsWith('code') ? { outcome: 'code_sent' } : this.#agreed(input);
  }

  #agreed(input: Input): object {
    const requestNo = String(input['requestNo']);
    const agreementNo = this.#bindings.get(requestNo) ?? `A${randomUUID()}`;
    this.#bindings.set(requestNo, agreementNo);
    return { outcome: 'succeeded', agreementNo };
  }

  #verify(input: Input): object {
    const verdict = input['idNumber'] === mismatchedId ? refusal('identity_mismatch', false) : { outcome: 'succeeded' };
    this.#verdicts.set(String(input['requestNo']), verdict);
    return verdict;
  }
}

export const mismatchedId = '999999199001014041';

const refusal = (reason: string, retryElsewhere: boolean) => ({ outcome: 'refused' as const, reason, retryElsewhere });

async function textOf(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  return Buffer.concat(parts).toString('utf8');
}
