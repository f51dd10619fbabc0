/** Which limits an order is under, and which counters it takes room from. */
import { type AccountingDate, accountingDateAt, addDays } from '../../kernel/clock.ts';
import type { Channel } from '../catalogue.ts';
import type { Coverage, Limit, LimitOwner, LimitPeriod } from '../configuration/configuration.ts';
import type { Counter } from './counters.ts';
import type { RoutingRequest } from './route.ts';

/** An order as switches and limits see it: what is asked, at one channel. */
export type OrderAt = Pick<RoutingRequest, 'product' | 'amount' | 'bank' | 'accountId' | 'bindingId' | 'at'> & {
  readonly channel: Pick<Channel, 'id' | 'timeZone'>;
};

/** Whether what is for a channel, bank or product has a say in the order; one for a bank has none where the bank is not known. */
export const covers = (coverage: Coverage, { channel, bank, product }: OrderAt): boolean =>
  (coverage.channel === undefined || coverage.channel === channel.id) &&
  (coverage.bank === undefined || coverage.bank === bank) &&
  (coverage.product === undefined || coverage.product === product);

/** None for a verification: it moves no amount, so one for all products would turn it away by its minimum. */
export const limitsOn = (limits: readonly Limit[], order: OrderAt): readonly Limit[] =>
  order.product === 'verification'
    ? []
    : limits.filter((limit) => limit.currency === order.amount.currency && covers(limit, order));

export interface LimitCounter extends Counter {
  readonly limitId: string;
  readonly per: LimitOwner;
  readonly period: LimitPeriod;
}

/**
 * All payments of a channel or bank take from the same counters: in sixteen slots some hundred transactions a second rarely
 * meet. A member or card pays one payment at a time.
 */
const slotsOf: Readonly<Record<LimitOwner, number>> = { channel: 16, bank: 16, account: 1, card: 1 };

/** Of daily and monthly limits; days and months are those of the order's channel. */
export function countersOn(limits: readonly Limit[], order: OrderAt): readonly LimitCounter[] {
  const day = accountingDateAt(order.at, order.channel.timeZone);
  return limitsOn(limits, order).flatMap((limit) => {
    const owner = ownerOf(limit.per, order);
    if (owner === undefined) return [];
    const { id: limitId, per, currency, daily, monthly } = limit;
    const place = `LIMIT#${limitId}#${per}#${owner}#${currency}`;
    const slots = slotsOf[per];
    return [
      ...(daily === undefined
        ? []
        : [{ key: `${place}#${day}`, limit: daily, slots, limitId, per, period: 'daily' as const }]),
      ...(monthly === undefined
        ? []
        : [{ key: `${place}#${day.slice(0, 7)}`, limit: monthly, slots, limitId, per, period: 'monthly' as const }]),
    ];
  });
}

function ownerOf(per: LimitOwner, { channel, bank, accountId, bindingId }: OrderAt): string | undefined {
  switch (per) {
    case 'channel':
      return channel.id;
    case 'bank':
      return bank;
    case 'account':
      return accountId;
    case 'card':
      return bindingId;
  }
}

/** A payment may fail, and give its room back, long after its day: by then nothing is taken from the counter any more. */
const keptDays = 62;

/** When a counter may be forgotten, in epoch seconds: told by its key alone, which ends with a day, a month or neither. */
export function counterExpiry(key: string): number | undefined {
  const period = /#(\d{4}-\d{2})(-\d{2})?$/.exec(key);
  if (!period) return undefined;
  const day = `${period[1]}${period[2] ?? '-28'}` as AccountingDate; // the pattern has just been checked
  return Date.parse(`${addDays(day, keptDays)}T00:00:00Z`) / 1000;
}
