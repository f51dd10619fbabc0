/** Arrivals of an institution, with what is outstanding and overdue of them in all. */
import { type AccountingDate, accountingDateAt, addDays, type Clock } from '../../kernel/clock.ts';
import type { InstitutionId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import { type Arrival, type ArrivalStatus, arrivedOf, outstandingOf, statusOf } from './arrival.ts';
import { arrivalsOf } from './arrival-store.ts';

export interface ArrivalList {
  readonly institutionId: InstitutionId;
  readonly from: AccountingDate;
  readonly to: AccountingDate;
  readonly channel?: string | undefined;
  readonly merchantNo?: string | undefined;
  readonly status?: ArrivalStatus | undefined;
}

export interface ShownArrival {
  readonly arrival: Arrival;
  readonly status: ArrivalStatus;
}

export interface ArrivalTotal {
  readonly currency: Currency;
  readonly settled: bigint;
  readonly arrived: bigint;
  readonly outstanding: bigint;
  readonly overdue: bigint;
}

const longestDays = 92;
/** Of some hundred bytes each: 5 MB. */
const maximumArrivals = 5_000;

/** All of the list, by day: half a read unit for each four. */
export async function listArrivals(
  { table, clock, timeZone }: { readonly table: Table; readonly clock: Clock; readonly timeZone: string },
  { institutionId, from, to, channel, merchantNo, status }: ArrivalList,
): Promise<readonly ShownArrival[] | Refusal<'range_too_long'>> {
  if (addDays(from, longestDays) <= to) return refuse('range_too_long', `Ask for ${longestDays} days at most.`);
  const found = await arrivalsOf(table, { institutionId, from, to, limit: maximumArrivals + 1 });
  if (found.length > maximumArrivals) {
    return refuse('range_too_long', `More than ${maximumArrivals} arrivals: ask for fewer days.`);
  }
  const today = accountingDateAt(clock(), timeZone);
  return found
    .filter(({ settled }) => (channel ?? settled.channel) === settled.channel)
    .filter(({ settled }) => (merchantNo ?? settled.merchantNo) === settled.merchantNo)
    .map((arrival) => ({ arrival, status: statusOf(arrival, today) }))
    .filter((shown) => (status ?? shown.status) === shown.status);
}

/** `<day>#<channel>#<merchantNo>#<id>` */
export const arrivalPlace = ({ settled, id }: Arrival): string =>
  `${settled.date}#${settled.channel}#${settled.merchantNo}#${id}`;

/** One for each currency. */
export function arrivalTotals(arrivals: readonly ShownArrival[]): readonly ArrivalTotal[] {
  const totals = new Map<Currency, ArrivalTotal>();
  for (const { arrival, status } of arrivals) {
    const { currency } = arrival;
    const before = totals.get(currency) ?? { currency, settled: 0n, arrived: 0n, outstanding: 0n, overdue: 0n };
    const outstanding = outstandingOf(arrival);
    totals.set(currency, {
      currency,
      settled: before.settled + (status === 'withdrawn' ? 0n : arrival.amount),
      arrived: before.arrived + arrivedOf(arrival),
      outstanding: before.outstanding + outstanding,
      overdue: before.overdue + (status === 'overdue' ? outstanding : 0n),
    });
  }
  return [...totals.values()].sort((left, right) => (left.currency < right.currency ? -1 : 1));
}
