/**
 * Quoted CSV (RFC 4180) as it streams in, with one record in memory: quoted fields may hold commas, quotes and line breaks.
 *
 * Records are cut here, and each is then read by csv-parse. Its own stream sets no limit on a record of empty fields, and after a
 * stray quote it swallows what comes up to the next one; cut here, a stray quote costs its own record only.
 */
import { parse } from 'csv-parse/sync';
import { isRejection, type Rejection, reject } from '../rejection.ts';
import type { LineError } from '../statement-line.ts';
import { decodeAs } from './encoding.ts';
import { checkColumns } from './frame.ts';

export interface CsvRecord {
  /** of its first line */
  readonly lineNumber: number;
  /** without its line end */
  readonly raw: string;
  /** undefined for text that is no CSV record, such as one with a stray quote */
  readonly fields: readonly string[] | undefined;
}

const maximumRecordBytes = 64 * 1024;

/**
 * Gives every record but blank lines, comma or tab separated as the first line is. Ends with a rejection for a record beyond
 * 64 KiB, for bytes that are not UTF-8, and for a file that ends within quotes.
 */
export async function* readCsvRecords(chunks: AsyncIterable<Buffer>): AsyncGenerator<CsvRecord | Rejection> {
  let lineNumber = 0;
  let delimiter = ',';
  let open: OpenRecord | undefined;
  for await (const line of physicalLines(chunks)) {
    lineNumber += 1;
    const bytes = (open ? open.bytes + 1 : 0) + line.length;
    const from = open?.lineNumber ?? lineNumber;
    if (bytes > maximumRecordBytes) return yield tooLong(from);
    const decoded = decodeAs('utf-8', line);
    if (decoded === undefined) return yield reject('wrong_encoding', `Line ${lineNumber} is not UTF-8.`);
    const text = lineNumber === 1 ? decoded.replace('\uFEFF', '') : decoded;
    if (lineNumber === 1 && text.includes('\t')) delimiter = '\t';
    const raw: string = open ? `${open.raw}\n${text}` : text;
    if (endsWithinQuotes(text, { open: open !== undefined, delimiter })) {
      open = { raw, lineNumber: from, bytes };
      continue;
    }
    open = undefined;
    const record = raw.replace(/\r$/, '');
    if (record.trim() !== '') yield { lineNumber: from, raw: record, fields: splitRecord(record, delimiter) };
  }
  if (open)
    yield reject('truncated', `The file ends within quotes, in the record that begins on line ${open.lineNumber}.`);
}

interface OpenRecord {
  readonly raw: string;
  readonly lineNumber: number;
  readonly bytes: number;
}

const tooLong = (lineNumber: number): Rejection =>
  reject(
    'line_too_long',
    `The record on line ${lineNumber} has more than ${maximumRecordBytes} bytes: it may lack a closing quote.`,
  );

const lineFeed = 0x0a;

/** Lines up to their line feed. One beyond the limit comes cut, yet longer than the limit, and is the last. */
async function* physicalLines(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let parts: Buffer[] = [];
  let held = 0;
  for await (const chunk of chunks) {
    let from = 0;
    for (let at = chunk.indexOf(lineFeed); at >= 0; at = chunk.indexOf(lineFeed, from)) {
      const end = chunk.subarray(from, at);
      yield held === 0 ? end : Buffer.concat([...parts, end]);
      [parts, held, from] = [[], 0, at + 1];
    }
    if (from < chunk.length) parts.push(chunk.subarray(from));
    held += chunk.length - from;
    if (held > maximumRecordBytes) break;
  }
  if (held > 0) yield Buffer.concat(parts);
}

const quote = '"';

/** A quote opens only at the start of a field: elsewhere it is a stray one, which changes nothing for the lines that follow. */
function endsWithinQuotes(
  line: string,
  { open, delimiter }: { readonly open: boolean; readonly delimiter: string },
): boolean {
  if (!line.includes(quote)) return open;
  let within = open;
  let fieldStart = !open;
  for (let at = 0; at < line.length; at++) {
    const character = line[at];
    if (within && character === quote) {
      if (line[at + 1] === quote) at += 1;
      else within = false;
    } else if (!within) {
      within = fieldStart && character === quote;
      fieldStart = character === delimiter;
    }
  }
  return within;
}

/** @returns undefined for text that is no single record. One without quotes is only split. */
function splitRecord(text: string, delimiter: string): string[] | undefined {
  if (!text.includes(quote)) return text.split(delimiter);
  try {
    const records: unknown = parse(text, { delimiter, record_delimiter: '\n', relax_column_count: true });
    return Array.isArray(records) && records.length === 1 ? (records[0] as string[]) : undefined; // without options that cast
  } catch {
    return undefined; // a stray quote: the caller makes a line error of it
  }
}

/** The first record of a file's first bytes, by which formats recognise it; none where those don't hold it whole. */
export function firstCsvRecord(head: Buffer): readonly string[] {
  const end = head.indexOf(lineFeed);
  const text = decodeAs('utf-8', head.subarray(0, end < 0 ? head.length : end))
    ?.replace('\uFEFF', '')
    .replace(/\r$/, '');
  return (text !== undefined && splitRecord(text, text.includes('\t') ? '\t' : ',')) || [];
}

export interface CsvRow {
  readonly lineNumber: number;
  readonly raw: string;
  /** trimmed; empty for a column that the file does not have */
  readonly field: (name: string) => string;
  readonly has: (name: string) => boolean;
}

/** Where each column stands, by its name. */
export type CsvHeader = ReadonlyMap<string, number>;

const maximumColumns = 1_000;

export function csvHeader(fields: readonly string[] | undefined, required: readonly string[]): CsvHeader | Rejection {
  const columns = (fields ?? []).map((name) => name.trim());
  if (columns.length > maximumColumns) {
    return reject('malformed_frame', `The header has ${columns.length} columns; ${maximumColumns} are allowed.`);
  }
  const wrong = checkColumns(columns, required);
  return wrong ?? new Map(columns.map((name, index) => [name, index]));
}

export function csvRow(header: CsvHeader, record: CsvRecord): CsvRow | LineError {
  const { fields, lineNumber, raw } = record;
  if (!fields) return lineError(record, 'is no CSV record');
  if (fields.length !== header.size) return lineError(record, `has ${fields.length} fields instead of ${header.size}`);
  const has = (name: string) => header.has(name);
  return { lineNumber, raw, has, field: (name) => fields[header.get(name) ?? -1]?.trim() ?? '' };
}

/** A file that is one table, its header first. Ends with a rejection like {@link readCsvRecords}, and for a header that is none. */
export async function* readCsvTable(
  chunks: AsyncIterable<Buffer>,
  required: readonly string[],
): AsyncGenerator<CsvRow | LineError | Rejection> {
  let header: CsvHeader | undefined;
  for await (const record of readCsvRecords(chunks)) {
    if (isRejection(record)) return yield record;
    if (header) {
      yield csvRow(header, record);
      continue;
    }
    const named = csvHeader(record.fields, required);
    if (isRejection(named)) return yield named;
    header = named;
  }
  if (!header) yield reject('truncated', 'The file ends before its header.');
}

const maximumRaw = 1_000;

export const lineError = ({ lineNumber, raw }: Pick<CsvRecord, 'lineNumber' | 'raw'>, reason: string): LineError => ({
  lineNumber,
  reason,
  raw: raw.slice(0, maximumRaw),
});

const maximumShown = 40;

/** A field as a reason may show it. */
export const shown = (field: string): string =>
  field.length > maximumShown ? `${field.slice(0, maximumShown)}…` : field;
