/** Finds the one format of a file, or of the files of an archive. Nothing is dropped: what nobody claims turns the whole away. */
import { isRejection, type Rejection, reject } from '../rejection.ts';
import { formatNamed } from './catalogue.ts';
import { fileStartOf, isReadable } from './file-start.ts';
import type { FileStart, StatementFormat } from './statement-format.ts';

export interface SeenFile {
  readonly name: string;
  readonly fileName: string;
  /** its first bytes, 64 KiB at most */
  readonly head: Buffer;
}

export interface Recognised<File> {
  readonly format: StatementFormat;
  /** one, or several that are read as one */
  readonly parts: readonly File[];
  /** what comes in the same archive and says nothing new */
  readonly passedOver: readonly File[];
}

export interface Formats {
  readonly delivered: readonly StatementFormat[];
  /** the names of all formats, to say what else a file looks like */
  readonly known: readonly string[];
}

/**
 * Exactly one of the formats that the channel delivers must recognise a file, and one format all files of an archive but those
 * that accompany it.
 */
export async function recogniseFiles<File extends SeenFile>(
  files: readonly File[],
  formats: Formats,
): Promise<Recognised<File> | Rejection> {
  const claims: Claim<File>[] = [];
  for (const file of files) {
    const claim = await claimed(file, formats);
    if (isRejection(claim)) return claim;
    claims.push(claim);
  }
  const statements = claims.flatMap(({ file, format }) => (format ? [{ file, format }] : []));
  const [first, ...others] = statements;
  if (!first) return reject('unrecognised_format', 'The archive holds only what comes beside a statement.');
  const { format } = first;
  const other = others.find((each) => each.format !== format);
  if (other) {
    const both = `${first.file.name} is ${format.name}, ${other.file.name} is ${other.format.name}`;
    return reject('ambiguous_format', `The archive holds two statements: ${both}.`);
  }
  if (others.length > 0 && !format.inParts) {
    return reject('ambiguous_format', `The archive holds ${statements.length} statements in ${format.name}.`);
  }
  const beside = claims.filter((claim) => claim.format === undefined);
  const stray = beside.find(({ accompanied }) => !accompanied.includes(format));
  if (stray) return reject('unrecognised_format', `${stray.file.name} does not belong to a file in ${format.name}.`);
  return { format, parts: statements.map(({ file }) => file), passedOver: beside.map(({ file }) => file) };
}

interface Claim<File> {
  readonly file: File;
  /** absent of a file that only accompanies one */
  readonly format?: StatementFormat;
  readonly accompanied: readonly StatementFormat[];
}

async function claimed<File extends SeenFile>(file: File, formats: Formats): Promise<Claim<File> | Rejection> {
  const { delivered } = formats;
  const text = fileStartOf(file.head, file);
  const start = isRejection(text) ? { head: file.head, header: '', fileName: file.fileName } : text;
  const accompanied = delivered.filter((each) => each.accompanies?.(start));
  const recognising = isRejection(text)
    ? []
    : delivered.filter((each) => !accompanied.includes(each) && each.recognise(start));
  const [format, ...others] = recognising;
  if (format && others.length > 0)
    return reject('ambiguous_format', `${file.name} may be any of ${listed(recognising)}.`);
  if (format) return { file, format, accompanied };
  if (accompanied.length > 0) return { file, accompanied };
  return isRejection(text) ? text : unrecognised(file.name, text, formats);
}

async function unrecognised(name: string, start: FileStart, { delivered, known }: Formats): Promise<Rejection> {
  const inUtf8 = delivered.length > 0 && delivered.every((each) => each.reads === 'lines' && each.encoding === 'utf-8');
  if (!isReadable(start, inUtf8 ? ['utf-8'] : ['utf-8', 'gb18030'])) {
    return reject('wrong_encoding', `${name} is not text in ${inUtf8 ? 'UTF-8' : 'UTF-8 or GB18030'}.`);
  }
  const all = await Promise.all(known.map(formatNamed));
  const looksLike = all.filter((each) => each.recognise(start));
  const seen = looksLike.length > 0 ? `looks like ${listed(looksLike)}` : 'is in no format that we know';
  return reject('unrecognised_format', `${name} ${seen}; the channel delivers ${listed(delivered) || 'none'}.`);
}

const listed = (formats: readonly StatementFormat[]): string => formats.map(({ name }) => name).join(', ');
