/** What a BAI2 file says of itself: the levels that stand in one another, and the sums and counts of their trailers. */
import { type Rejection, reject } from '../rejection.ts';
import { amountsOf, type Bai2Record, fieldsOf } from './bai2-records.ts';
import { type AccountNames, maximumStatements } from './bank-movement.ts';
import { countedOne, exactSum, wholeNumber } from './frame.ts';
import { localInstantOf } from './instant.ts';

/** Sums as written, and records, from an opening record down to its trailer. */
export interface Level {
  readonly number: number;
  /** of records that are no transactions: what the trailer says of transactions is the rest */
  framed: bigint;
  frameRecords: number;
  /** accounts of a group, groups of a file */
  inside: number;
}

export interface File extends Level {
  /** the sender's own number of the file, unique on its day */
  readonly id: string;
}

export interface Account extends Level {
  readonly names: AccountNames;
  readonly currency: string;
  transactions: number;
}

export interface Group extends Level {
  readonly asOf: string;
  readonly currency: string;
}

export interface Open {
  file: File | undefined;
  group: Group | undefined;
  account: Account | undefined;
  files: number;
  groups: number;
  accounts: number;
  readonly sums: Record<string, bigint>;
}

export const nothingOpen = (): Open => ({
  file: undefined,
  group: undefined,
  account: undefined,
  files: 0,
  groups: 0,
  accounts: 0,
  sums: {},
});

export const recordOutOfPlace = ({ code, lineNumber }: Bai2Record): Rejection =>
  reject('malformed_frame', `Line ${lineNumber}: the record ${code} stands where there can be none.`);

const unreadable = ({ code, lineNumber }: Bai2Record, what: string): Rejection =>
  reject('malformed_frame', `Line ${lineNumber}: ${what} of the record ${code} can't be read.`);

/** Any record but a transaction. */
export function noteFrameRecord(open: Open, record: Bai2Record): Rejection | undefined {
  const fields = fieldsOf(record);
  const level = (number: number): Level => ({ number, framed: 0n, frameRecords: record.records, inside: 0 });
  switch (record.code) {
    case '01':
      if (open.file) return recordOutOfPlace(record);
      open.files += 1;
      open.file = { ...level(open.files), id: fields[4] ?? '' };
      return undefined;
    case '02': {
      if (!open.file || open.group) return recordOutOfPlace(record);
      const asOf = dayOf(fields[3] ?? '');
      if (!asOf) return unreadable(record, 'the as-of date');
      open.groups += 1;
      open.group = { ...level(open.groups), asOf, currency: fields[5] || 'USD' };
      return undefined;
    }
    case '03':
      return openAccount(open, record, fields);
    case '49':
      return closeAccount(open, record, fields);
    case '98': {
      const { group, file } = open;
      if (!group || !file || open.account) return recordOutOfPlace(record);
      open.group = undefined;
      return closeLevel(open, {
        record,
        fields,
        level: group,
        above: file,
        name: `group ${group.number}`,
        what: 'accounts',
      });
    }
    case '99': {
      const { file } = open;
      if (!file || open.group) return recordOutOfPlace(record);
      open.file = undefined;
      return closeLevel(open, { record, fields, level: file, name: `file ${file.number}`, what: 'groups' });
    }
    case '16':
      return undefined; // a line, which is read elsewhere
  }
}

function openAccount(open: Open, record: Bai2Record, fields: readonly string[]): Rejection | undefined {
  const [name = '', currency = '', ...rest] = fields;
  if (!open.group || open.account) return recordOutOfPlace(record);
  if (name === '') return unreadable(record, 'the account');
  const amounts = amountsOf(rest);
  if (!amounts) return unreadable(record, 'an amount');
  open.accounts += 1;
  if (open.accounts > maximumStatements) return reject('malformed_frame', 'The file has too many accounts.');
  const number = open.accounts;
  const stated = (type: string): bigint | undefined => {
    const found = amounts.find((each) => each.type === type && each.amount !== '');
    return found && writtenSum(found.amount);
  };
  const [opening, credits, debits, closing] = [stated('010'), stated('100'), stated('400'), stated('015')];
  if (credits !== undefined) open.sums[`account ${number} credits`] = credits;
  if (debits !== undefined) open.sums[`account ${number} debits`] = debits;
  if (opening !== undefined && closing !== undefined && credits !== undefined && debits !== undefined) {
    if (opening + credits - debits !== closing) {
      const detail = `Account ${number}: opening balance, credits and debits do not lead to the closing balance.`;
      return reject('wrong_control_total', detail);
    }
  }
  open.account = {
    number,
    framed: amounts.reduce((sum, { amount }) => sum + writtenSum(amount), 0n),
    frameRecords: record.records,
    inside: 0,
    names: [name, name.replace(/\s/g, '')],
    currency: currency || open.group.currency,
    transactions: 0,
  };
  return undefined;
}

/** Whole numbers, as hundred-thousandths; nothing where nothing is written. */
export const writtenSum = (amount: string): bigint => exactSum(amount || '0') ?? 0n;

function closeAccount(open: Open, record: Bai2Record, fields: readonly string[]): Rejection | undefined {
  const { account, group, file } = open;
  if (!account || !group || !file) return recordOutOfPlace(record);
  open.account = undefined;
  account.frameRecords += record.records;
  group.inside += 1;
  group.framed += account.framed;
  group.frameRecords += account.frameRecords;
  const [total = '', records = ''] = fields;
  return noteTrailer(open, { record, total, records, level: account, name: `account ${account.number}` });
}

interface Closing {
  readonly record: Bai2Record;
  readonly fields: readonly string[];
  readonly level: Level;
  readonly above?: Level;
  readonly name: string;
  readonly what: string;
}

function closeLevel(open: Open, { record, fields, level, above, name, what }: Closing): Rejection | undefined {
  const [total = '', count = '', records = ''] = fields;
  level.frameRecords += record.records;
  if (above) {
    above.inside += 1;
    above.framed += level.framed;
    above.frameRecords += level.frameRecords;
  }
  const counted = wholeNumber(count);
  if (count !== '' && counted === undefined) return unreadable(record, 'the count');
  if (counted !== undefined && counted !== BigInt(level.inside)) {
    return reject(
      'wrong_control_total',
      `The trailer of ${name} counts ${counted} ${what}; there are ${level.inside}.`,
    );
  }
  return noteTrailer(open, { record, total, records, level, name });
}

interface Trailer {
  readonly record: Bai2Record;
  readonly total: string;
  readonly records: string;
  readonly level: Level;
  readonly name: string;
}

/** What a trailer states beyond the frame is what its transactions have to be. A sender may leave a figure empty. */
function noteTrailer(open: Open, { record, total, records, level, name }: Trailer): Rejection | undefined {
  if (!record.raw.endsWith('/')) return reject('truncated', `The record ${record.code} of ${name} does not end.`);
  const sum = total === '' ? undefined : exactSum(total);
  const count = records === '' ? undefined : wholeNumber(records);
  if (total !== '' && (sum === undefined || total.includes('.'))) return unreadable(record, 'the total');
  if (records !== '' && count === undefined) return unreadable(record, 'the number of records');
  if (sum !== undefined) open.sums[`${name} amounts as written`] = sum - level.framed;
  if (count !== undefined) open.sums[`${name} records`] = (count - BigInt(level.frameRecords)) * countedOne;
  return undefined;
}

/** @param text YYMMDD */
const dayOf = (text: string): string | undefined => {
  const [, year, month, day] = /^(\d{2})(\d{2})(\d{2})$/.exec(text) ?? [];
  const full = `20${year}-${month}-${day}`;
  return localInstantOf(full, '00:00:00', 'UTC') && full;
};
