/**
 * XML as it streams in: small elements whole, the containers around them as they open and close. Memory is one element's, whatever
 * the size of the file. No document type is accepted, so that there are no entities to expand.
 */
import { TextDecoder } from 'node:util';
import { SaxesParser, type SaxesTagNS } from 'saxes';
import { isRejection, type Rejection, reject } from '../rejection.ts';

export interface XmlElement {
  readonly name: string;
  readonly attributes: Readonly<Record<string, string>>;
  readonly text: string;
  readonly children: readonly XmlElement[];
  readonly line: number;
  /** more of it was left out: it passed what one element may hold */
  readonly cut: boolean;
}

export type XmlPart =
  | { readonly opened: string; readonly namespace: string; readonly line: number }
  | { readonly closed: string }
  | { readonly element: XmlElement }
  | Rejection;

const maximumDepth = 60;
const maximumCharacters = 64 * 1024;
const maximumChildren = 2_000;
/** Text, a comment or a tag without an end is held by the parser: no bank writes one that is longer. */
const maximumUnbroken = 1024 * 1024;
const pieceBytes = 16 * 1024;

/**
 * @param containers names of elements that are not handed over whole but opened and closed; they stand in one another, from the root
 *
 * Several documents one after the other, each with its XML declaration, are read as one.
 */
export async function* xmlElements(
  chunks: AsyncIterable<Buffer>,
  containers: ReadonlySet<string>,
): AsyncGenerator<XmlPart> {
  let decoder: TextDecoder | undefined;
  const reader = documentReader(containers);
  for await (const piece of pieces(chunks)) {
    const found = decoder ?? decoderOf(piece);
    if (isRejection(found)) return yield found;
    decoder = found;
    const text = decoded(decoder, piece);
    const refused = text === undefined ? notIn(decoder) : reader.write(text);
    yield* reader.take();
    if (refused) return yield refused;
  }
  const refused = decoder && decoded(decoder, undefined) === undefined ? notIn(decoder) : reader.end();
  yield* reader.take();
  if (refused) yield refused;
}

const notIn = ({ encoding }: TextDecoder): Rejection =>
  reject('wrong_encoding', `The file is not throughout in ${encoding}, as it says or as XML is without a word.`);

/** Of one size, however the network cuts the file: what comes before a fault is then always the same. */
async function* pieces(chunks: AsyncIterable<Buffer>): AsyncGenerator<Buffer> {
  let held: Buffer[] = [];
  let size = 0;
  for await (const chunk of chunks) {
    held.push(chunk);
    size += chunk.length;
    if (size < pieceBytes) continue;
    const whole = Buffer.concat(held);
    const end = size - (size % pieceBytes);
    for (let from = 0; from < end; from += pieceBytes) yield whole.subarray(from, from + pieceBytes);
    held = [whole.subarray(end)];
    size -= end;
  }
  if (size > 0) yield Buffer.concat(held);
}

const declaredEncoding = /^\s*<\?xml\s[^>]*?encoding\s*=\s*["']([\w.:-]{1,40})["']/;

/** A byte order mark tells more than the declaration, which a converter may have left as it was. */
function decoderOf(start: Buffer): TextDecoder | Rejection {
  const mark = start.subarray(0, 3).toString('hex');
  const wide = mark.startsWith('fffe') ? 'utf-16le' : mark.startsWith('feff') ? 'utf-16be' : undefined;
  if (!wide && start.includes(0)) return reject('wrong_encoding', 'The file holds a zero byte: it is no text.');
  const declared = declaredEncoding.exec(start.subarray(0, 256).toString('latin1'))?.[1];
  const label = wide ?? (mark === 'efbbbf' ? 'utf-8' : (declared ?? 'utf-8'));
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    return reject('wrong_encoding', `The encoding ${label} that the file names is unknown.`);
  }
}

/** @param bytes undefined at the end @returns undefined for bytes that are not in the encoding */
function decoded(decoder: TextDecoder, bytes: Buffer | undefined): string | undefined {
  try {
    return bytes ? decoder.decode(bytes, { stream: true }) : decoder.decode();
  } catch {
    return undefined; // the decoder throws for nothing else
  }
}

const declaration = /(?=<\?xml\s)/;
const declarationStart = /<(?:\?(?:x(?:m(?:l)?)?)?)?$/;

/** One parser a document; what was cut at the end of a piece waits for the next. */
function documentReader(containers: ReadonlySet<string>) {
  const parts: XmlPart[] = [];
  let parser = elementParser(containers, parts, 0);
  let waiting = '';
  const feed = (text: string): Rejection | undefined => {
    for (const segment of text.split(declaration)) {
      if (parser.isComplete() && segment.startsWith('<?xml')) {
        const linesBefore = parser.line() - 1; // asked first: a closed parser begins again
        const refused = parser.end();
        if (refused) return refused;
        parser = elementParser(containers, parts, linesBefore);
      }
      const refused = parser.write(segment);
      if (refused) return refused;
    }
    return undefined;
  };
  return {
    write(text: string): Rejection | undefined {
      const whole = waiting + text.replaceAll('\uFEFF', '');
      const cut = declarationStart.exec(whole)?.index ?? whole.length;
      waiting = whole.slice(cut);
      return feed(whole.slice(0, cut));
    },
    end: (): Rejection | undefined => feed(waiting) ?? parser.end(),
    take: (): XmlPart[] => parts.splice(0),
  };
}

interface OpenElement {
  readonly name: string;
  readonly attributes: Record<string, string>;
  readonly line: number;
  text: string;
  readonly children: XmlElement[];
  cut: boolean;
}

function elementParser(containers: ReadonlySet<string>, parts: XmlPart[], linesBefore: number) {
  const parser = new SaxesParser({ xmlns: true });
  const within: string[] = [];
  const open: OpenElement[] = [];
  let refused: Rejection | undefined;
  let ending = false;
  let complete = false;
  let unbroken = 0;
  let characters = 0;
  let line = 0;
  const refuse = (rejection: Rejection): void => {
    refused ??= rejection;
  };
  const emit = (part: XmlPart): void => {
    if (!refused) parts.push(part);
  };

  parser.on('error', ({ message }) => {
    const detail = `The file is no whole XML document: ${message.slice(0, 200)}.`;
    refuse(reject(ending ? 'truncated' : 'malformed_frame', detail));
  });
  parser.on('doctype', () =>
    refuse(reject('malformed_frame', 'The file declares a document type, as no statement does.')),
  );
  parser.on('opentagstart', () => {
    line = parser.line + linesBefore;
  });
  parser.on('opentag', (tag: SaxesTagNS) => {
    unbroken = 0;
    const { local: name, uri: namespace } = tag;
    if (within.length + open.length >= maximumDepth) {
      refuse(reject('malformed_frame', `Line ${line} has elements more than ${maximumDepth} deep.`));
    }
    if (open.length === 0 && containers.has(name)) {
      within.push(name);
      return emit({ opened: name, namespace, line });
    }
    if (open.length === 0) characters = 0;
    const attributes = Object.fromEntries(Object.values(tag.attributes).map(({ local, value }) => [local, value]));
    characters += name.length + Object.values(attributes).join('').length;
    open.push({ name, attributes, line, text: '', children: [], cut: false });
  });
  const addText = (text: string): void => {
    unbroken = 0;
    const element = open.at(-1);
    if (!element) return;
    characters += text.length;
    if (characters > maximumCharacters) element.cut = true;
    else element.text += text;
  };
  parser.on('text', addText);
  parser.on('cdata', addText);
  parser.on('comment', () => {
    unbroken = 0;
  });
  parser.on('closetag', () => {
    unbroken = 0;
    const { text, ...element } = open.pop() ?? { text: undefined };
    if (text === undefined) {
      const closed = within.pop();
      complete = within.length === 0;
      return closed === undefined ? undefined : emit({ closed });
    }
    const closed = { ...element, text: text.trim() } as XmlElement; // the rest of what was popped
    const parent = open.at(-1);
    if (!parent) {
      if (within.length === 0) refuse(reject('malformed_frame', `The document is a ${closed.name.slice(0, 50)}.`));
      return emit({ element: closed });
    }
    if (closed.cut || parent.children.length >= maximumChildren || characters > maximumCharacters) parent.cut = true;
    else parent.children.push(closed);
  });

  return {
    write(text: string): Rejection | undefined {
      unbroken += text.length;
      if (!refused) parser.write(text);
      if (unbroken > maximumUnbroken) refuse(reject('line_too_long', 'The file holds a text without an end.'));
      return refused;
    },
    end(): Rejection | undefined {
      ending = true;
      if (!refused) parser.close();
      return refused;
    },
    isComplete: () => complete,
    line: () => parser.line + linesBefore,
  };
}

/** The element at a path of names below an element, the first of each. */
export const below = (element: XmlElement | undefined, ...path: readonly string[]): XmlElement | undefined =>
  path.reduce<XmlElement | undefined>((at, name) => at?.children.find((child) => child.name === name), element);

export const textBelow = (element: XmlElement | undefined, ...path: readonly string[]): string =>
  below(element, ...path)?.text ?? '';

/** Every element of the name, at any depth. */
export const allBelow = (element: XmlElement, name: string): XmlElement[] =>
  element.children.flatMap((child) => [...(child.name === name ? [child] : []), ...allBelow(child, name)]);

/** As XML again, without the space between elements. */
export function xmlOf({ name, attributes, text, children }: XmlElement): string {
  const written = Object.entries(attributes).map(([key, value]) => ` ${key}="${escaped(value)}"`);
  return `<${name}${written.join('')}>${escaped(text)}${children.map(xmlOf).join('')}</${name}>`;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('"', '&quot;');
