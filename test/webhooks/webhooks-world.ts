/** Webhooks on a real store, with a queue, a receiver and a clock that a test holds in its hand. */
import { randomBytes } from 'node:crypto';
import type { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { ulid } from 'ulid';
import { type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { deliverySchedule } from '../../functions/webhooks/delivery-schedule.ts';
import type { WebhookEndpoint } from '../../functions/webhooks/endpoint.ts';
import { positionOfVersion, type WebhookEvent } from '../../functions/webhooks/event.ts';
import type { EventType } from '../../functions/webhooks/event-types.ts';
import { registerEndpoint } from '../../functions/webhooks/keep-endpoints.ts';
import { eventOf } from '../../functions/webhooks/object-change.ts';
import type { Answered, WebhookRequest } from '../../functions/webhooks/send-webhook.ts';
import { takeTurn } from '../../functions/webhooks/take-turn.ts';
import { newWebhookSecret } from '../../functions/webhooks/webhook-secret.ts';
import type { EndpointKeeping, Turn, Webhooks } from '../../functions/webhooks/webhooks.ts';
import { clientOf, objectOf, type Process, startProcess } from '../payments/crash.ts';
import { createTable } from '../support/engines.ts';

export const createWebhooksTable = (client: DynamoDBClient): Promise<Table> =>
  createTable(client, 'webhooks', {
    indexes: [
      { name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' },
      { name: 'by-id', partitionKey: 'id', sortKey: 'sk', keysOnly: true },
      { name: 'open-by-due', partitionKey: 'openShard', sortKey: 'dueKey' },
    ],
  });

export interface Sent extends WebhookRequest {
  readonly at: number;
}

export type Receiver = (request: WebhookRequest) => Promise<Answered>;

export const accepts: Receiver = async () => ({ durationMs: 5, statusCode: 204 });
export const answers =
  (statusCode: number): Receiver =>
  async () => ({ durationMs: 5, statusCode, error: 'status' });
export const hangs: Receiver = async () => ({ durationMs: 10_000, error: 'timeout' });

export interface QueuedTurn {
  readonly turn: Turn;
  /** when SQS shows it, in ms */
  readonly at: number;
}

export class WebhooksWorld {
  readonly institutionId: InstitutionId = idFrom('inst', ulid());
  readonly queue: QueuedTurn[] = [];
  readonly sent: Sent[] = [];
  receiver: Receiver = accepts;
  nowMs = Date.parse('2026-03-01T00:00:00Z');
  readonly table: Table;
  readonly keeping: EndpointKeeping;

  constructor(table: Table) {
    this.table = table;
    this.keeping = {
      table,
      clock: () => new Date(this.nowMs),
      // sealed by writing it backwards: what KMS does is shown end to end
      sealSecret: async (_, secret) => Buffer.from([...secret].reverse().join('')),
      newSecret: () => newWebhookSecret(randomBytes),
      receivers: { onThisMachine: false },
    };
  }

  /** What one process sees, which may die at any call. */
  seenBy(process: Process): Webhooks {
    const client = clientOf(process, this.table.client);
    return {
      table: { ...this.table, client },
      commit: committer(client, { random: Math.random, sleepMs: async () => undefined }),
      clock: () => new Date(this.nowMs),
      turns: objectOf(process, {
        send: async (turn: Turn, delaySeconds: number) => {
          this.queue.push({ turn, at: this.nowMs + delaySeconds * 1000 });
        },
      }),
      schedule: deliverySchedule,
      random: () => 0,
      post: (request) =>
        process.call(async () => {
          this.sent.push({ ...request, at: this.nowMs });
          return this.receiver(request);
        }),
      openSecret: async (_, sealed) => [...Buffer.from(sealed).toString()].reverse().join(''),
    };
  }

  get webhooks(): Webhooks {
    return this.seenBy(startProcess());
  }

  async endpoint(eventTypes: readonly string[] = ['*']): Promise<{ endpoint: WebhookEndpoint; secret: string }> {
    const made = await registerEndpoint(this.keeping, {
      institutionId: this.institutionId,
      url: `https://receiver.example/${ulid()}`,
      eventTypes,
      operationId: ulid(),
    });
    if (isRefusal(made)) throw new Error(made.detail);
    return made;
  }

  event(objectId: string, version: number, type: EventType = 'payment.succeeded'): WebhookEvent {
    const { institutionId } = this;
    const data = JSON.stringify({ id: objectId, version });
    const occurredAt = new Date(this.nowMs);
    return eventOf({ type, institutionId, objectId, position: positionOfVersion(version), occurredAt, data });
  }

  /** Delivers what SQS shows by now, until nothing is left of it. */
  async deliverDue(): Promise<void> {
    for (;;) {
      const index = this.queue.findIndex(({ at }) => at <= this.nowMs);
      const [due] = index < 0 ? [] : this.queue.splice(index, 1);
      if (!due) return;
      await takeTurn(this.webhooks, due.turn);
    }
  }

  /** Lets time pass, and delivers as it does. */
  async pass(seconds: number): Promise<void> {
    const until = this.nowMs + seconds * 1000;
    for (;;) {
      await this.deliverDue();
      const next = Math.min(until, ...this.queue.map(({ at }) => at));
      this.nowMs = Math.max(this.nowMs, next);
      if (this.nowMs >= until) break;
    }
    await this.deliverDue();
  }
}
