/**
 * UnionPay's merchant files (银联全渠道): ZM, 607 bytes a line, holds the day's trades, ZME, 339 bytes, disputes and adjustments
 * (差错); PED and PEDERR are the same for periodic settlement. Fields have fixed widths in bytes with a blank between, so lines
 * are cut as bytes; the text in them is GBK. Amounts are fen in CNY, times are in UTC+8, and neither header nor totals exist.
 *
 * The amount of a trade is its order's; a sub-merchant's share of it (split settlement) is not taken off.
 */
import { parseAccountingDate } from '../../kernel/clock.ts';
import { decodeAs } from '../reading/encoding.ts';
import { wholeNumber } from '../reading/frame.ts';
import { instantOf } from '../reading/instant.ts';
import type {
  FileEnds,
  FileStart,
  Frame,
  FrameColumns,
  LineFormat,
  ReadLine,
  StatementContext,
} from '../reading/statement-format.ts';
import { type Rejection, reject } from '../rejection.ts';
import type { LineError, LineKind, StatementLine } from '../statement-line.ts';

export const format: LineFormat = {
  name: 'unionpay',
  reads: 'lines',
  encoding: 'latin1',
  covers: ['collection', 'refund', 'payout', 'payout_return', 'refund_return', 'fee', 'credit', 'debit'],
  accompanies: isEmptyMember,
  inParts: true,
  recognise,
  readFrame,
  parseLine,
};

/** Positions of a kind of record's fields from 1, inclusive, and up to where a whole record has something other than blanks. */
const trade = { fee: 167, settlement: 181, leastBytes: 387, bytes: 607 };
const dispute = { fee: 127, settlement: 141, leastBytes: 185, bytes: 339 };
type Layout = typeof trade;

const fileNamePattern = /INN(\d{2})(\d{2})(\d{2})88([A-Z]+)(?:_|\.|$)/;
const knownMembers = new Set(['ZM', 'ZME', 'PED', 'PEDERR']);

/** A member of another kind is none of ours, whatever its lines look like; one with a title alone is known by its name. */
function recognise({ head, fileName }: FileStart): boolean {
  const member = memberOf(fileName);
  if (member !== undefined && !knownMembers.has(member)) return false;
  const lines = withoutByteOrderMark(head.toString('latin1'))
    .split(/\r?\n/)
    .filter((line) => line.trim() !== '');
  const first = lines.find((line) => !isTitle(line));
  return first === undefined ? lines.length > 0 && member !== undefined : layoutOf(first) !== undefined;
}

const memberOf = (fileName: string): string | undefined => fileNamePattern.exec(fileName)?.[4];

/** A member without a record, as on a day without disputes. */
function isEmptyMember({ head, fileName }: FileStart): boolean {
  return knownMembers.has(memberOf(fileName) ?? '') && head.toString('latin1').trim() === '';
}

const byteOrderMark = Buffer.from('\uFEFF').toString('latin1');
const withoutByteOrderMark = (text: string): string =>
  text.startsWith(byteOrderMark) ? text.slice(byteOrderMark.length) : text;

/** Each layout has figures where the other has blanks. */
const layoutOf = (text: string): Layout | undefined =>
  [trade, dispute].find(({ fee, settlement }) => isSignedAt(text, fee) && isSignedAt(text, settlement));

/** Some banks put a title before the records, which all begin with a trade code and have figures in them. */
const isTitle = (text: string): boolean => !/^[A-Z]\d{2}(?: |$)/.test(text) && !/\d{10}/.test(text);

function readFrame({ head, tail, size }: FileEnds, { fileName, date }: StatementContext): Frame | Rejection {
  const lines = tail.toString('latin1').split('\n');
  // blanks at the end of a line may be cut off, and so may the last line's end; figures may not
  const last = withoutByteOrderMark(lines.at(-1) ?? '').trimEnd();
  const leastBytes = layoutOf(last)?.leastBytes ?? Number.POSITIVE_INFINITY;
  const isTitleAlone = isTitle(last) && !lines.some(layoutOf);
  const isWhole = last === '' || isTitleAlone || last.length >= leastBytes;
  if (!isWhole) return reject('truncated', `The last line ends after ${last.length} bytes.`);
  const [, year, month, day] = fileNamePattern.exec(fileName) ?? [];
  const settlementDay = parseAccountingDate(`20${year}-${month}-${day}`) ?? date;
  const detailsStart = head.toString('latin1').startsWith(byteOrderMark) ? byteOrderMark.length : 0;
  return {
    columns: [],
    facts: { settlementDay },
    detailsStart,
    detailsEnd: size,
    firstLineNumber: 1,
    control: { sums: {} },
  };
}

/** By the line itself, since an archive's ZM and ZME members are read as one file. */
function parseLine({ facts = {} }: FrameColumns, text: string, lineNumber: number): ReadLine {
  const raw = readable(withMaskedCard(text));
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw });
  const layout = layoutOf(text);
  if (!layout) {
    if (isTitle(text)) return { lineNumber, ignored: 'title', sums: {} };
    return wrong(`is no ZM or ZME record, in ${text.length} bytes`);
  }
  const { length } = text.trimEnd();
  if (length < layout.leastBytes) return wrong(`is cut off after ${length} bytes`);
  if (length > layout.bytes) return wrong(`has ${length} bytes instead of ${layout.bytes}`);

  const field = (from: number, to: number): string => readable(text.slice(from - 1, to)).trim();
  const amount = wholeNumber(field(67, 78));
  if (amount === undefined) return wrong('the amount is none');
  const fee = sideAmount(text, layout.fee);
  if (fee === undefined) return wrong('the fee has no side');
  const settlement = sideAmount(text, layout.settlement);
  if (settlement === undefined) return wrong('the settlement amount has no side');
  const record = layout === trade ? tradeRecord(field, settlement) : disputeRecord(field);
  if (!record.ourReference && !record.channelReference) return wrong('has neither orderId nor queryId');
  if (!record.merId) return wrong('has no merId');
  const { settlementDay = '' } = facts;
  const at = timeOf(field(36, 45), { queryId: record.channelReference, settlementDay });
  if (!at) return wrong(`the time ${field(36, 45)} is none`);
  const moved = movement(record.kind, { amount, fee, settlement });
  if (typeof moved === 'string') return wrong(moved);
  if ('ignored' in moved) return { lineNumber, ...moved, sums: {} };
  const { ourReference, channelReference, merId, groupMerchant } = record;
  return {
    line: { lineNumber, ...moved, ourReference, channelReference, currency: 'CNY', status: 'succeeded', at, raw },
    merchantNos: [merId, groupMerchant].filter((number) => number !== ''),
    sums: {},
  };
}

type FieldOf = (from: number, to: number) => string;

interface RecordFacts {
  /** absent where only the figures tell */
  readonly kind?: LineKind | undefined;
  readonly ourReference: string;
  readonly channelReference: string;
  readonly merId: string;
  readonly groupMerchant: string;
}

/** By txnType; an open list. 11 and 13 collect by mandate and bill, 31 and 33 take a payment of the same day back. */
const kindsByTxnType: Readonly<Record<string, LineKind>> = {
  '01': 'collection',
  '03': 'collection',
  '04': 'refund',
  11: 'collection',
  12: 'payout',
  13: 'collection',
  31: 'refund',
  33: 'refund',
};

const kindsByTradeCode: Readonly<Record<string, LineKind>> = { S22: 'collection', S30: 'refund' };

/** What undoes a kind, where the money went the other way. */
const opposites: Readonly<Partial<Record<LineKind, LineKind>>> = { payout: 'payout_return', refund: 'refund_return' };

function tradeRecord(field: FieldOf, settlement: bigint): RecordFacts {
  const named = kindsByTxnType[field(216, 217)] ?? kindsByTradeCode[field(1, 3)];
  const kind = named && settlement > 0n ? (opposites[named] ?? named) : named;
  const queryId = field(88, 108);
  const orderId = field(113, 144);
  // where a refund repeats the payment's order number, only its queryId tells it from others of the same payment
  const repeats = (kind === 'refund' || kind === 'refund_return') && orderId === field(477, 508) && queryId !== '';
  return {
    kind,
    ourReference: repeats ? '' : orderId,
    channelReference: queryId,
    merId: numberOf(field(294, 308)),
    groupMerchant: numberOf(field(200, 214)),
  };
}

/**
 * A dispute has no order number. Its own time and trace number come after those of the trade that it is about, which are the
 * trade's queryId without the year and the last digit.
 */
function disputeRecord(field: FieldOf): RecordFacts {
  const original = numberOf(`${field(98, 107)}${field(91, 96)}`);
  const own = `${field(36, 45)}${field(29, 34)}`;
  return {
    ourReference: '',
    channelReference: original === '' ? own : `${original}-${own}`,
    merId: numberOf(field(171, 185)),
    groupMerchant: numberOf(field(155, 169)),
  };
}

/** Zeros stand for no number. */
const numberOf = (text: string): string => (/^0*$/.test(text) ? '' : text);

interface Figures {
  readonly amount: bigint;
  /** to the merchant positive, from the merchant negative */
  readonly fee: bigint;
  readonly settlement: bigint;
}

type Movement = Pick<StatementLine, 'kind' | 'amount' | 'fee'> | { readonly ignored: string } | string;

const untied = 'amount and fee do not give the settlement amount';

/** Payments tie on every line. Refunds need not: their fee's side is not reliable, and the amount is what we compare. */
function movement(kind: LineKind | undefined, { amount, fee, settlement }: Figures): Movement {
  if (kind === 'collection' && amount + fee !== settlement) return untied;
  if (kind) return { kind, amount, fee: -fee };
  // of a dispute, or a trade whose code is in no list, the figures tell: nothing, a fee, or money in or out
  if (settlement === 0n && fee === 0n) return { ignored: 'moves_no_money' };
  if (settlement === fee) return { kind: 'fee', amount: 0n, fee: -fee };
  if (settlement === fee + amount) return { kind: 'credit', amount, fee: -fee };
  if (settlement === fee - amount) return { kind: 'debit', amount, fee: -fee };
  return untied;
}

const signedPattern = /^[CD ]\d{12}$/;
const signedText = (text: string, from: number): string => text.slice(from - 1, from + 12);
const isSignedAt = (text: string, from: number): boolean => signedPattern.test(signedText(text, from));

/** C is to the merchant, D from the merchant, a blank neither. */
function sideAmount(text: string, from: number): bigint | undefined {
  const signed = signedText(text, from);
  const size = BigInt(signed.slice(1));
  if (signed.startsWith('C')) return size;
  if (signed.startsWith('D')) return -size;
  return size === 0n ? 0n : undefined;
}

const stampPattern = /^(\d\d)(\d\d)(\d\d)(\d\d)(\d\d)$/;

interface YearSources {
  readonly queryId: string;
  /** `YYYY-MM-DD` */
  readonly settlementDay: string;
}

/** MMDDhhmmss: a newer queryId begins with it, the year before it; else it is the last one up to the settlement day. */
function timeOf(stamp: string, { queryId, settlementDay }: YearSources): Date | undefined {
  const [, month = '', day = '', hour, minute, second] = stampPattern.exec(stamp) ?? [];
  const isNewer = queryId.startsWith('20') && queryId.slice(4, 14) === stamp;
  const settledIn = Number(settlementDay.slice(0, 4));
  const year = isNewer ? queryId.slice(0, 4) : settledIn - Number(`${month}-${day}` > settlementDay.slice(5));
  return instantOf(`${year}-${month}-${day}`, `${hour}:${minute}:${second}`, '+08:00');
}

/** Bytes that are no GBK, such as a name that was cut within a character, stay one character each. */
const readable = (bytes: string): string =>
  /[\x80-\xff]/.test(bytes) ? (decodeAs('gb18030', Buffer.from(bytes, 'latin1')) ?? bytes) : bytes;

/** Card numbers come masked; one that does not is masked here, before it gets into a list of errors. */
const withMaskedCard = (text: string): string =>
  text.slice(0, 46) + text.slice(46, 65).replace(/(?<=\d{6})\d(?=\d{4})/g, '*') + text.slice(65);
