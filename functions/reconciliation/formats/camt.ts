/**
 * ISO 20022 camt.053 (statement) and camt.054 (notification), versions 02 to 13 by namespace: what differs between them, such as a
 * status as text or as code, is read either way.
 *
 * Booked entries alone count. A batch is told by its details where they add up to it, and is a line error where they contradict
 * it; see `reading/camt-entry.ts`. What came in is a collection, what went out a payout, and a return a payout that came back.
 */
import {
  accountsSeen,
  type BankMovement,
  bankKinds,
  bankLine,
  maximumRaw,
  maximumStatements,
} from '../reading/bank-movement.ts';
import {
  type CamtEntry,
  entryOf,
  movementOfDetail,
  movementOfEntry,
  shareOf,
  signedAmount,
  signedShare,
} from '../reading/camt-entry.ts';
import { type CamtStatement, controlOf, emptyStatement, noteElement, tally } from '../reading/camt-statement.ts';
import type { DocumentFormat, DocumentPart, ReadLine, StatementContext } from '../reading/statement-format.ts';
import { textBelow, type XmlElement, xmlElements, xmlOf } from '../reading/xml-elements.ts';
import { isRejection, type Rejection, reject } from '../rejection.ts';

export const format: DocumentFormat = {
  name: 'camt',
  reads: 'document',
  covers: bankKinds,
  inParts: true,
  recognise: ({ head }) => {
    const text = head.toString('latin1').replaceAll('\0', '');
    return /^\W*</.test(text) && namespace.test(text);
  },
  read,
};

const namespace = /urn:iso:std:iso:20022:tech:xsd:camt\.05[34]\.001\.(?:0[2-9]|1[0-3])\b/;

const containers: ReadonlySet<string> = new Set([
  'Document',
  'BkToCstmrStmt',
  'BkToCstmrDbtCdtNtfctn',
  'Stmt',
  'Ntfctn',
  'Ntry',
  'NtryDtls',
]);

/** Details of one batch that are held until its end tells whether they add up to it. */
const heldDetails = 500;

interface OpenEntry {
  readonly line: number;
  readonly head: XmlElement[];
  held: XmlElement[];
  details: number;
  /** of a batch too long to be held: its details are given as they come, and have to add up to the entry at its end */
  given: { readonly entry: CamtEntry; sum: bigint; broken: boolean } | undefined;
}

async function* read(chunks: AsyncIterable<Buffer>, context: StatementContext): AsyncGenerator<DocumentPart> {
  const accounts = accountsSeen(context.merchantNo);
  const sums: Record<string, bigint> = {};
  let statement: CamtStatement | undefined;
  let entry: OpenEntry | undefined;
  let statements = 0;
  let lastPage = true;
  for await (const part of xmlElements(chunks, containers)) {
    if ('reason' in part) return yield part;
    if ('opened' in part) {
      if (part.opened === 'Document' && !namespace.test(part.namespace)) return yield unknownNamespace(part.namespace);
      if (part.opened === 'Stmt' || part.opened === 'Ntfctn') {
        statements += 1;
        if (statements > maximumStatements) return yield reject('malformed_frame', 'The file has too many statements.');
        statement = emptyStatement(statements);
      }
      if (part.opened === 'Ntry') {
        if (!statement || entry) return yield outOfPlace(part.line, 'Ntry');
        if (statement.accounts.length === 0) return yield outOfPlace(part.line, 'Ntry before Acct');
        entry = { line: part.line, head: [], held: [], details: 0, given: undefined };
      }
      continue;
    }
    if ('element' in part) {
      const { element } = part;
      if (entry && statement) {
        if (element.name === 'TxDtls') yield* noteDetail(entry, element, { statement, context });
        else if (entry.head.length < maximumHead) entry.head.push(element);
        continue;
      }
      if (element.cut) return yield reject('malformed_frame', `Line ${element.line}: ${element.name} is too large.`);
      const pages = element.name === 'GrpHdr' ? textBelow(element, 'MsgPgntn', 'LastPgInd') : lastPageIn(element);
      if (pages !== '') lastPage = pages !== 'false' && pages !== '0';
      if (statement) noteElement(statement, element);
      continue;
    }
    if (part.closed === 'Ntry' && entry && statement) {
      yield* closeEntry(entry, { statement, context });
      entry = undefined;
    }
    if ((part.closed === 'Stmt' || part.closed === 'Ntfctn') && statement) {
      accounts.see(statement.accounts);
      const control = controlOf(statement);
      if (isRejection(control)) return yield control;
      Object.assign(sums, control);
      statement = undefined;
    }
  }
  if (statements === 0) return yield reject('malformed_frame', 'The message holds no statement and no notification.');
  if (!lastPage) return yield reject('truncated', 'The last page that the file holds says that another follows.');
  yield { control: { sums, foreignAccounts: accounts.foreign() } };
}

const maximumHead = 200;

const lastPageIn = (element: XmlElement): string =>
  element.name === 'StmtPgntn' || element.name === 'NtfctnPgntn' ? textBelow(element, 'LastPgInd') : '';

const unknownNamespace = (found: string): Rejection =>
  reject('malformed_frame', `The namespace ${found.slice(0, 100)} is none of camt.053 and camt.054.`);

const outOfPlace = (line: number, name: string): Rejection =>
  reject('malformed_frame', `Line ${line}: ${name} stands where there can be none.`);

interface Place {
  readonly statement: CamtStatement;
  readonly context: StatementContext;
}

const headOf = ({ line, head }: OpenEntry): XmlElement => ({
  name: 'Ntry',
  attributes: {},
  text: '',
  children: head,
  line,
  cut: head.length >= maximumHead || head.some(({ cut }) => cut),
});

const readEntry = (open: OpenEntry, { statement, context }: Place): CamtEntry | string =>
  entryOf(headOf(open), {
    place: `${statement.id || statement.number}/${statement.entries + 1}`,
    timeZone: context.timeZone,
  });

function* noteDetail(open: OpenEntry, detail: XmlElement, place: Place): Generator<ReadLine> {
  open.details += 1;
  if (open.given) return yield giveDetail(open, open.given, detail, place);
  if (open.details <= heldDetails) {
    open.held.push(detail);
    return;
  }
  const entry = readEntry(open, place);
  if (typeof entry === 'string' || !isBooked(entry)) return;
  if (open.held.some((each) => signedShare(entry, each) === undefined)) return;
  open.given = { entry, sum: 0n, broken: false };
  const held = open.held.splice(0);
  for (const [index, each] of held.entries())
    yield giveDetail({ ...open, details: index + 1 }, open.given, each, place);
  yield giveDetail(open, open.given, detail, place);
}

const isBooked = ({ status }: CamtEntry): boolean => status === 'BOOK';

function giveDetail(
  { details }: Pick<OpenEntry, 'details'>,
  given: NonNullable<OpenEntry['given']>,
  detail: XmlElement,
  place: Place,
): ReadLine {
  const { entry } = given;
  const share = signedShare(entry, detail);
  if (share === undefined || detail.cut) {
    given.broken = true;
    const reason = 'is a detail of a batch without an amount in the currency of its entry';
    return { lineNumber: detail.line, reason, raw: xmlOf(detail).slice(0, maximumRaw) };
  }
  given.sum += share;
  return lineOf(movementOfDetail(entry, detail, details), { entry, share, first: details === 1 }, place);
}

function* closeEntry(open: OpenEntry, place: Place): Generator<ReadLine> {
  const { statement } = place;
  const entry = readEntry(open, place);
  statement.entries += 1;
  const wrong = (reason: string): ReadLine => ({
    lineNumber: open.line,
    reason,
    raw: [headOf(open), ...open.held].map(xmlOf).join('').slice(0, maximumRaw),
  });
  if (typeof entry === 'string') return yield wrong(entry);
  tally(statement, entry, isBooked(entry));
  if (!isBooked(entry)) {
    const rule = entry.status === 'PDNG' || entry.status === 'FUTR' ? 'pending_moves_no_money' : 'information_only';
    return yield { lineNumber: open.line, ignored: rule, sums: {} };
  }
  if (open.given) {
    const ties = open.given.sum === signedAmount(entry) || open.given.broken;
    return ties ? undefined : yield wrong('its details do not add up to the amount');
  }
  if (open.held.some(({ cut }) => cut)) return yield wrong('is larger than an entry may be');
  const share = open.details > 1 ? shareOf(entry, open.held) : 'alone';
  if (share === 'details') {
    for (const [index, detail] of open.held.entries()) {
      const own = signedShare(entry, detail) ?? 0n;
      yield lineOf(movementOfDetail(entry, detail, index + 1), { entry, share: own, first: index === 0 }, place);
    }
    return;
  }
  if (share !== 'alone') return yield wrong(share);
  yield lineOf(movementOfEntry(entry, open.held), { entry, share: signedAmount(entry), first: true }, place);
}

interface Part {
  readonly entry: CamtEntry;
  readonly share: bigint;
  /** counts the entry */
  readonly first: boolean;
}

function lineOf(movement: BankMovement, { entry, share, first }: Part, { statement, context }: Place): ReadLine {
  const sums = statement.sumsOf({ side: entry.side, currency: entry.currency, share, first });
  return bankLine(movement, { accounts: statement.accounts, sums }, context);
}
