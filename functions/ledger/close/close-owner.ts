/** One owner's day out of the shards: the general ledger, the journal and the figures per subject. */
import { type AccountingDate, addDays } from '../../kernel/clock.ts';
import { startUpload } from '../../kernel/files.ts';
import { addBalances } from '../account.ts';
import { readBusinessDates } from '../business-date-store.ts';
import type { Owner } from '../business-day.ts';
import { chainName } from '../entry.ts';
import { mergeSorted } from '../merge-sorted.ts';
import type { BookFile, CloseRun, Closing } from './close.ts';
import { csvOf, generalLedgerColumns, generalLedgerRows, journalColumns } from './close-csv.ts';
import { chainDayFrom, closeKeys, journalRowFrom, type OwnerWork, readLines } from './close-lines.ts';
import { getClose, getOwnerClose, putOwnerClose } from './close-store.ts';
import { asOpening, type ChainDay, type SubjectDay, subjectDays, subjectsOf } from './day-movements.ts';

/**
 * Writes the owner's files and figures. A line of each shard is held at a time, and the totals of the subjects.
 *
 * @throws Error where the accounts' openings are not the closings of the day before
 */
export async function closeOwner(closing: Closing, run: CloseRun, { owner, sections }: OwnerWork): Promise<void> {
  const subjects = subjectDays();
  let entries = 0;
  const chains = mergeSorted(
    sections.map(({ shard, balances }) =>
      mapped(readLines(closing, closeKeys.balances(run, shard), balances), chainDayFrom),
    ),
    chainName,
  );
  const seen = (account: ChainDay) => {
    for (const line of subjectsOf(account)) subjects.add(line);
    entries += account.entries;
  };
  const ledgerRows = flattened(accountsOf(chains), (account) => {
    seen(account);
    return generalLedgerRows(run.day, account);
  });
  const generalLedger = await writeCsv(
    closing,
    closeKeys.generalLedger(run, owner),
    csvOf(ledgerRows, generalLedgerColumns),
  );
  const journalRows = mergeSorted(
    sections.map(({ shard, journal }) =>
      mapped(readLines(closing, closeKeys.journalRows(run, shard), journal), journalRowFrom),
    ),
    ({ place }) => place,
  );
  const journal = await writeCsv(closing, closeKeys.journal(run, owner), csvOf(journalRows, journalColumns));
  const lines = subjects.lines();
  await checkOpenings(closing, run.day, owner, lines);
  await putOwnerClose(closing.table, { ...run, owner, lines, entries, generalLedger, journal });
}

async function* mapped<From, To>(items: AsyncIterable<From>, map: (item: From) => To): AsyncGenerator<To> {
  for await (const item of items) yield map(item);
}

async function* flattened<From, To>(
  items: AsyncIterable<From>,
  map: (item: From) => readonly To[],
): AsyncGenerator<To> {
  for await (const item of items) yield* map(item);
}

/** The slots of an account, which follow each other, added up. */
async function* accountsOf(chains: AsyncIterable<ChainDay>): AsyncGenerator<ChainDay> {
  let account: ChainDay | undefined;
  for await (const chain of chains) {
    if (account && account.accountId === chain.accountId) {
      account = {
        ...account,
        opening: addBalances(account.opening, chain.opening),
        debits: addBalances(account.debits, chain.debits),
        credits: addBalances(account.credits, chain.credits),
        entries: account.entries + chain.entries,
      };
      continue;
    }
    if (account) yield account;
    account = chain;
  }
  if (account) yield account;
}

async function writeCsv({ files, bucket }: Closing, key: string, pieces: AsyncIterable<string>): Promise<BookFile> {
  const upload = startUpload(files, { bucket, key });
  let lines = -1; // the head is none
  for await (const piece of pieces) {
    lines += piece.split('\n').length - 1;
    await upload.write(piece);
  }
  return { key, lines, ...(await upload.finish()) };
}

async function checkOpenings(
  { table }: Closing,
  day: AccountingDate,
  owner: Owner,
  lines: readonly SubjectDay[],
): Promise<void> {
  const dates = await readBusinessDates(table);
  const previous = dates?.first === day ? undefined : await getClose(table, addDays(day, -1));
  const before = previous && (await getOwnerClose(table, previous, owner));
  const expected = subjectDays((before?.lines ?? []).map(asOpening)).lines();
  const found = subjectDays(lines.map((line) => ({ ...line, debit: 0n, credit: 0n }))).lines();
  const textOf = (all: readonly SubjectDay[]) =>
    all.map(({ subject, currency, opening }) => `${subject} ${currency} ${opening}`).join(', ');
  if (textOf(expected) === textOf(found)) return;
  throw new Error(`${owner} opens ${day} with ${textOf(found)} and closed the day before with ${textOf(expected)}`);
}
