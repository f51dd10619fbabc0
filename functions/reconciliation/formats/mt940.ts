/**
 * SWIFT MT940, customer statement, in the dialects of banks: in blocks or bare, several statements a file, `:86:` as free text, in
 * sub-fields or in words between slashes. Each line is UTF-8 or else Latin-1. The currency is that of the balances.
 *
 * A line is dated by its entry date, else by its value date, as that day's first instant in the channel's zone. A day that its month
 * has not, such as the 30 February of interest, stands for the month's last.
 */
import {
  type AccountNames,
  accountsSeen,
  type BankMovement,
  bankKinds,
  bankLine,
  givenReference,
  type MovementNature,
  maximumRaw,
  maximumStatements,
  natureOfGermanCode,
} from '../reading/bank-movement.ts';
import { exactSum } from '../reading/frame.ts';
import { mtInstantOf } from '../reading/mt940-dates.ts';
import { type MtField, mtFields } from '../reading/mt940-fields.ts';
import { type MtText, mtTextOf } from '../reading/mt940-text.ts';
import type { DocumentFormat, DocumentPart, ReadLine, StatementContext } from '../reading/statement-format.ts';
import { type Rejection, reject } from '../rejection.ts';

export const format: DocumentFormat = {
  name: 'mt940',
  reads: 'document',
  covers: bankKinds,
  inParts: true,
  recognise: ({ head }) => {
    const text = head.toString('latin1');
    return /(?:^|\n|\{4:)(?:\xEF\xBB\xBF)?:20:/.test(text) && /^:60[FM]:[CD]\d{6}[A-Z]{3}/m.test(text);
  },
  read,
};

interface Balance {
  readonly currency: string;
  /** hundred-thousandths, a debit negative */
  readonly sum: bigint;
  /** another page comes before, or after */
  readonly interim: boolean;
}

interface Statement {
  readonly number: number;
  readonly reference: string;
  accounts: AccountNames;
  page: string;
  opening: Balance | undefined;
  closing: Balance | undefined;
  lines: number;
}

interface OpenLine {
  readonly field: MtField;
  text: readonly string[];
}

async function* read(chunks: AsyncIterable<Buffer>, context: StatementContext): AsyncGenerator<DocumentPart> {
  const accounts = accountsSeen(context.merchantNo);
  const sums: Record<string, bigint> = {};
  let statement: Statement | undefined;
  let before: Statement | undefined;
  let statements = 0;
  let line: OpenLine | undefined;
  const close = function* (of: Statement): Generator<ReadLine> {
    if (line) yield lineOf(line, of, context);
    line = undefined;
  };
  for await (const part of mtFields(chunks)) {
    if ('reason' in part) return yield part;
    if ('messageEnds' in part) {
      if (!statement) continue;
      yield* close(statement);
      const control = controlOf(statement, before);
      if ('reason' in control) return yield control;
      for (const [name, sum] of control.sums) sums[name] = sum;
      accounts.see(statement.accounts);
      [before, statement] = [statement, undefined];
      continue;
    }
    if (part.tag === '20') {
      statements += 1;
      if (statements > maximumStatements) return yield reject('malformed_frame', 'The file has too many statements.');
      statement = emptyStatement(statements, part);
      continue;
    }
    if (!statement) continue;
    if (part.tag === '86' && line) {
      line.text = part.lines;
      yield* close(statement);
      continue;
    }
    yield* close(statement);
    if (part.tag === '61') {
      if (!statement.opening || statement.closing || statement.accounts.length === 0) {
        return yield reject('malformed_frame', `Line ${part.lineNumber}: the tag 61 stands outside the balances.`);
      }
      statement.lines += 1;
      line = { field: part, text: [] };
      continue;
    }
    const wrong = noteField(statement, part);
    if (wrong) return yield wrong;
  }
  if (statements === 0) return yield reject('malformed_frame', 'The file holds no message.');
  if (before?.closing?.interim) return yield reject('truncated', 'The last page of the last statement is missing.');
  yield { control: { sums, foreignAccounts: accounts.foreign() } };
}

const emptyStatement = (number: number, { lines }: MtField): Statement => ({
  number,
  reference: lines[0]?.trim() ?? '',
  accounts: [],
  page: '',
  opening: undefined,
  closing: undefined,
  lines: 0,
});

function noteField(statement: Statement, { tag, lines, lineNumber }: MtField): Rejection | undefined {
  const text = lines[0]?.trim() ?? '';
  const wrong = (what: string): Rejection => reject('malformed_frame', `Line ${lineNumber}: ${what}.`);
  switch (tag) {
    case '25':
      statement.accounts = accountNames(text);
      return text === '' ? wrong('no account is named') : undefined;
    case '28':
    case '28C':
      statement.page = text;
      return undefined;
    case '60F':
    case '60M':
      if (statement.opening) return wrong('a second opening balance');
      statement.opening = balanceOf(tag, text);
      return statement.opening ? undefined : wrong(`the opening balance ${text.slice(0, 40)} is none`);
    case '62F':
    case '62M':
      if (statement.closing || !statement.opening) return wrong('a closing balance out of its place');
      statement.closing = balanceOf(tag, text);
      return statement.closing ? undefined : wrong(`the closing balance ${text.slice(0, 40)} is none`);
    default:
      return undefined; // available balances and what tells of the whole statement
  }
}

/** As written, behind the bank's code, and without the currency that some banks put after an IBAN. */
function accountNames(text: string): string[] {
  const names = [text, text.slice(text.lastIndexOf('/') + 1)];
  return [...new Set([...names, ...names.map((name) => name.replace(/(?<=\d)\s?[A-Z]{3}$/, ''))])].filter(Boolean);
}

const balancePattern = /^([CD])\d{6}([A-Z]{3})(\d{1,15}(?:,\d{0,5})?)$/;

function balanceOf(tag: string, text: string): Balance | undefined {
  const [, side, currency = '', amount = ''] = balancePattern.exec(text) ?? [];
  const sum = exactSum(decimalOf(amount));
  if (side === undefined || sum === undefined) return undefined;
  return { currency, sum: side === 'C' ? sum : -sum, interim: tag.endsWith('M') };
}

/** `300,` has no decimals. */
const decimalOf = (amount: string): string => amount.replace(/,$/, '').replace(',', '.');

const nameOf = ({ number, page }: Statement): string => `statement ${number}${page && ` (${page})`} lines`;

/** Closing less opening is what the lines add up to; and the next statement of the account opens as this one closed. */
function controlOf(
  statement: Statement,
  before: Statement | undefined,
): { readonly sums: readonly (readonly [string, bigint])[] } | Rejection {
  const { number, opening, closing, accounts } = statement;
  if (!opening || !closing) {
    return reject('truncated', `Statement ${number} ends without its ${opening ? 'closing' : 'opening'} balance.`);
  }
  if (accounts.length === 0) return reject('malformed_frame', `Statement ${number} names no account.`);
  if (opening.currency !== closing.currency) {
    return reject(
      'malformed_frame',
      `Statement ${number} opens in ${opening.currency}, closes in ${closing.currency}.`,
    );
  }
  const own = [nameOf(statement), closing.sum - opening.sum] as const;
  const last = before?.accounts[0] === accounts[0] ? before?.closing : undefined;
  if (last?.currency !== opening.currency) return { sums: [own] };
  return { sums: [own, [`opening of statement ${number} less closing before it`, opening.sum - last.sum]] };
}

/** For a line without a number of the bank's: some banks give every statement of a file the same reference. */
const placeOf = ({ reference, page, number, lines }: Statement): string => `${reference}/${page}/${number}-${lines}`;

const linePattern =
  /^(\d{6})(\d{4})?(R?)([CD])[A-Z]?(\d{1,15}(?:,\d{0,5})?)([NSF][A-Z0-9]{3})((?:(?!\/\/).)*)(?:\/\/(.*))?$/;

function lineOf({ field, text }: OpenLine, statement: Statement, context: StatementContext): ReadLine {
  const { lineNumber } = field;
  const [first = '', ...supplement] = field.lines;
  const raw = [`:61:${first}`, ...supplement, ...text.map((each, index) => (index === 0 ? `:86:${each}` : each))];
  const [, value, entry, reversed, mark, amount, type, ours = '', theirs = ''] =
    linePattern.exec(first.trimEnd()) ?? [];
  const sum = amount === undefined ? undefined : exactSum(decimalOf(amount));
  if (value === undefined || amount === undefined || type === undefined || sum === undefined) {
    return { lineNumber, reason: 'the tag 61 is no statement line', raw: raw.join('\n').slice(0, maximumRaw) };
  }
  const told = mtTextOf(text);
  // the reversal of a credit is a debit, and the other way round
  const side = (mark === 'C') !== (reversed === 'R') ? 'credit' : 'debit';
  const supplementary = supplement.map((each) => each.trim()).filter((each) => !isAccount(each));
  const movement: BankMovement = {
    lineNumber,
    side,
    nature: natureOf(type, told, reversed === 'R'),
    amount: decimalOf(amount),
    currency: statement.opening?.currency ?? '',
    at: mtInstantOf(value, entry, context.timeZone),
    ourReference: told.endToEndId || givenReference(ours),
    channelReference: theirs.trim() || placeOf(statement),
    remittance: [givenReference(ours), told.purpose, ...supplementary].join(' '),
    raw: raw.join('\n'),
  };
  const sums = { [nameOf(statement)]: side === 'credit' ? sum : -sum };
  return bankLine(movement, { accounts: statement.accounts, sums }, context);
}

/** Dutch banks put the other side's account into the supplementary line. */
const isAccount = (text: string): boolean => /^(?:[A-Z]{2}\d{2}[A-Z0-9]{10,30}|P\d{9})$/.test(text);

/** `NRTI` is a returned item; a charge may be told by type or by code. Other reversals are the bank's own corrections. */
function natureOf(type: string, { code, returned }: MtText, reversed: boolean): MovementNature {
  if (returned || type.endsWith('RTI')) return 'returned';
  const byCode = natureOfGermanCode[code];
  if (byCode === 'returned') return byCode;
  if (reversed) return 'other';
  if (type.endsWith('CHG') || type.endsWith('COM')) return 'charge';
  return byCode ?? (type.endsWith('INT') ? 'other' : 'payment');
}
