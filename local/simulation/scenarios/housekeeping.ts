/** What the center does of its own accord while it is used: sweeps, moves of the business date, statements, readers. */
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { bareId, idFrom } from '../../../functions/kernel/ids.ts';
import { requestChange } from '../../../functions/ledger/account-changes.ts';
import { expireHolds } from '../../../functions/ledger/holds/expire-holds.ts';
import { readAccount } from '../../../functions/ledger/index.ts';
import {
  completeFromStatement,
  failFromStatement,
  paymentIdOfOrder,
  returnPayout,
} from '../../../functions/payments/index.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Center } from './center.ts';
import type { CarriedOut, SimulatedChannel } from './channel.ts';
import type { Dice } from './dice.ts';
import type { Fleet } from './function-fleet.ts';

export interface HouseNeeds {
  readonly scheduler: Scheduler;
  readonly dice: Dice;
  readonly fleet: Fleet;
  readonly channel: SimulatedChannel;
}

const longMs = 15 * 60_000;

/** Whether a sweep went through. */
export async function sweepHolds({ fleet }: HouseNeeds): Promise<boolean> {
  const sweep = fleet.invoke('s', longMs, ({ payments }) => expireHolds(payments.ledger));
  return (await sweep.ended).status === 'returned';
}

/**
 * Someone asks that the accounts be as they are shown, which finishes what died on its way from slot to slot.
 *
 * @returns whether all went through
 */
export async function confirmStates({ fleet }: HouseNeeds, { holders, institutionId }: Center): Promise<boolean> {
  const caller = { kind: 'operator', clientId: 'ops' } as const;
  const calls = holders.map(({ accountId }) =>
    fleet.invoke('c', longMs, async ({ payments: { ledger } }) => {
      const account = await readAccount(ledger, accountId);
      if (!account) throw new Error(`${accountId} of ${institutionId} is gone`);
      const operationId = bareId(idFrom('post', 'confirmation', accountId));
      return requestChange(ledger, {
        caller,
        accountId,
        wanted: { status: account.status },
        reason: 'is so',
        operationId,
      });
    }),
  );
  const ends = await Promise.all(calls.map(({ ended }) => ended));
  return ends.every(({ status }) => status === 'returned');
}

/** Brings what a channel has concluded to the books, as its statement of the day would. @returns whether all went through */
export async function bringStatement({ fleet, channel }: HouseNeeds, statementDay: AccountingDate): Promise<boolean> {
  const calls = channel.concluded().map(({ order, result, back }) =>
    fleet.invoke('t', longMs, async ({ payments }) => {
      const paymentId = paymentIdOfOrder(order.channelOrderNo);
      const line = { paymentId, channelOrderNo: order.channelOrderNo };
      if (back) {
        const { channelTradeNo, returnedAt } = back;
        const amount = order.amount.amount;
        const told = { payoutId: paymentId, amount, channelTradeNo, returnedAt, statementDay } as const;
        const { channelTradeNo: tradeNo, completedAt } = done(result);
        await completeFromStatement(payments, { ...line, channelTradeNo: tradeNo, completedAt, statementDay });
        return returnPayout(payments, { ...told, source: 'statement' });
      }
      if (result.outcome === 'refused') return failFromStatement(payments, { ...line, reason: result.reason });
      const { channelTradeNo, completedAt } = result;
      return completeFromStatement(payments, { ...line, channelTradeNo, completedAt, statementDay });
    }),
  );
  const ends = await Promise.all(calls.map(({ ended }) => ended));
  return ends.every(({ status }) => status === 'returned');
}

function done(result: CarriedOut['result']) {
  if (result.outcome !== 'succeeded') throw new Error('only what was paid out comes back');
  return result;
}
