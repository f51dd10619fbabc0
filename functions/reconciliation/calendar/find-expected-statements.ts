/** Which statements the calendars expect of some days, and what has become of each. */
import {
  type Channels,
  findChannel,
  findMerchant,
  type Merchant,
  merchantsAt,
  readStatementCalendars,
  type StatementCalendar,
} from '../../channels/index.ts';
import { type AccountingDate, addDays, type Clock } from '../../kernel/clock.ts';
import type { Table } from '../../kernel/table.ts';
import type { Batch } from '../batch.ts';
import { batchesBetween } from '../batch-list-store.ts';
import { isUnreadable, type StatementDay, seriesKey } from '../statement-key.ts';
import { type ExpectedStatement, expectationOf, isWholeDay, statusOf } from './expected-statement.ts';
import { listExpectationNotes } from './expected-statement-store.ts';

export interface ExpectingNeeds {
  readonly table: Table;
  readonly clock: Clock;
  readonly channels: Pick<Channels, 'table' | 'catalogue'>;
}

export interface Days {
  readonly from: AccountingDate;
  readonly to: AccountingDate;
}

/**
 * Newest day first, then by channel and merchant number, as the indexes had them a moment ago. A query each of calendars, notes and
 * the batches of those days, and one of the merchant numbers of each channel: half a read unit per 4 KiB, 1 per 4 KiB of calendars.
 */
export async function findExpectedStatements(needs: ExpectingNeeds, days: Days): Promise<readonly ExpectedStatement[]> {
  const { table, clock, channels } = needs;
  const calendars = await readStatementCalendars(channels);
  if (calendars.length === 0) return [];
  const [merchants, notes, batches] = await Promise.all([
    merchantsWith(needs, calendars),
    listExpectationNotes(table, days),
    batchesBetween(table, days),
  ]);
  const noteOf = new Map(notes.map((note) => [seriesKey(note), note]));
  const batchesOf = byDay(batches);
  const now = clock();
  const found: ExpectedStatement[] = [];
  for (let date = days.to; date >= days.from; date = addDays(date, -1)) {
    for (const { merchant, timeZone } of merchants) {
      const { channel, merchantNo, registeredAt } = merchant;
      const day: StatementDay = { channel, merchantNo, date };
      const expectation = expectationOf(day, { calendars, timeZone, registeredAt });
      const key = seriesKey(day);
      const note = noteOf.get(key);
      const versions = batchesOf.get(key) ?? [];
      if (!expectation) continue;
      const batch = versions.reduce<Batch | undefined>(newer, undefined);
      const hasCome = versions.some((each) => isWholeDay(each, { date, timeZone, dueAt: expectation.dueAt }));
      const status = statusOf(expectation, { note, hasCome, now });
      found.push({ day, merchant, ...expectation, status, note, batch });
    }
  }
  return found;
}

/** Those that a calendar is for, by channel and number, each with its channel's time zone. */
async function merchantsWith({ channels }: ExpectingNeeds, calendars: readonly StatementCalendar[]) {
  const ids = [...new Set(calendars.map(({ channel }) => channel))].sort();
  const found = await Promise.all(
    ids.map(async (id) => {
      const channel = await findChannel(channels, id);
      if (!channel) return [];
      const own = calendars.filter((calendar) => calendar.channel === id);
      const merchants = own.some(({ merchantNo }) => merchantNo === undefined)
        ? await allMerchantsAt(channels, id)
        : await Promise.all(own.map(({ merchantNo = '' }) => findMerchant(channels, id, merchantNo)));
      return merchants
        .filter((merchant) => merchant !== undefined)
        .map((merchant) => ({ merchant, timeZone: channel.timeZone }));
    }),
  );
  return found.flat();
}

async function allMerchantsAt(channels: ExpectingNeeds['channels'], channel: string): Promise<Merchant[]> {
  const found: Merchant[] = [];
  for (let after: string | undefined; ; ) {
    const page = await merchantsAt(channels, channel, { limit: 200, ...(after !== undefined && { after }) });
    found.push(...page.items);
    const last = found.at(-1);
    if (page.nextCursor === null || !last) return found;
    after = `${channel}/${last.merchantNo}`;
  }
}

function byDay(batches: readonly Batch[]): ReadonlyMap<string, readonly Batch[]> {
  const days = new Map<string, Batch[]>();
  for (const batch of batches) {
    if (isUnreadable(batch.series)) continue;
    const key = seriesKey(batch.series);
    const versions = days.get(key);
    if (versions) versions.push(batch);
    else days.set(key, [batch]);
  }
  return days;
}

const newer = (left: Batch | undefined, right: Batch): Batch => (left && left.version > right.version ? left : right);
