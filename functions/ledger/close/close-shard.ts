/**
 * One shard of a day: follows each chain from where the day before left it through the day's entries, and lays the
 * chains and the journal's rows out by owner. Whatever the number of entries, a page of them is held at a time.
 */
import { addDays } from '../../kernel/clock.ts';
import { linesOf, newestVersion, startUpload, streamRange, type Upload } from '../../kernel/files.ts';
import type { Currency } from '../../kernel/money.ts';
import { noBalances, onNormalSides, sameBalances } from '../account.ts';
import { readBusinessDates } from '../business-date-store.ts';
import { chainPlace, type Owner, ownerOf } from '../business-day.ts';
import { chainName, type Entry } from '../entry.ts';
import { getEntry } from '../entry-store.ts';
import type { CloseRun, Closing } from './close.ts';
import {
  chainDayFrom,
  chainLine,
  closeKeys,
  journalLine,
  journalRows,
  jsonOf,
  type Section,
  type ShardSummary,
} from './close-lines.ts';
import { getClose } from './close-store.ts';
import { beginDay, type ChainDay, IndexBehind, isIdle, numbersBetween, withEntry } from './day-movements.ts';
import { entriesOfDay } from './day-store.ts';

export interface ShardWork extends CloseRun {
  readonly shard: number;
}

/**
 * Cost: half a read unit per 4 KiB of the shard's entries, some seven, and a PUT for each 8 MiB of the files.
 *
 * @returns the number of entries
 * @throws IndexBehind where the index lacks an entry; a later try finds it
 */
export async function closeShard(closing: Closing, work: ShardWork): Promise<{ readonly entries: number }> {
  const { files, bucket } = closing;
  const balances = startUpload(files, { bucket, key: closeKeys.balances(work, work.shard) });
  const journal = startUpload(files, { bucket, key: closeKeys.journalRows(work, work.shard) });
  const sections = sectionsIn({ balances, journal });
  const net = new Map<Currency, bigint>();
  let count = 0;

  const before = reader(await chainsBefore(closing, work));
  const entries = reader(entriesOfDay(closing.table, work));
  await Promise.all([before.advance(), entries.advance()]);
  for (;;) {
    const place = firstOf(before.head && chainPlace(before.head), entries.head && placeOfChain(entries.head));
    if (place === undefined) break;
    const known = before.head && chainPlace(before.head) === place ? before.head : undefined;
    if (known) await before.advance();
    const isNext = (entry: Entry | undefined): entry is Entry => entry !== undefined && placeOfChain(entry) === place;
    let chain = beginDay(known, isNext(entries.head) ? entries.head : undefined);
    if (!chain) throw new Error(`${place} has neither a past nor an entry`);
    sections.enter(chain.owner);
    while (isNext(entries.head)) {
      const entry: Entry = entries.head;
      await checkNumbers(closing, chain, entry);
      chain = withEntry(chain, entry);
      for (const row of journalRows(entry)) await journal.write(journalLine(row));
      const { available, frozen, fees } = onNormalSides(entry.account, entry.change);
      net.set(entry.account.currency, (net.get(entry.account.currency) ?? 0n) + available + frozen + fees);
      count += 1;
      await entries.advance();
    }
    if (!isIdle(chain)) await balances.write(chainLine(chain));
  }
  const summary: ShardSummary = {
    entries: count,
    net: [...net].map(([currency, amount]) => ({ currency, amount })),
    sections: sections.all(),
  };
  await Promise.all([balances.finish(), journal.finish()]);
  const upload = startUpload(files, { bucket, key: closeKeys.summary(work, work.shard) });
  await upload.write(jsonOf(summary));
  await upload.finish();
  return { entries: count };
}

const placeOfChain = (entry: Entry): string => chainPlace({ ...entry, owner: ownerOf(entry.account.institutionId) });

const firstOf = (left: string | undefined, right: string | undefined): string | undefined =>
  left === undefined || (right !== undefined && right < left) ? right : left;

/** The shard's chains as the day before has left them. */
async function chainsBefore(
  { table, files, bucket }: Closing,
  { day, shard }: ShardWork,
): Promise<AsyncIterable<ChainDay>> {
  const dates = await readBusinessDates(table);
  if (dates?.first === day) return none();
  const close = await getClose(table, addDays(day, -1));
  if (!close) throw new Error(`the day before ${day} has not been closed`);
  const ref = { bucket, key: closeKeys.balances(close, shard) };
  const { size } = await newestVersion(files, ref);
  return parsed(linesOf(streamRange(files, ref, { start: 0, end: size })));
}

async function* none(): AsyncGenerator<ChainDay> {}

async function* parsed(lines: AsyncIterable<string>): AsyncGenerator<ChainDay> {
  for await (const line of lines) yield chainDayFrom(line);
}

/** A stream of which one looks at the next item before taking it. */
function reader<Item>(items: AsyncIterable<Item>) {
  const iterator = items[Symbol.asyncIterator]();
  const held: { head: Item | undefined; readonly advance: () => Promise<void> } = {
    head: undefined,
    advance: async () => {
      const { done, value } = await iterator.next();
      held.head = done ? undefined : value;
    },
  };
  return held;
}

/** Where a number is missing the ledger itself is asked: 1 read unit for each change of an account's terms. */
async function checkNumbers({ table }: Closing, chain: ChainDay, entry: Entry): Promise<void> {
  for (const place of numbersBetween(chain, entry)) {
    const between = await getEntry(table, place);
    if (between && sameBalances(between.change, noBalances)) continue;
    throw new IndexBehind(`entry ${place.seq} of ${chainName(place)} is missing`);
  }
}

/** Remembers where in the two files each owner's part begins and ends. */
function sectionsIn({ balances, journal }: { readonly balances: Upload; readonly journal: Upload }) {
  const starts: { readonly owner: Owner; readonly balances: number; readonly journal: number }[] = [];
  const here = () => ({ balances: balances.position(), journal: journal.position() });
  return {
    enter: (owner: Owner) => {
      if (starts.at(-1)?.owner !== owner) starts.push({ owner, ...here() });
    },
    all: (): Section[] =>
      starts.map((start, index) => {
        const end = starts[index + 1] ?? here();
        return {
          owner: start.owner,
          balances: { start: start.balances, end: end.balances },
          journal: { start: start.journal, end: end.journal },
        };
      }),
  };
}
