/**
 * Works on one lane: sends what is first in it, if its time has come. The rules that keep order and lose nothing:
 *
 * - only the holder of the lane's lease sends;
 * - only the oldest open delivery is sent; the next one's turn is queued when it has ended;
 * - the turn of the next try is queued before a failure is written, so a crash leaves two turns rather than none;
 * - a turn that comes early, late or twice finds out by position and number of tries.
 */
import {
  type Attempt,
  type DeathReason,
  type Delivery,
  delivered,
  giveUp,
  type Lane,
  postponed,
  retryLater,
} from './delivery.ts';
import { nextHopSeconds, waitAfter } from './delivery-schedule.ts';
import { firstOpen, readDelivery, replaceDelivery } from './delivery-store.ts';
import { disableEndpoint } from './disable-endpoint.ts';
import { failingForMs, signingSecrets, type WebhookEndpoint } from './endpoint.ts';
import { noteDelivered, noteFailing, readEndpoint } from './endpoint-store.ts';
import { payloadOf, type WebhookEvent } from './event.ts';
import { readEvent } from './event-store.ts';
import { claimLane, releaseLane } from './lane-store.ts';
import { turnOf } from './record-event.ts';
import { signWebhook } from './sign-webhook.ts';
import type { Turn, Webhooks } from './webhooks.ts';

/**
 * `delivered`, `retry_later`, `dead`: what became of the first in the lane. `busy`: somebody else works on it. `early`: its
 * time has not come. Both come back by themselves. `waits`: for one before it. `superseded`: that try was made.
 * `nothing_open`: all has ended. `overtaken`: it was replayed while it was being sent.
 */
export type TurnOutcome =
  | 'delivered'
  | 'retry_later'
  | 'dead'
  | 'busy'
  | 'early'
  | 'waits'
  | 'superseded'
  | 'nothing_open'
  | 'overtaken';

/** As long as most requests take at most. */
const busySeconds = 3;

/** 4 read units and 3 write units, and the indexes', for a delivery that is taken at the first try. */
export async function takeTurn(webhooks: Webhooks, turn: Turn): Promise<TurnOutcome> {
  const { table, clock, turns } = webhooks;
  const lease = await claimLane(table, turn, clock());
  if (lease === undefined) {
    await turns.send(turn, busySeconds);
    return 'busy';
  }
  const { outcome, next } = await workOn(webhooks, turn).finally(() => releaseLane(table, turn, lease));
  // only now, or it would find the lane busy
  if (next) await turns.send(turnOf(next), 0);
  return outcome;
}

interface Worked {
  readonly outcome: TurnOutcome;
  /** whose turn it is after one that has ended */
  readonly next?: Delivery | undefined;
}

async function workOn(webhooks: Webhooks, turn: Turn): Promise<Worked> {
  const { table, clock, turns } = webhooks;
  const [head, next] = await firstOpen(table, turn, 2);
  if (!head) return { outcome: 'nothing_open' };
  if (turn.position > head.position) {
    await postpone(webhooks, turn, head.dueAt);
    return { outcome: 'waits' };
  }
  // the turn of one that has ended goes to the first that has not: whoever ended it may have died before passing it on
  if (turn.position === head.position && turn.attempt <= head.tries) return { outcome: 'superseded' };
  const now = clock();
  // a first try waits for nothing but its turn
  if (head.tries > 0 && head.dueAt > now) {
    await turns.send(turnOf(head), nextHopSeconds(now, head.dueAt));
    return { outcome: 'early' };
  }
  const outcome = await deliver(webhooks, head);
  return { outcome, next: outcome === 'delivered' || outcome === 'dead' ? next : undefined };
}

/** So that the sweep looks at it when it looks at the one before it, and not all the time. */
async function postpone({ table }: Webhooks, turn: Lane & Pick<Turn, 'position'>, until: Date): Promise<void> {
  const waiting = await readDelivery(table, turn);
  if (waiting?.status !== 'pending' || waiting.tries > 0 || waiting.dueAt >= until) return;
  await replaceDelivery(table, waiting, postponed(waiting, until));
}

async function deliver(webhooks: Webhooks, delivery: Delivery): Promise<TurnOutcome> {
  const { table, clock, post } = webhooks;
  const [endpoint, event] = await Promise.all([
    readEndpoint(table, delivery.institutionId, delivery.endpointId),
    readEvent(table, delivery),
  ]);
  const death = deathBefore(endpoint, event);
  if (death || !endpoint || !event) return end(webhooks, delivery, giveUp(delivery, death ?? 'endpoint_deleted'));

  const at = clock();
  const attempt: Attempt = { at, ...(await post(await requestTo(webhooks, endpoint, event, at))) };
  if (attempt.error === undefined) {
    const outcome = await end(webhooks, delivery, delivered(delivery, attempt, clock()));
    await noteDelivered(table, endpoint);
    return outcome;
  }
  if (attempt.statusCode === 410) {
    await disableEndpoint(webhooks, endpoint, 'gone');
    return end(webhooks, delivery, giveUp(delivery, 'endpoint_disabled', attempt));
  }
  const failingSince = await noteFailing(table, endpoint, at);
  if (failingSince && at.getTime() - failingSince.getTime() >= failingForMs) {
    await disableEndpoint(webhooks, endpoint, 'failing');
    return end(webhooks, delivery, giveUp(delivery, 'endpoint_disabled', attempt));
  }
  return retryOrGiveUp(webhooks, delivery, attempt);
}

function deathBefore(endpoint?: WebhookEndpoint, event?: WebhookEvent): DeathReason | undefined {
  if (!endpoint) return 'endpoint_deleted';
  if (endpoint.status === 'disabled') return 'endpoint_disabled';
  return event ? undefined : 'event_expired';
}

async function requestTo({ openSecret }: Webhooks, endpoint: WebhookEndpoint, event: WebhookEvent, sentAt: Date) {
  const sealed = signingSecrets(endpoint, sentAt);
  const secrets = await Promise.all(sealed.map((secret) => openSecret(endpoint.id, secret)));
  const body = payloadOf(event);
  return { url: endpoint.url, body, headers: { ...signWebhook({ id: event.id, sentAt, body }, secrets) } };
}

async function retryOrGiveUp(webhooks: Webhooks, delivery: Delivery, attempt: Attempt): Promise<TurnOutcome> {
  const { table, clock, turns, schedule, random } = webhooks;
  const wait = waitAfter(schedule, delivery.tries + 1, random());
  if (wait === undefined) return end(webhooks, delivery, giveUp(delivery, 'tried_out', attempt));
  const now = clock();
  const later = retryLater(delivery, attempt, new Date(now.getTime() + wait * 1000));
  await turns.send(turnOf(later), nextHopSeconds(now, later.dueAt));
  return (await replaceDelivery(table, delivery, later)) ? 'retry_later' : 'overtaken';
}

async function end({ table }: Webhooks, from: Delivery, to: Delivery): Promise<TurnOutcome> {
  if (!(await replaceDelivery(table, from, to))) return 'overtaken';
  return to.status === 'delivered' ? 'delivered' : 'dead';
}
