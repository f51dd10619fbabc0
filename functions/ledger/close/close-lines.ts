/** The working files of a close: one line of JSON per chain, and one row per line of the journal. */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import { type ByteRange, linesOf, type ObjectRef, streamRange } from '../../kernel/files.ts';
import type { AccountId } from '../../kernel/ids.ts';
import { currencySchema } from '../../kernel/money.ts';
import { accountKinds, type Balances, balanceKinds, onNormalSides, subjectOf } from '../account.ts';
import { dayShards, type Owner, placeOfEntry } from '../business-day.ts';
import { subjects } from '../chart-of-accounts.ts';
import type { Entry } from '../entry.ts';
import type { CloseRun, Closing } from './close.ts';
import type { ChainDay } from './day-movements.ts';

const shardName = (shard: number): string => String(shard).padStart(2, '0');

/** All shards of a day. */
export const shards: readonly number[] = Array.from({ length: dayShards }, (_, shard) => shard);

/**
 * Where a run's files lie. What stands under `work/` is forgotten after a month; the next day begins from `balances/`;
 * `general-ledger/` and `journal/` are for finance.
 */
export const closeKeys = {
  balances: ({ day, run }: CloseRun, shard: number) => `balances/${day}/${run}/${shardName(shard)}.jsonl`,
  journalRows: ({ day, run }: CloseRun, shard: number) => `work/${day}/${run}/${shardName(shard)}/journal.jsonl`,
  summary: ({ day, run }: CloseRun, shard: number) => `work/${day}/${run}/${shardName(shard)}/summary.json`,
  owners: ({ day, run }: CloseRun) => `work/${day}/${run}/owners.json`,
  generalLedger: ({ day, run }: CloseRun, owner: Owner) => `general-ledger/${day}/${owner}/${run}.csv`,
  journal: ({ day, run }: CloseRun, owner: Owner) => `journal/${day}/${owner}/${run}.csv`,
} as const;

const amount = z.string().transform(BigInt);
const balances: z.ZodType<Balances, { available: string; frozen: string; fees: string }> = z.object({
  available: amount,
  frozen: amount,
  fees: amount,
});
/** Our own file: ids were checked when they were written. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);

const chainDaySchema = z.object({
  accountId: text<AccountId>(),
  slot: z.int(),
  owner: text<Owner>(),
  account: z.object({ kind: z.enum(accountKinds), subject: z.enum(subjects), currency: currencySchema }),
  opening: balances,
  debits: balances,
  credits: balances,
  entries: z.int(),
  lastSeq: z.int(),
});

export const jsonOf = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));

export const chainLine = (day: ChainDay): string => `${jsonOf(day)}\n`;

export const chainDayFrom = (line: string): ChainDay => chainDaySchema.parse(JSON.parse(line));

const optional = z.string().optional();

/** 日记账: what an entry did to one balance of its account. */
const journalRowSchema = z.object({
  /** the order of the journal: account, slot, number */
  place: z.string(),
  accountingDate: z.string(),
  postedAt: z.string(),
  postingId: z.string(),
  type: z.string(),
  transactionId: optional,
  accountId: z.string(),
  slot: z.int(),
  number: z.int(),
  kind: z.string(),
  subject: z.enum(subjects),
  balance: z.enum(balanceKinds),
  currency: currencySchema,
  debit: amount,
  credit: amount,
  /** of the account, or of the slot of a hot account, positive on the normal side */
  balanceAfter: amount,
  belongsTo: optional,
  by: optional,
  description: optional,
});

export type JournalRow = z.infer<typeof journalRowSchema>;

/** A row for each balance that the entry moved. */
export function journalRows(entry: Entry): JournalRow[] {
  const { accountId, slot, seq, account, change, after } = entry;
  const debits = onNormalSides(account, change);
  return balanceKinds
    .filter((balance) => change[balance] !== 0n)
    .map((balance) => ({
      place: placeOfEntry(entry),
      accountingDate: entry.accountingDate,
      postedAt: entry.postedAt,
      postingId: entry.postingId,
      type: entry.type,
      transactionId: entry.transactionId,
      accountId,
      slot,
      number: seq,
      kind: account.kind,
      subject: subjectOf(account, balance),
      balance,
      currency: account.currency,
      debit: debits[balance] > 0n ? debits[balance] : 0n,
      credit: debits[balance] < 0n ? -debits[balance] : 0n,
      balanceAfter: after[balance],
      belongsTo: entry.belongsTo,
      by: entry.by,
      description: entry.description,
    }));
}

export const journalLine = (row: JournalRow): string => `${jsonOf(row)}\n`;

export const journalRowFrom = (line: string): JournalRow => journalRowSchema.parse(JSON.parse(line));

/** The lines of a part of a working file. */
export const readLines = ({ files, bucket }: Closing, key: string, range: ByteRange): AsyncGenerator<string> => {
  const ref: ObjectRef = { bucket, key };
  return linesOf(streamRange(files, ref, range));
};

const rangeSchema = z.object({ start: z.int(), end: z.int() });

/** Which part of a shard's files is one owner's: files are in the order of owners. */
const sectionSchema = z.object({
  owner: text<Owner>(),
  balances: rangeSchema,
  journal: rangeSchema,
});

export const shardSummarySchema = z.object({
  entries: z.int(),
  /** what the shard's entries add up to, debits positive; those of all shards add up to nothing */
  net: z.array(z.object({ currency: currencySchema, amount })),
  sections: z.array(sectionSchema),
});

export type ShardSummary = z.infer<typeof shardSummarySchema>;
export type Section = ShardSummary['sections'][number];

/** An item of the map over owners. */
export const ownerWorkSchema = z.object({
  owner: text<Owner>(),
  sections: z.array(sectionSchema.omit({ owner: true }).extend({ shard: z.int() })),
});

export type OwnerWork = z.infer<typeof ownerWorkSchema>;

const day = z.iso.date().transform((date) => date as AccountingDate); // just checked

/** The name of an execution stands in the keys of what it writes. */
export const closeRunSchema = z.object({ day, run: z.string().regex(/^[\w-]{1,100}$/) });
