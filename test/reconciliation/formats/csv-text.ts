/** Writes quoted CSV as channels do, and takes it apart again, for files that differ in their layout only. */
import { parse } from 'csv-parse/sync';
import { stringify } from 'csv-stringify/sync';

export const csvText = (rows: readonly (readonly string[])[], delimiter = ','): string =>
  stringify(
    rows.map((row) => [...row]),
    { delimiter },
  );

export const quotedFields = (text: string): string[][] => parse(text) as string[][]; // without options that cast
