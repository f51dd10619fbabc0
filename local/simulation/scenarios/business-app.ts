/** A caller as it is in the world: it repeats what it got no answer to, at times twice at once, or gives up. */
import type { Scheduler, Self } from '../scheduler.ts';
import type { Dice } from './dice.ts';
import type { Fleet } from './function-fleet.ts';
import type { Operation, Record } from './record.ts';
import { type Request, serve } from './request.ts';

export interface AppNeeds {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly fleet: Fleet;
  readonly record: Record;
}

/** As API Gateway waits. */
const patienceMs = 29_000;
/** Payments' functions are ended sooner: they call channels. */
const callChannels: readonly Request['asked']['kind'][] = ['top_up', 'withdrawal', 'confirm_top_up', 'refund'];
const timeoutMsOf = ({ asked: { kind } }: Request) => (callChannels.includes(kind) ? 20_000 : 29_000);
const maximumTries = 6;

/** Makes a request until an answer is heard. Without faults the first one is. */
export async function makeRequest(needs: AppNeeds, self: Self, request: Request): Promise<void> {
  const { dice, record, scheduler } = needs;
  const operation = record.begin(request);
  scheduler.record(`${self.name} asks ${operation.number} ${request.caller.kind} ${JSON.stringify(request.asked)}`);
  const twice = dice.chance(0.03);
  for (let tries = 1; tries <= maximumTries; tries++) {
    if (twice) void tryOnce(needs, operation);
    if (await self.hear(tryOnce(needs, operation))) break;
    if (dice.chance(0.1)) return;
    // some come back while the first one may still run, others when its lease is over
    await self.sleepMs(dice.chance(0.4) ? scheduler.between(50, 3_000) : scheduler.between(36_000, 50_000));
  }
  // long after the answer, a copy of the request arrives
  if (dice.chance(0.05)) void scheduler.after(scheduler.between(0, 90_000), () => tryOnce(needs, operation));
}

/** @returns whether there was an answer to keep */
async function tryOnce({ fleet, scheduler, dice }: AppNeeds, operation: Operation): Promise<boolean> {
  const call = fleet.invoke('r', timeoutMsOf(operation), (wiring) =>
    serve(wiring, operation, (operationId) => operation.operationIds.add(operationId)),
  );
  const outcome = await Promise.race([call.ended, scheduler.after(patienceMs, () => undefined)]);
  if (outcome?.status === 'threw') scheduler.record(`${call.name} failed: ${outcome.error}`);
  if (outcome?.status !== 'returned') return false;
  const { answer } = outcome.value;
  scheduler.record(
    `${call.name} answers ${operation.number} ${outcome.value.outcome} ${answer?.status} ${answer?.body}`,
  );
  if (!answer) return false;
  operation.told.push({ ...answer, atMs: scheduler.elapsedMs() });
  return !dice.chance(0.03); // answers get lost on their way to the caller too, and it asks again
}
