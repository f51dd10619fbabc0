/** What a channel's answer to a batch means for each of its lines. */
import { findRoutes, maximumAttempts, type PayoutBatchResult, type Route } from '../../channels/index.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { findBinding } from '../../parties/index.ts';
import type { Asked } from '../ask-channel.ts';
import type { Payment } from '../payment.ts';
import { awaitPayment, reroutePayment } from '../payment-changes.ts';
import { replacePayment } from '../payment-store.ts';
import { destinationOf } from '../routes-of-payment.ts';
import { settlePayment } from '../settle-payment.ts';
import { storeReroute, submitAttempt } from '../submit-attempt.ts';
import { type Batches, byAccount, firstCheckOfLine, maximumLanes } from './batches.ts';

type Refused = Extract<PayoutBatchResult, { outcome: 'refused' }>;

/**
 * `accepted` and silence are noted, and each line is an order of its own from now on, which a callback, its follow-up or the
 * statement ends. Refused for the channel itself: each line is written to the next channel, or goes there one by one where the
 * channel takes no batches. Refused for good: each line fails.
 *
 * @param askedBefore a run that died may have asked as well, and have been accepted: a no to the same batch again is none to its
 *   lines, whose follow-up asks about each
 */
export async function concludeOrder(
  batches: Batches,
  lines: readonly Payment[],
  { result, call, askedBefore }: Asked<PayoutBatchResult> & { readonly askedBefore: boolean },
): Promise<void> {
  const at = batches.clock();
  if (result.outcome !== 'refused' || (askedBefore && result.reason !== notOffered)) {
    await inLanes(lines, maximumLanes, async (line) => {
      // whoever changed it meanwhile knows more
      if (!isAsked(line))
        await replacePayment(batches.table, line, awaitPayment(line, { at, source: 'request', call }));
    });
    return;
  }
  if (result.reason === notOffered) {
    await inLanes(lines, singleLanes, (line) => submitSingly(batches, line, { result, call }));
    return;
  }
  const groups = byAccount(lines, ({ accountId }) => accountId);
  await inLanes(groups, maximumLanes, async (ofAccount) => {
    for (const line of ofAccount) await concludeRefused(batches, line, { result, call });
  });
}

/** Of an adapter whose channel takes no batches. */
const notOffered = 'not_offered';

/** A silent channel takes three seconds a line, and lines of one account race for the end of its chain when it answers. */
const singleLanes = 4;

/** A run that died may have asked the channel and noted its answer. */
function isAsked({ history }: Payment): boolean {
  const sinceReroute = history.slice(history.findLastIndex(({ event }) => event === 'reroute') + 1);
  return sinceReroute.some(({ call }) => call?.operation === 'payout_batch' || call?.operation === 'payout');
}

async function submitSingly(batches: Batches, line: Payment, asked: Asked<Refused>): Promise<void> {
  if (isAsked(line)) return;
  const routes = await routesOf(batches, line);
  const here = routes.find(({ channel }) => channel.id === line.channel);
  if (here) await submitAttempt(batches, line, [here, ...routes.filter((route) => isUntried(line, route))]);
  else await concludeRefused(batches, line, asked);
}

async function concludeRefused(batches: Batches, line: Payment, { result, call }: Asked<Refused>): Promise<void> {
  const change = { at: batches.clock(), source: 'request', call } as const;
  if (!result.retryElsewhere) {
    await settlePayment(batches, line, result, change);
    return;
  }
  const others = (await routesOf(batches, line)).filter((route) => isUntried(line, route));
  for (const route of line.attempt < maximumAttempts ? others : []) {
    const rerouted = reroutePayment(line, destinationOf(route), { ...change, reason: result.reason });
    const moved = await storeReroute(batches, line, rerouted, firstCheckOfLine);
    if (moved !== 'no_room') return;
  }
  await settlePayment(batches, line, result, change);
}

/** Where the line may go now; what it holds itself does not stand in its way. */
async function routesOf({ channels, parties, clock }: Batches, line: Payment): Promise<readonly Route[]> {
  const binding = line.bindingId === undefined ? undefined : await findBinding(parties, line.bindingId);
  if (binding?.status !== 'active') return [];
  const { institutionId, product, amount, bank, accountId, bindingId, reservations: held } = line;
  const { agreements } = binding;
  const request = { institutionId, product, amount, bank, accountId, bindingId, agreements, held, at: clock() };
  return (await findRoutes(channels, request)).routes;
}

function isUntried(line: Payment, { channel, merchant }: Route): boolean {
  const tried = [line, ...line.history.flatMap(({ abandoned }) => abandoned ?? [])];
  return !tried.some((each) => each.channel === channel.id && each.merchantNo === merchant.merchantNo);
}
