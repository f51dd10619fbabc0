/** A line taken apart into fields, by the layout of its profile. */
import { parse } from 'csv-parse/sync';
import type { StatementProfile } from '../../../channels/index.ts';
import { decodeAs } from '../encoding.ts';
import { type FieldOf, stripper } from './values.ts';

type Layout = StatementProfile['layout'];
type Delimited = Extract<Layout, { type: 'delimited' }>;
type FixedWidth = Extract<Layout, { type: 'fixed-width' }>;

export interface RecordReader {
  /** as `LineFormat` has it: lines of fixed width are cut by bytes, and only then decoded */
  readonly encoding: StatementProfile['encoding'];
  /** what people read of a line */
  readonly textOf: (line: string) => string;
  /** all fields of a line in their order, for headers and control rows; of a line that is no record, none */
  readonly fieldsOf: (line: string) => readonly string[];
  /** @returns a sentence where the line is no record of these columns */
  readonly recordOf: (line: string, columns: readonly string[]) => FieldOf | string;
  /** of a control row of fixed width */
  readonly bytesOf: (line: string, place: { readonly from: number; readonly bytes: number }) => string;
}

export const recordReader = ({ layout, encoding, strip }: StatementProfile): RecordReader =>
  layout.type === 'delimited'
    ? delimitedReader(layout, encoding, stripper(strip))
    : fixedWidthReader(layout, encoding, stripper(strip));

function delimitedReader(
  layout: Delimited,
  encoding: StatementProfile['encoding'],
  stripped: (text: string) => string,
): RecordReader {
  const split = (line: string) => splitRecord(line, layout);
  return {
    encoding,
    textOf: (line) => line,
    bytesOf: () => '',
    fieldsOf: (line) => (split(line) ?? []).map(stripped),
    recordOf: (line, columns) => {
      const fields = split(line);
      if (!fields) return 'is no record: its quotes do not fit';
      return fieldsByName(fields, columns, { layout, stripped });
    },
  };
}

/** Fields that were told apart already, by the names of their columns. */
export function fieldsByName(
  fields: readonly string[],
  columns: readonly string[],
  { layout, stripped }: { readonly layout: Delimited; readonly stripped: (text: string) => string },
): FieldOf | string {
  const count = layout.trailingDelimiter && fields.at(-1) === '' ? fields.length - 1 : fields.length;
  if (count !== columns.length) return `has ${count} fields instead of ${columns.length}`;
  const places = placesOf(columns);
  return (column) => {
    const place = places.get(column);
    return place === undefined ? '' : stripped(fields[place] ?? '');
  };
}

const knownPlaces = new WeakMap<readonly string[], ReadonlyMap<string, number>>();

/** Kept for as long as the frame is, since every line asks. A name that stands twice is where it stands first. */
function placesOf(columns: readonly string[]): ReadonlyMap<string, number> {
  const known = knownPlaces.get(columns);
  if (known) return known;
  const places = new Map(columns.map((name, index) => [name, index] as const).toReversed());
  knownPlaces.set(columns, places);
  return places;
}

/** @returns undefined for text that is no single record. A line without quotes, nearly every one, is only split. */
function splitRecord(line: string, { delimiter, quoted }: Delimited): readonly string[] | undefined {
  if (!quoted || !line.includes('"')) return line.split(delimiter);
  try {
    const records: unknown = parse(line, { delimiter, relax_column_count: true });
    return Array.isArray(records) && records.length === 1 ? (records[0] as string[]) : undefined; // without options that cast
  } catch {
    return undefined; // a stray quote
  }
}

const ascii = /^[\x20-\x7e\t]*$/;

function fixedWidthReader(
  layout: FixedWidth,
  encoding: StatementProfile['encoding'],
  stripped: (text: string) => string,
): RecordReader {
  // one character a byte; a field that ends within a character is shown as well as it can be
  const decoded = (bytes: string) =>
    ascii.test(bytes) ? bytes : (decodeAs(encoding, Buffer.from(bytes, 'latin1')) ?? bytes);
  const cut = (line: string, { from, bytes }: { readonly from: number; readonly bytes: number }) =>
    stripped(decoded(line.slice(from - 1, from - 1 + bytes)));
  const places = new Map(layout.columns.map((column) => [column.name, column] as const));
  const shortest = Math.max(...layout.columns.map(({ from, bytes }) => from + bytes - 1));
  return {
    encoding: 'latin1',
    textOf: decoded,
    bytesOf: cut,
    fieldsOf: () => [],
    recordOf: (line) => {
      const { lineBytes } = layout;
      if (lineBytes !== undefined && line.length !== lineBytes) {
        return `has ${line.length} bytes instead of ${lineBytes}`;
      }
      if (line.length < shortest) return `has ${line.length} bytes; its last column ends at ${shortest}`;
      if (encoding !== 'latin1' && !ascii.test(line) && decodeAs(encoding, Buffer.from(line, 'latin1')) === undefined) {
        return `is not text in ${encoding}`;
      }
      return (column) => {
        const place = places.get(column);
        return place === undefined ? '' : cut(line, place);
      };
    },
  };
}
