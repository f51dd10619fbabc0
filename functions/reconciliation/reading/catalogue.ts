/** Finds the format of a file: one file of `formats/` each, loaded when a channel delivers it. */
import { type Rejection, reject } from '../rejection.ts';
import type { FileStart, StatementFormat } from './statement-format.ts';

/** @throws Error for a name that is no file of `formats/`: the configuration lets none through. */
export async function formatNamed(name: string): Promise<StatementFormat> {
  // the bundler takes every file of the folder along; each exports its format, which a test holds it to
  const loaded = (await import(`../formats/${name}.ts`)) as { readonly format: StatementFormat };
  return loaded.format;
}

/**
 * Exactly one of the formats that the channel delivers must recognise the file.
 *
 * @param known the names of all formats, to say what else the file looks like
 */
export async function recogniseFormat(
  start: FileStart,
  { delivered, known }: { readonly delivered: readonly StatementFormat[]; readonly known: readonly string[] },
): Promise<StatementFormat | Rejection> {
  const [format, ...others] = delivered.filter((each) => each.recognise(start));
  if (format && others.length === 0) return format;
  const listed = (formats: readonly StatementFormat[]) => formats.map(({ name }) => name).join(', ');
  if (format) return reject('ambiguous_format', `The file may be any of ${listed([format, ...others])}.`);
  const all = await Promise.all(known.map(formatNamed));
  const looksLike = all.filter((each) => each.recognise(start));
  const seen = looksLike.length > 0 ? `looks like ${listed(looksLike)}` : 'is in no format that we know';
  return reject('unrecognised_format', `The file ${seen}; the channel delivers ${listed(delivered)}.`);
}
