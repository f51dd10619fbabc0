/** 试算平衡表: of a closed day as it was closed, of an open one as it stands. */
import { type AccountingDate, addDays, type Clock } from '../../kernel/clock.ts';
import type { Currency } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import type { Pause } from '../../kernel/write.ts';
import { type BusinessDates, readBusinessDates } from '../business-date-store.ts';
import type { Owner } from '../business-day.ts';
import type { CloseRun } from '../close/close.ts';
import { shards } from '../close/close-lines.ts';
import { getClose, getOwnerClose, ownerCloses } from '../close/close-store.ts';
import { asOpening, closingOfSubject, type SubjectDay, subjectDays, subjectsOfEntry } from '../close/day-movements.ts';
import { entriesOfDay } from '../close/day-store.ts';

/** `closing`: it has been left and its sums are being made; what it holds no longer changes. */
export const dayStatuses = ['open', 'closing', 'closed'] as const;

export type DayStatus = (typeof dayStatuses)[number];

export interface TrialBalance {
  readonly date: AccountingDate;
  readonly status: DayStatus;
  /** when the day was closed, or what moment the figures of an open day show; RFC 3339 in UTC */
  readonly asOf: string;
  readonly lines: readonly SubjectDay[];
}

export interface TrialBalanceNeeds extends Pick<Pause, 'sleepMs'> {
  readonly table: Table;
  readonly clock: Clock;
}

export interface TrialBalanceRequest {
  /** the open day unless given */
  readonly date?: AccountingDate | undefined;
  /** the whole center unless given */
  readonly owner?: Owner | undefined;
}

/**
 * Cost: of a closed day 3 read units for one owner; of an open one half a read unit per 4 KiB of its entries besides,
 * some seven, up to {@link maximumEntries}.
 */
export async function readTrialBalance(
  needs: TrialBalanceNeeds,
  { date, owner }: TrialBalanceRequest,
): Promise<TrialBalance | Refusal<'not_found' | 'day_too_large'>> {
  const { table } = needs;
  const dates = await readBusinessDates(table);
  const day = date ?? dates?.open;
  if (!dates || day === undefined || day < dates.first || day > dates.open) {
    return refuse('not_found', 'The books have no such business day.');
  }
  const close = await getClose(table, day);
  if (close) return { date: day, status: 'closed', asOf: close.closedAt, lines: await linesOf(table, close, owner) };
  return readOpenDay(needs, dates, { day, owner });
}

export const statusOf = (dates: BusinessDates, day: AccountingDate): DayStatus => {
  if (dates.closedThrough !== undefined && day <= dates.closedThrough) return 'closed';
  return day < dates.open ? 'closing' : 'open';
};

async function linesOf(table: Table, close: CloseRun, owner: Owner | undefined): Promise<readonly SubjectDay[]> {
  if (owner !== undefined) return (await getOwnerClose(table, close, owner))?.lines ?? [];
  return subjectDays((await ownerCloses(table, close)).flatMap(({ lines }) => lines)).lines();
}

/** Some ten seconds of a function's time. */
const maximumEntries = 100_000;

/** The index follows the table within less. */
const settledMs = 2_000;

const tries = 4;

/**
 * The shards are not read at one moment, and the index has not got all of the last second: while money moves, a posting
 * may be seen in part. The figures up to two seconds ago are whole then, since the entries of a posting share their time.
 */
async function readOpenDay(
  needs: TrialBalanceNeeds,
  dates: BusinessDates,
  wanted: { readonly day: AccountingDate; readonly owner: Owner | undefined },
): Promise<TrialBalance | Refusal<'day_too_large'>> {
  for (let attempt = 1; attempt <= tries; attempt++) {
    const now = needs.clock();
    const settledAt = new Date(now.getTime() - settledMs).toISOString();
    const sums = await addUpDays(needs.table, dates, { ...wanted, settledAt });
    if (!sums) {
      const detail = `The day has more than ${maximumEntries} entries: its trial balance is there once it is closed.`;
      return refuse('day_too_large', detail);
    }
    const found = { date: wanted.day, status: statusOf(dates, wanted.day) };
    if (isBalanced(sums.all)) return { ...found, asOf: now.toISOString(), lines: sums.all };
    if (isBalanced(sums.settled)) return { ...found, asOf: settledAt, lines: sums.settled };
    await needs.sleepMs(500);
  }
  throw new Error(`the entries of ${wanted.day} do not balance after ${tries} looks`);
}

/** @returns undefined where there are too many entries */
async function addUpDays(
  table: Table,
  { first, closedThrough }: BusinessDates,
  wanted: { readonly day: AccountingDate; readonly owner: Owner | undefined; readonly settledAt: string },
): Promise<{ readonly all: SubjectDay[]; readonly settled: SubjectDay[] } | undefined> {
  const { owner, settledAt } = wanted;
  const close = closedThrough === undefined ? undefined : await getClose(table, closedThrough);
  const openings = close ? (await linesOf(table, close, owner)).map(asOpening) : [];
  let all = subjectDays(openings);
  let settled = subjectDays(openings);
  let count = 0;
  for (let day = closedThrough === undefined ? first : addDays(closedThrough, 1); ; day = addDays(day, 1)) {
    await Promise.all(
      shards.map(async (shard) => {
        for await (const entry of entriesOfDay(table, { day, shard, owner })) {
          count += 1;
          if (count > maximumEntries) return;
          for (const line of subjectsOfEntry(entry)) {
            all.add(line);
            if (entry.postedAt <= settledAt) settled.add(line);
          }
        }
      }),
    );
    if (count > maximumEntries) return undefined;
    if (day === wanted.day) return { all: all.lines(), settled: settled.lines() };
    all = subjectDays(all.lines().map(asOpening));
    settled = subjectDays(settled.lines().map(asOpening));
  }
}

function isBalanced(lines: readonly SubjectDay[]): boolean {
  const sums = new Map<Currency, readonly [opening: bigint, closing: bigint]>();
  for (const line of lines) {
    const [opening, closing] = sums.get(line.currency) ?? [0n, 0n];
    sums.set(line.currency, [opening + line.opening, closing + closingOfSubject(line)]);
  }
  return [...sums.values()].every(([opening, closing]) => opening === 0n && closing === 0n);
}
