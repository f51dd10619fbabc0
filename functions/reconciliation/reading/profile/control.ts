/** Control rows: what a file says of itself, and what each line adds to that. */
import type { StatementProfile } from '../../../channels/index.ts';
import type { Currency } from '../../../kernel/money.ts';
import { type Rejection, reject } from '../../rejection.ts';
import { countedOne, exactSum, wholeNumber } from '../frame.ts';
import type { ControlTotals } from '../statement-format.ts';
import { decimalOf } from './numbers.ts';
import type { RecordReader } from './records.ts';
import { allHold, extracted, type FieldOf } from './values.ts';

export type ControlRow = NonNullable<StatementProfile['controlRows']>[number];
type Figure = ControlRow['figures'][number];

/** What was found of the control rows while the file was gone through. */
export interface Found {
  readonly rows: Set<ControlRow>;
  lines: number | undefined;
  readonly sums: Record<string, bigint>;
}

export const nothingFound = (): Found => ({ rows: new Set(), lines: undefined, sums: {} });

/** Notes the figures of a row. @returns why the file is turned away where one of them is none */
export function takeFigures(
  found: Found,
  {
    profile,
    reader,
    row,
    line,
    currency,
  }: {
    readonly profile: StatementProfile;
    readonly reader: RecordReader;
    readonly row: ControlRow;
    /** that of the figures, which may be the one after the row */
    readonly line: string;
    readonly currency: Currency;
  },
): Rejection | undefined {
  found.rows.add(row);
  const fields = reader.fieldsOf(line);
  for (const figure of row.figures) {
    const text = figureText(figure, { reader, fields, line });
    if (text === '') return reject('truncated', `The control row lacks ${figure.name}.`);
    if (figure.counts) {
      const count = wholeNumber(text);
      if (count === undefined) return reject('malformed_frame', `${figure.name} in the control row is no number.`);
      if (figure === lineCount(profile)) found.lines = Number(count);
      else found.sums[figure.name] = count * countedOne;
      continue;
    }
    const sum = sumOf(text, profile, currency);
    if (sum === undefined) return reject('malformed_frame', `${figure.name} in the control row is no amount.`);
    found.sums[figure.name] = sum;
  }
  return undefined;
}

interface Place {
  readonly reader: RecordReader;
  readonly fields: readonly string[];
  readonly line: string;
}

function figureText({ field, bytes, extract }: Figure, { reader, fields, line }: Place): string {
  if (field !== undefined) return fields[field - 1] ?? '';
  if (bytes !== undefined) return reader.bytesOf(line, bytes);
  return extract ? extracted([extract], reader.textOf(line)) : '';
}

/** @returns why the file is turned away where a row is missing, or else what the rows say together */
export function controlOf({ controlRows = [] }: StatementProfile, found: Found): ControlTotals | Rejection {
  const missing = controlRows.find((row) => !found.rows.has(row));
  if (missing) {
    const row = missing.prefix === undefined ? `control row at the ${missing.at}` : `row ${missing.prefix}`;
    return reject('truncated', `The file lacks its ${row}.`);
  }
  return { sums: found.sums, ...(found.lines !== undefined && { lines: found.lines }) };
}

/** What a line adds to each figure. @returns a sentence where one of its columns is no amount */
export function contributionOf(
  profile: StatementProfile,
  field: FieldOf,
  currency: Currency,
): Record<string, bigint> | string {
  const sums: Record<string, bigint> = {};
  for (const figure of (profile.controlRows ?? []).flatMap(({ figures }) => figures)) {
    if (figure === lineCount(profile) || !allHold(figure.when, field)) continue;
    if (figure.sums === undefined) {
      sums[figure.name] = countedOne;
      continue;
    }
    const text = field(figure.sums);
    const sum = text === '' ? 0n : sumOf(text, profile, currency);
    if (sum === undefined) return `${figure.sums} is no amount`;
    sums[figure.name] = sum;
  }
  return sums;
}

/**
 * The figure that counts all lines: it is checked even beside line errors. Where comments may stand between the lines, which count
 * as ignored ones, it is a sum like others.
 */
const lineCount = ({ controlRows = [], comments }: StatementProfile): Figure | undefined =>
  comments === undefined
    ? controlRows.flatMap(({ figures }) => figures).find(({ counts, when = [] }) => counts && when.length === 0)
    : undefined;

function sumOf(text: string, { numbers }: StatementProfile, currency: Currency): bigint | undefined {
  const decimal = decimalOf(text, numbers, currency);
  return decimal === undefined ? undefined : exactSum(decimal);
}
