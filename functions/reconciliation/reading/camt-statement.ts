/** What a camt statement says of itself: account, balances and `TxsSummry`, as control sums against its booked entries. */
import { type Rejection, reject } from '../rejection.ts';
import type { AccountNames, BankMovement } from './bank-movement.ts';
import { type CamtEntry, signedAmount } from './camt-entry.ts';
import { countedOne, exactSum, wholeNumber } from './frame.ts';
import { below, textBelow, type XmlElement } from './xml-elements.ts';

interface Share {
  readonly side: BankMovement['side'];
  readonly currency: string;
  /** signed, of the entry's amount */
  readonly share: bigint;
  /** counts the entry */
  readonly first: boolean;
}

export interface CamtStatement {
  readonly number: number;
  id: string;
  accounts: AccountNames;
  readonly balances: XmlElement[];
  summary: XmlElement | undefined;
  /** read so far, of any status */
  entries: number;
  readonly booked: Record<string, bigint>;
  readonly notBooked: Record<string, bigint>;
  readonly sumsOf: (share: Share) => Record<string, bigint>;
}

export function emptyStatement(number: number): CamtStatement {
  const statement: CamtStatement = {
    number,
    id: '',
    accounts: [],
    balances: [],
    summary: undefined,
    entries: 0,
    booked: {},
    notBooked: {},
    sumsOf: (share) => {
      const figures = figuresOf(share);
      const named = Object.entries(figures).filter(([name]) => statement.summary || name.startsWith('net '));
      return Object.fromEntries(named.map(([name, figure]) => [nameOf(statement, name), figure]));
    },
  };
  return statement;
}

const nameOf = ({ number }: CamtStatement, name: string): string => `statement ${number} ${name}`;

/** What an entry, or a detail of it, adds to each figure that a statement may state. */
function figuresOf({ side, currency, share, first }: Share): Record<string, bigint> {
  const counted = first ? countedOne : 0n;
  const amount = side === 'credit' ? share : -share;
  return {
    [`net ${currency}`]: share,
    net: share,
    entries: counted,
    'entries sum': amount,
    [`${side}s`]: counted,
    [`${side}s sum`]: amount,
  };
}

const maximumBalances = 200;

export function noteElement(statement: CamtStatement, element: XmlElement): void {
  if (element.name === 'Id') statement.id = element.text;
  if (element.name === 'TxsSummry') statement.summary = element;
  if (element.name === 'Bal' && statement.balances.length < maximumBalances) statement.balances.push(element);
  if (element.name === 'Acct') {
    const names = [textBelow(element, 'Id', 'IBAN'), textBelow(element, 'Id', 'Othr', 'Id')];
    statement.accounts = names.filter((name) => name !== '');
  }
}

export function tally(statement: CamtStatement, entry: CamtEntry, isBooked: boolean): void {
  const { side, currency } = entry;
  const target = isBooked ? statement.booked : statement.notBooked;
  const figures = figuresOf({ side, currency, share: signedAmount(entry), first: true });
  for (const [name, figure] of Object.entries(figures)) target[name] = (target[name] ?? 0n) + figure;
}

export function controlOf(statement: CamtStatement): Record<string, bigint> | Rejection {
  const wrong = (what: string) => reject('malformed_frame', `Statement ${statement.number}: ${what}.`);
  if (statement.accounts.length === 0) return wrong('it names no account');
  const stated = summaryOf(statement.summary);
  if (typeof stated === 'string') return wrong(`${stated} in TxsSummry is no figure`);
  for (const balance of statement.balances) {
    if (signedBalance(balance) === undefined) return wrong('a balance has no amount or side');
  }
  const sums: Record<string, bigint> = {};
  const movement = movementOf(statement.balances);
  if (movement) sums[nameOf(statement, `net ${movement.currency}`)] = movement.sum;
  for (const [name, figure] of Object.entries(stated)) {
    // banks differ in whether pending entries are in their summary
    const [booked, notBooked] = [statement.booked[name] ?? 0n, statement.notBooked[name] ?? 0n];
    sums[nameOf(statement, name)] = figure === booked + notBooked ? booked : figure;
  }
  return sums;
}

/** Closing less opening, where both are given in one currency. */
function movementOf(balances: readonly XmlElement[]): { currency: string; sum: bigint } | undefined {
  const ofType = (type: string) => balances.filter((each) => textBelow(each, 'Tp', 'CdOrPrtry', 'Cd') === type);
  const interim = ofType('ITBD');
  const opening = ofType('OPBD')[0] ?? ofType('PRCD')[0] ?? interim[0];
  const closing = ofType('CLBD').at(-1) ?? interim.at(-1);
  if (!opening || !closing || opening === closing) return undefined;
  const [from, to] = [signedBalance(opening), signedBalance(closing)];
  if (!from || !to || from.currency !== to.currency) return undefined;
  return { currency: to.currency, sum: to.sum - from.sum };
}

function signedBalance(balance: XmlElement): { currency: string; sum: bigint } | undefined {
  const amount = below(balance, 'Amt');
  const sum = exactSum(amount?.text ?? '');
  const side = textBelow(balance, 'CdtDbtInd');
  if (sum === undefined || (side !== 'CRDT' && side !== 'DBIT')) return undefined;
  return { currency: amount?.attributes['Ccy'] ?? '', sum: side === 'CRDT' ? sum : -sum };
}

/** @returns the name of an element that holds no figure */
function summaryOf(summary: XmlElement | undefined): Record<string, bigint> | string {
  const total = below(summary, 'TtlNtries');
  const net = below(total, 'TtlNetNtry', 'Amt') ?? below(total, 'TtlNetNtryAmt');
  const side = textBelow(total, 'TtlNetNtry', 'CdtDbtInd') || textBelow(total, 'CdtDbtInd');
  const counts: Readonly<Record<string, XmlElement | undefined>> = {
    entries: below(total, 'NbOfNtries'),
    credits: below(summary, 'TtlCdtNtries', 'NbOfNtries'),
    debits: below(summary, 'TtlDbtNtries', 'NbOfNtries'),
  };
  const amounts: Readonly<Record<string, XmlElement | undefined>> = {
    'entries sum': below(total, 'Sum'),
    'credits sum': below(summary, 'TtlCdtNtries', 'Sum'),
    'debits sum': below(summary, 'TtlDbtNtries', 'Sum'),
    net: side === '' ? undefined : net,
  };
  const stated: Record<string, bigint> = {};
  for (const [name, element] of Object.entries(counts)) {
    if (!element) continue;
    const count = wholeNumber(element.text);
    if (count === undefined) return element.name;
    stated[name] = count * countedOne;
  }
  for (const [name, element] of Object.entries(amounts)) {
    if (!element) continue;
    const sum = exactSum(element.text);
    if (sum === undefined) return element.name;
    stated[name] = name === 'net' && side === 'DBIT' && sum > 0n ? -sum : sum;
  }
  return stated;
}
