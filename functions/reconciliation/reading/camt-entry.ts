/** An entry (`Ntry`) of a camt statement as movements: itself, or its transaction details where it is a batch of them. */
import { type BankMovement, givenReference, type MovementNature, natureOfGermanCode } from './bank-movement.ts';
import { exactSum } from './frame.ts';
import { instantOf, localInstantOf } from './instant.ts';
import { allBelow, below, textBelow, type XmlElement, xmlOf } from './xml-elements.ts';

export interface CamtEntry {
  readonly line: number;
  readonly side: BankMovement['side'];
  readonly status: string;
  readonly currency: string;
  /** decimal text, not negative */
  readonly amount: string;
  readonly at: Date | undefined;
  readonly nature: MovementNature;
  readonly head: XmlElement;
  /** where the bank gives no reference: the statement, and the entry's place in it */
  readonly place: string;
}

/** @returns why it can't be read, for an entry without amount, side or status */
export function entryOf(
  head: XmlElement,
  { place, timeZone }: { readonly place: string; readonly timeZone: string },
): CamtEntry | string {
  if (head.cut) return 'is larger than an entry may be';
  const amount = below(head, 'Amt');
  const side = sideOf(head);
  if (!amount || !isAmount(amount.text)) return `Amt ${amount?.text.slice(0, 40) ?? ''} is no amount`;
  if (!side) return `CdtDbtInd ${textBelow(head, 'CdtDbtInd').slice(0, 40)} is neither CRDT nor DBIT`;
  const status = textBelow(head, 'Sts', 'Cd') || textBelow(head, 'Sts', 'Prtry') || textBelow(head, 'Sts');
  if (!status) return 'has no status';
  return {
    line: head.line,
    side,
    status,
    currency: amount.attributes['Ccy'] ?? '',
    amount: amount.text,
    at: instantIn(below(head, 'BookgDt'), timeZone) ?? instantIn(below(head, 'ValDt'), timeZone),
    nature: natureOf(head),
    head,
    place,
  };
}

const sideOf = (element: XmlElement): CamtEntry['side'] | undefined => {
  const side = textBelow(element, 'CdtDbtInd');
  return side === 'CRDT' ? 'credit' : side === 'DBIT' ? 'debit' : undefined;
};

const isAmount = (text: string): boolean => !/^[+-]/.test(text) && exactSum(text) !== undefined;

const dayAndTime = /^(\d{4}-\d{2}-\d{2})(?:T(\d{2}:\d{2}:\d{2}(?:\.\d{1,3})?)\d*)?(Z|[+-]\d{2}:\d{2})?$/;

/** A day alone is its first instant in the channel's zone, as a time without an offset is of that zone. */
function instantIn(date: XmlElement | undefined, timeZone: string): Date | undefined {
  const text = textBelow(date, 'DtTm') || textBelow(date, 'Dt');
  const [, day, time, offset] = dayAndTime.exec(text) ?? [];
  if (day === undefined) return undefined;
  return time !== undefined && offset
    ? instantOf(day, time, offset)
    : localInstantOf(day, time ?? '00:00:00', timeZone);
}

/** Sub-families of returns, rejections and reversals of payments: ISO 20022 external code sets. */
const returnedFamilies: ReadonlySet<string> = new Set(['RRTN', 'UPDD', 'RRJT', 'RJCT', 'UPCT', 'ARET', 'RPCR', 'PRDD']);
const chargeFamilies: ReadonlySet<string> = new Set(['CHRG', 'FEES', 'COMM']);

/** The bank's own correction (`RvslInd`) is no payment; its side is already the effective one. */
function natureOf(element: XmlElement): MovementNature {
  const code = below(element, 'BkTxCd');
  const family = textBelow(code, 'Domn', 'Fmly', 'SubFmlyCd');
  if (below(element, 'RtrInf') || returnedFamilies.has(family)) return 'returned';
  if (chargeFamilies.has(family)) return 'charge';
  const reversed = textBelow(element, 'RvslInd');
  if (family === 'INTR' || reversed === 'true' || reversed === '1') return 'other';
  const proprietary = below(code, 'Prtry');
  const german = /^(?:DK|ZKA)$/.test(textBelow(proprietary, 'Issr'));
  const businessCode = german ? (/(?:^|\+)(\d{3})(?:\+|$)/.exec(textBelow(proprietary, 'Cd'))?.[1] ?? '') : '';
  return natureOfGermanCode[businessCode] ?? 'payment';
}

/**
 * Whether a batch can be told detail by detail: each has an amount in the entry's currency, and together they are the entry.
 *
 * - `alone`: details without amounts, in another currency or with charges beside them can't share out what was booked: the entry
 *   is one movement
 * - a text: the details contradict the entry
 */
export function shareOf(entry: CamtEntry, details: readonly XmlElement[]): 'details' | 'alone' | string {
  const shares = details.map((detail) => signedShare(entry, detail));
  if (shares.some((share) => share === undefined)) return 'alone';
  const sum = shares.reduce<bigint>((total, share) => total + (share ?? 0n), 0n);
  if (sum === signedAmount(entry)) return 'details';
  const charged = [entry.head, ...details].some((each) => below(each, 'Chrgs'));
  return charged ? 'alone' : 'its details do not add up to the amount';
}

/** In hundred-thousandths, a debit negative. */
export const signedAmount = ({ side, amount }: Pick<CamtEntry, 'side' | 'amount'>): bigint =>
  signed(side, exactSum(amount) ?? 0n);

const signed = (side: BankMovement['side'], sum: bigint): bigint => (side === 'credit' ? sum : -sum);

export function signedShare(entry: CamtEntry, detail: XmlElement): bigint | undefined {
  const amount = amountOf(detail);
  if (!amount || amount.attributes['Ccy'] !== entry.currency || !isAmount(amount.text)) return undefined;
  return signed(sideOf(detail) ?? entry.side, exactSum(amount.text) ?? 0n);
}

/** Older versions have a detail's amount in AmtDtls alone. */
const amountOf = (detail: XmlElement): XmlElement | undefined =>
  below(detail, 'Amt') ?? below(detail, 'AmtDtls', 'TxAmt', 'Amt') ?? below(detail, 'AmtDtls', 'InstdAmt', 'Amt');

/** The entry as one movement, with what its only detail tells of it; several details tell of none what they don't share. */
export function movementOfEntry(entry: CamtEntry, details: readonly XmlElement[]): BankMovement {
  const [detail, ...others] = details;
  const only = others.length === 0 ? detail : undefined;
  return {
    ...movementOf(entry, only ?? entry.head, only ? [entry.head, only] : [entry.head, ...details]),
    ourReference: only ? ourReferenceOf(only) : '',
    channelReference: textBelow(entry.head, 'AcctSvcrRef') || (only && bankReferenceOf(only)) || entry.place,
    includedCharge: includedCharge(entry, entry.head, only) ?? (only && includedCharge(entry, only, only)),
  };
}

/** One of several details. @param position counted from 1 */
export function movementOfDetail(entry: CamtEntry, detail: XmlElement, position: number): BankMovement {
  const entryReference = textBelow(entry.head, 'AcctSvcrRef') || entry.place;
  return {
    ...movementOf(entry, detail, [entry.head, detail]),
    lineNumber: detail.line,
    side: sideOf(detail) ?? entry.side,
    amount: amountOf(detail)?.text ?? '',
    ourReference: ourReferenceOf(detail),
    channelReference: bankReferenceOf(detail) || `${entryReference}/${position}`,
    includedCharge: includedCharge(entry, detail, detail),
  };
}

type Common = Omit<BankMovement, 'includedCharge' | 'ourReference' | 'channelReference'>;

function movementOf(entry: CamtEntry, told: XmlElement, all: readonly XmlElement[]): Common {
  const { line: lineNumber, side, amount, currency, at } = entry;
  const ownNature = natureOf(told);
  const nature = ownNature === 'payment' ? entry.nature : ownNature;
  return {
    lineNumber,
    side,
    nature,
    amount,
    currency,
    at,
    remittance: remittanceOf(all),
    raw: all.map(xmlOf).join(''),
  };
}

/** The order's own number went along as EndToEndId; banks that drop it keep another of ours. */
const ourReferenceOf = (detail: XmlElement): string =>
  givenReference(textBelow(detail, 'Refs', 'EndToEndId')) ||
  givenReference(textBelow(detail, 'Refs', 'InstrId')) ||
  givenReference(textBelow(detail, 'RmtInf', 'Strd', 'CdtrRefInf', 'Ref'));

const bankReferenceOf = (detail: XmlElement): string =>
  ['AcctSvcrRef', 'AcctSvcrTxId', 'TxId', 'UETR'].map((name) => textBelow(detail, 'Refs', name)).find(Boolean) ?? '';

/**
 * Charges that the booked amount contains, so that amount and fee together are what was booked. Those beside it are booked by an
 * entry of their own. Where the bank doesn't say, they are inside if the transaction's amount differs from the booked one by them.
 */
function includedCharge(entry: CamtEntry, charged: XmlElement, detail: XmlElement | undefined): string | undefined {
  const records = charged.children
    .filter(({ name }) => name === 'Chrgs')
    .flatMap((charges) => (below(charges, 'Rcrd') ? allBelow(charges, 'Rcrd') : [charges]));
  let sum = 0n;
  let unsure = false;
  for (const record of records) {
    const amount = below(record, 'Amt');
    const indicator = textBelow(record, 'ChrgInclInd');
    if (!amount || amount.attributes['Ccy'] !== entry.currency) continue;
    if (indicator === 'false' || indicator === '0') continue;
    unsure ||= indicator === '';
    const exact = exactSum(amount.text) ?? 0n;
    sum += sideOf(record) === 'credit' ? -exact : exact;
  }
  if (sum === 0n) return undefined;
  if (unsure && !isDifference(entry, detail, sum)) return undefined;
  return decimalOf(sum);
}

function isDifference(entry: CamtEntry, detail: XmlElement | undefined, charge: bigint): boolean {
  const gross = below(detail, 'AmtDtls', 'TxAmt', 'Amt') ?? below(detail, 'AmtDtls', 'InstdAmt', 'Amt');
  const sum = gross?.attributes['Ccy'] === entry.currency ? exactSum(gross.text) : undefined;
  return sum !== undefined && sum === (exactSum(entry.amount) ?? 0n) + (entry.side === 'credit' ? charge : -charge);
}

function decimalOf(sum: bigint): string {
  const digits = `${sum < 0n ? -sum : sum}`.padStart(6, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5)}`;
}

const namedReferences = ['PmtInfId', 'MsgId', 'InstrId', 'EndToEndId', 'MndtId', 'TxId', 'AcctSvcrRef'];
const textElements = ['Ustrd', 'AddtlRmtInf', 'AddtlTxInf', 'AddtlNtryInf'];

/** References first, so that a long text does not push them out. Accounts stand elsewhere and are not looked at. */
function remittanceOf(all: readonly XmlElement[]): string {
  const found = new Set<string>();
  for (const element of all) {
    for (const each of allBelow(element, 'CdtrRefInf')) found.add(textBelow(each, 'Ref'));
    for (const refs of allBelow(element, 'Refs').concat(allBelow(element, 'Btch'))) {
      for (const name of namedReferences) {
        const reference = givenReference(textBelow(refs, name));
        if (reference) found.add(`${name} ${reference}`);
      }
    }
  }
  for (const element of all)
    for (const name of textElements) for (const each of allBelow(element, name)) found.add(each.text);
  return [...found].filter(Boolean).join(' ');
}
