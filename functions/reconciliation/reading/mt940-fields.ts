/** The fields of SWIFT MT messages: tags with their text, out of blocks or bare, whatever stands around the messages. */
import { type Rejection, reject } from '../rejection.ts';
import { textLines } from './text-lines.ts';

export interface MtField {
  /** such as `61` or `60F` */
  readonly tag: string;
  readonly lines: readonly string[];
  readonly lineNumber: number;
}

export type MtPart = MtField | { readonly messageEnds: true } | Rejection;

const tagged = /^:(\d{2}[A-Z]?):(.*)$/;
/** `-`, `-}` with a trailer block behind, `-XXX` of ING, and mBank's `-` with a control character */
const ending = /^-(?:\}.*|X*|\W?)$/;
const blocks = /^\{1:.*\{4:/;

/** More than any bank writes under one tag: six lines of 65 characters are the rule. */
const maximumFieldLines = 200;
const maximumFieldCharacters = 16_000;

/**
 * A message begins with `:20:` and ends with a line of `-`, the next `:20:` or the file. Outside, lines without a tag are a bank's
 * own heading; a tag there is a rejection, since its message's beginning is lost.
 */
export async function* mtFields(chunks: AsyncIterable<Buffer>): AsyncGenerator<MtPart> {
  let within = false;
  let field: { tag: string; lines: string[]; lineNumber: number; characters: number } | undefined;
  const wrong = (lineNumber: number, what: string) => reject('malformed_frame', `Line ${lineNumber}: ${what}.`);
  for await (const line of textLines(chunks)) {
    if ('reason' in line) return yield line;
    const { lineNumber } = line;
    const text = line.text.replace(blocks, '');
    const [, tag, start = ''] = tagged.exec(text) ?? [];
    if (tag === undefined && !ending.test(text)) {
      if (!field) continue;
      field.lines.push(text);
      field.characters += text.length;
      if (field.lines.length <= maximumFieldLines && field.characters <= maximumFieldCharacters) continue;
      return yield wrong(lineNumber, `the field ${field.tag} is too long`);
    }
    if (field) yield { tag: field.tag, lines: field.lines, lineNumber: field.lineNumber };
    field = undefined;
    if (within && (tag === undefined || tag === '20')) {
      yield { messageEnds: true };
      within = false;
    }
    if (tag === undefined) continue;
    if (!within && tag !== '20') return yield wrong(lineNumber, `the tag ${tag} stands outside a message`);
    within = true;
    field = { tag, lines: [start], lineNumber, characters: start.length };
  }
  if (field) yield { tag: field.tag, lines: field.lines, lineNumber: field.lineNumber };
  if (within) yield { messageEnds: true };
}
