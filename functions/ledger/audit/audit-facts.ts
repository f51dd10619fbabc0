/**
 * What the first step of an audit writes down and the second one joins: small facts, one a line, each in the file of the
 * shard that its key falls into. So all that is said of one posting, one account, one hold or one day meets in one shard.
 */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import type { AccountId, InstitutionId, PostingId } from '../../kernel/ids.ts';
import { currencySchema } from '../../kernel/money.ts';
import { accountKinds, accountStatuses } from '../account.ts';
import type { Owner } from '../business-day.ts';
import { subjects } from '../chart-of-accounts.ts';
import { postingTypes } from '../posting.ts';
import { findingSchema, keyOfFinding } from './audit-finding.ts';

/** Our own file: ids and dates are as they were read. */
const text = <Branded extends string>() => z.string().transform((value) => value as Branded);
const amount = z.string().transform((digits) => BigInt(digits));
const balances = z.object({ available: amount, frozen: amount, fees: amount });
const move = balances.extend({ accountId: text<AccountId>(), currency: currencySchema });

const postingFacts = z.object({
  postingId: text<PostingId>(),
  type: z.enum(postingTypes),
  accountingDate: text<AccountingDate>(),
  belongsTo: text<AccountingDate>().optional(),
  transactionId: z.string().optional(),
  description: z.string().optional(),
  by: z.string().optional(),
  postedAt: z.string(),
});

const place = z.object({ accountId: text<AccountId>(), slot: z.int(), seq: z.int(), hash: z.string() });

/** An entry that moves something, counted with debits positive. */
const entryFact = postingFacts.extend({
  fact: z.literal('entry'),
  place,
  move,
  after: balances,
  slots: z.int(),
  institutionId: text<InstitutionId>().optional(),
});

const postingFact = postingFacts.extend({
  fact: z.literal('posting'),
  reverses: text<PostingId>().optional(),
  listing: z
    .object({
      institutionId: text<InstitutionId>(),
      reference: z.string().optional(),
      amount,
      currency: currencySchema,
    })
    .optional(),
  contentHash: z.string(),
  entries: z.array(place).readonly(),
});

/** What a posting must be, by the word of a neighbour such as a payment. */
const postingClaim = z.object({
  postingId: text<PostingId>(),
  type: z.enum(postingTypes),
  transactionId: z.string(),
  moves: z.array(move).readonly(),
  /** what the neighbour keeps of it, where it keeps it */
  accountingDate: text<AccountingDate>().optional(),
  after: z.object({ accountId: text<AccountId>(), available: amount, frozen: amount }).optional(),
});

const balanceClaim = z.object({ accountId: text<AccountId>(), amount });

/** A reversal as its original keeps it. */
const reversalFact = z.object({
  fact: z.literal('reversal'),
  original: text<PostingId>(),
  number: z.int(),
  postingId: text<PostingId>(),
  moves: z.array(move).readonly(),
});

/** The same reversal as its own posting tells of it. */
const reversingFact = z.object({
  fact: z.literal('reversing'),
  original: text<PostingId>(),
  postingId: text<PostingId>(),
  type: z.enum(postingTypes),
  transactionId: z.string().optional(),
  contentHash: z.string(),
});

/** What a hold says of itself. */
const holdFact = z.object({
  fact: z.literal('hold'),
  holdId: z.string(),
  accountId: text<AccountId>(),
  currency: currencySchema,
  amount,
  captured: amount,
  released: amount,
  version: z.int(),
  reason: z.string().optional(),
});

/** An entry on the account of a hold that a posting of the hold wrote. */
const holdEntryFact = z.object({
  fact: z.literal('hold_entry'),
  holdId: z.string(),
  postingId: text<PostingId>(),
  type: z.enum(postingTypes),
  description: z.string().optional(),
  accountId: text<AccountId>(),
  currency: currencySchema,
  /** minor units, positive on the account's normal side */
  frozen: amount,
});

/** What one owner's entries of one day move on one subject; several of them are added up. */
const dayFact = z.object({
  fact: z.literal('day'),
  owner: text<Owner>(),
  day: text<AccountingDate>(),
  subject: z.enum(subjects),
  currency: currencySchema,
  debit: amount,
  credit: amount,
  /** each entry is counted on the subject of its account */
  entries: z.int(),
});

/** What the close of a day keeps of one owner, by the run that it names. */
const ownerCloseFact = z.object({
  fact: z.literal('owner_close'),
  owner: text<Owner>(),
  day: text<AccountingDate>(),
  run: z.string(),
  entries: z.int(),
  lines: z
    .array(
      z.object({ subject: z.enum(subjects), currency: currencySchema, opening: amount, debit: amount, credit: amount }),
    )
    .readonly(),
});

/** A day that is closed, and by which run; every shard is told. */
const closeFact = z.object({ fact: z.literal('close'), day: text<AccountingDate>(), run: z.string() });

/** One chain of an account, by its last entry. */
const slotFact = z.object({
  fact: z.literal('slot'),
  accountId: text<AccountId>(),
  slot: z.int(),
  account: z.object({
    kind: z.enum(accountKinds),
    subject: z.enum(subjects),
    currency: currencySchema,
    institutionId: text<InstitutionId>().optional(),
    openedAt: z.string(),
  }),
  status: z.enum(accountStatuses),
  floor: amount.nullable(),
  slots: z.int(),
  after: balances,
});

export const factSchema = z.discriminatedUnion('fact', [
  entryFact,
  postingFact,
  z.object({ fact: z.literal('posting_claim'), claim: postingClaim }),
  z.object({ fact: z.literal('balance_claim'), claim: balanceClaim }),
  reversalFact,
  reversingFact,
  holdFact,
  holdEntryFact,
  slotFact,
  dayFact,
  ownerCloseFact,
  closeFact,
  z.object({ fact: z.literal('finding'), finding: findingSchema }),
]);

export type Fact = z.output<typeof factSchema>;
export type FactOf<Kind extends Fact['fact']> = Extract<Fact, { fact: Kind }>;
export type EntryFact = z.output<typeof entryFact>;
export type PostingClaim = z.output<typeof postingClaim>;
export type BalanceClaim = z.output<typeof balanceClaim>;
export type SlotFact = z.output<typeof slotFact>;

/** Undefined for what every shard is to know. */
export function keyOf(fact: Fact): string | undefined {
  switch (fact.fact) {
    case 'entry':
    case 'posting':
      return fact.postingId;
    case 'posting_claim':
      return fact.claim.postingId;
    case 'reversal':
    case 'reversing':
      return fact.original;
    case 'hold':
    case 'hold_entry':
      return fact.holdId;
    case 'slot':
      return fact.accountId;
    case 'day':
    case 'owner_close':
      return fact.owner;
    case 'close':
      return undefined;
    case 'balance_claim':
      return fact.claim.accountId;
    case 'finding':
      return keyOfFinding(fact.finding);
  }
}

/** Spreads whatever a key looks like, also one that somebody made up. */
export const shardOfKey = (key: string, shards: number): number =>
  createHash('sha256').update(key).digest().readUInt32BE(0) % shards;

export const encodeFact = (fact: Fact): string => `${toJson(fact)}\n`;

/** JSON with amounts as their digits. */
export const toJson = (value: unknown): string =>
  JSON.stringify(value, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part));

export function* decodeFacts(lines: string): Generator<Fact, void> {
  for (let start = 0; start < lines.length; ) {
    const end = lines.indexOf('\n', start);
    yield factSchema.parse(JSON.parse(lines.slice(start, end)));
    start = end + 1;
  }
}
