/**
 * BAI2, balance and transaction reporting: files, groups, accounts and transactions, each with a trailer of its sums and counts.
 * Amounts are minor units, with as many decimals as the currency has. Sums are checked as written: a debit is not negated there.
 *
 * A transaction is dated by its group's as-of date, as that day's first instant in the channel's zone. Type codes 100 to 399 are
 * credits, 400 to 699 debits; 890 is text alone. Where an account states 100 and 400, its transactions are these totals, and they
 * lead from its opening (010) to its closing balance (015).
 */
import {
  type Account,
  type File,
  type Group,
  noteFrameRecord,
  nothingOpen,
  recordOutOfPlace,
  writtenSum,
} from '../reading/bai2-frame.ts';
import { type Bai2Record, bai2Records, transactionOf } from '../reading/bai2-records.ts';
import {
  accountsSeen,
  bankKinds,
  bankLine,
  givenReference,
  type MovementNature,
  maximumRaw,
} from '../reading/bank-movement.ts';
import { countedOne } from '../reading/frame.ts';
import { localInstantOf } from '../reading/instant.ts';
import type { DocumentFormat, DocumentPart, ReadLine, StatementContext } from '../reading/statement-format.ts';
import { reject } from '../rejection.ts';

export const format: DocumentFormat = {
  name: 'bai2',
  reads: 'document',
  covers: bankKinds,
  inParts: true,
  recognise: ({ header }) => /^01,[^,]*,[^,]*,\d{6},[^,]*,/.test(header),
  read,
};

const naturesByCode: Readonly<Record<string, MovementNature>> = {
  252: 'returned', // debit reversal
  255: 'returned', // check returned
  257: 'returned', // ACH return item
  258: 'returned', // ACH reversal
  261: 'returned', // rejected credit
  266: 'returned', // return item
  354: 'other', // interest
  398: 'charge', // fee given back
  552: 'returned', // credit reversal
  555: 'returned', // deposited item returned
  557: 'returned', // ACH return item
  558: 'returned', // ACH reversal
  561: 'returned', // rejected debit
  566: 'returned', // return item
  567: 'charge', // return item fee
  654: 'other', // interest
  698: 'charge', // miscellaneous fees
};

async function* read(chunks: AsyncIterable<Buffer>, context: StatementContext): AsyncGenerator<DocumentPart> {
  const seen = accountsSeen(context.merchantNo);
  const open = nothingOpen();
  for await (const record of bai2Records(chunks)) {
    if ('reason' in record) return yield record;
    if (record.code === '16') {
      if (!open.account || !open.group || !open.file) return yield recordOutOfPlace(record);
      open.account.transactions += 1;
      yield lineOf(record, { account: open.account, group: open.group, file: open.file }, context);
      continue;
    }
    const wrong = noteFrameRecord(open, record);
    if (wrong) return yield wrong;
    if (record.code === '03' && open.account) seen.see(open.account.names);
  }
  if (open.file) return yield reject('truncated', 'The file ends without its trailer, record 99.');
  if (open.files === 0) return yield reject('malformed_frame', 'The file holds no record 01.');
  yield { control: { sums: open.sums, foreignAccounts: seen.foreign() } };
}

interface Place {
  readonly account: Account;
  readonly group: Group;
  readonly file: File;
}

function lineOf(record: Bai2Record, { account, group, file }: Place, context: StatementContext): ReadLine {
  const { lineNumber, raw } = record;
  const { type, amount, bankReference, customerReference, texts } = transactionOf(record);
  const wrong = (reason: string): ReadLine => ({ lineNumber, reason, raw: raw.slice(0, maximumRaw) });
  const code = /^\d{3}$/.test(type) ? Number(type) : 0;
  if (!/^\+?\d{1,15}$/.test(amount) && !(code === 890 && amount === '')) return wrong('the amount is none');
  const side = code >= 100 && code <= 399 ? 'credit' : code >= 400 && code <= 699 ? 'debit' : undefined;
  const written = writtenSum(amount);
  const sums: Record<string, bigint> = {};
  for (const name of [`account ${account.number}`, `group ${group.number}`, `file ${file.number}`]) {
    sums[`${name} amounts as written`] = written;
    sums[`${name} records`] = BigInt(record.records) * countedOne;
  }
  if (code === 890) return { lineNumber, ignored: 'text_only', sums };
  if (!side) return wrong(`type code ${type.slice(0, 10)} is neither a credit nor a debit`);
  sums[`account ${account.number} ${side}s`] = written;
  const labelled = texts.map((text) => /^\s*EREF:\s*(\S.*)$/.exec(text)?.[1]).find((found) => found !== undefined);
  const place = `${group.asOf}/${file.id}/${account.number}/${account.transactions}`;
  const movement = {
    lineNumber,
    side,
    nature: naturesByCode[type] ?? 'payment',
    amount: BigInt(amount),
    currency: account.currency,
    at: localInstantOf(group.asOf, '00:00:00', context.timeZone),
    ourReference: givenReference(labelled) || givenReference(customerReference),
    channelReference: givenReference(bankReference) || place,
    remittance: [customerReference, ...toldOn(texts)].join(' '),
    raw,
  } as const;
  return bankLine(movement, { accounts: account.names, sums }, context);
}

/** Continuations with the other side's account, bank or number begin with these words. A text without a word goes on in the next. */
const othersAccounts = /^\s*(?:DACT|CACT|DABA|CABA|DBIC|CBIC|IDNM|PY|BI|OB|BO\d?|FR):/;

function toldOn(texts: readonly string[]): string[] {
  const told: string[] = [];
  for (const text of texts.filter((each) => !othersAccounts.test(each))) {
    const before = /^\s*[A-Z]{2,4}:/.test(text) ? undefined : told.pop();
    if (before === undefined) told.push(text);
    else told.push(`${before}${text}`);
  }
  return told;
}
