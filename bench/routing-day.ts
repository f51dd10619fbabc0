/** A day that is given: what payments come, what each channel charges, and when it is down. */
import {
  type Channel,
  type ChannelOutcome,
  channelIdSchema,
  type FeeSchedule,
  type FeeTier,
} from '../functions/channels/index.ts';
import type { AccountingDate } from '../functions/kernel/clock.ts';

/** Midnight in Shanghai. */
export const dayStart = new Date('2026-11-22T16:00:00.000Z');

/** Hours of the day as they are written: `9:30` is half past nine. */
export const atHour = (text: string): number => {
  const [hour = 0, minute = 0] = text.split(':').map(Number);
  return hour * 3600 + minute * 60;
};

export interface Outage {
  readonly from: number;
  readonly to: number;
  /** of the orders that come meanwhile */
  readonly affected: number;
  /** whether the channel says no, or nothing at all */
  readonly how: 'refused' | 'silent';
}

export interface DayChannel {
  readonly channel: Channel;
  readonly outages: readonly Outage[];
  /** on a good day: what else becomes of orders, as shares */
  readonly refused: number;
  readonly silent: number;
  readonly declined: number;
}

const fee = (
  tiers: readonly FeeTier[],
  bounds: { readonly minimum?: bigint; readonly maximum?: bigint } = {},
): FeeSchedule => [
  { from: '2020-01-01' as AccountingDate, fee: { tiers, ...bounds } }, // a day of the calendar
];

const channelOf = (id: string, cost: FeeSchedule): Channel => ({
  id: channelIdSchema.parse(id),
  name: id,
  adapter: 'sandbox',
  active: true,
  products: { withholding: { cost } },
  timeZone: 'Asia/Shanghai',
  statementFormats: [],
});

const goodDay = { refused: 0.02, silent: 0.002, declined: 0.03 };

/** In the order of the fixed priority: as a house would that began with `swift` and added the others later. */
export const dayChannels: readonly DayChannel[] = [
  {
    channel: channelOf('swift', fee([{ flat: 0n, basisPoints: 60n }])),
    ...goodDay,
    outages: [
      { from: atHour('9:10'), to: atHour('9:50'), affected: 1, how: 'silent' },
      { from: atHour('19:00'), to: atHour('21:00'), affected: 0.7, how: 'refused' },
    ],
  },
  {
    channel: channelOf('harbour', fee([{ flat: 0n, basisPoints: 38n }], { minimum: 10n, maximum: 5_000n })),
    ...goodDay,
    outages: [{ from: atHour('11:00'), to: atHour('12:30'), affected: 1, how: 'silent' }],
  },
  {
    channel: channelOf(
      'lotus',
      fee([
        { upTo: 20_000n, flat: 20n, basisPoints: 20n },
        { flat: 60n, basisPoints: 30n },
      ]),
    ),
    ...goodDay,
    refused: 0.03,
    outages: [
      { from: atHour('15:00'), to: atHour('15:20'), affected: 1, how: 'refused' },
      { from: atHour('22:00'), to: atHour('23:00'), affected: 0.5, how: 'silent' },
    ],
  },
];

/** What the channel does with an order at a second of the day, by three draws of chance. */
export function outcomeAt(
  { outages, refused, silent, declined }: DayChannel,
  second: number,
  draw: () => number,
): ChannelOutcome['outcome'] {
  const outage = outages.find(({ from, to }) => from <= second && second < to);
  const hit = draw();
  const fate = draw();
  if (outage && hit < outage.affected) return outage.how;
  if (fate < declined) return 'declined';
  if (fate < declined + refused) return 'refused';
  return fate < declined + refused + silent ? 'silent' : 'succeeded';
}

export interface DayPayment {
  /** of the day */
  readonly second: number;
  /** minor units */
  readonly amount: bigint;
}

/** Of a hundred payments of a day, how many come in each hour. */
const byHour = [1, 1, 1, 0, 0, 1, 1, 2, 4, 6, 7, 7, 6, 5, 5, 6, 6, 6, 6, 7, 8, 7, 4, 3];

/** In the order of time; most are some tens of yuan, a few are thousands. */
export function paymentsOf(count: number, draw: () => number): readonly DayPayment[] {
  const total = byHour.reduce((sum, each) => sum + each, 0);
  const payments = byHour.flatMap((share, hour) =>
    Array.from({ length: Math.round((count * share) / total) }, () => ({
      second: (hour + draw()) * 3600,
      amount: BigInt(Math.round(500 * Math.exp(6 * draw()))),
    })),
  );
  return payments.toSorted((one, other) => one.second - other.second);
}
