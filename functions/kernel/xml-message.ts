/**
 * Messages in XML: one root element, elements that hold text or elements, lists as elements named `item`, and nothing
 * else. An `amount` beside its `currency` is decimal text in major units (`100.00`); inside it is a whole number of minor
 * units, as in JSON. There are no attributes, no mixed content and no document type: without one, no entity can be
 * declared, so none can reach a file (XXE) or grow without end.
 */
import type { XMLBuilder, XMLParser } from 'fast-xml-parser';
import { currencySchema, decimalFromMinorUnits, minorUnitsFromDecimal } from './money.ts';

type Leaf = string | number | bigint | boolean | Date;

/** What a message can say; what is undefined is left out. */
export type XmlValue = Leaf | undefined | readonly XmlValue[] | { readonly [name: string]: XmlValue };

const maximumLength = 262_144;
const maximumDepth = 8;
const declaration = '<?xml version="1.0" encoding="UTF-8"?>\n';

/** Loaded by who first meets XML: the library weighs a quarter of a function that may never do. */
let loading: Promise<{ readonly builder: XMLBuilder; readonly parser: XMLParser }> | undefined;

async function load() {
  const { XMLBuilder, XMLParser } = await import('fast-xml-parser');
  const builder = new XMLBuilder({ suppressEmptyNode: false });
  const parser = new XMLParser({
    parseTagValue: false,
    trimValues: false,
    ignoreDeclaration: true,
    // an attribute shows up as `@…`, and is then turned away
    ignoreAttributes: false,
    attributeNamePrefix: '@',
    isArray: (name) => name === 'item',
  });
  return { builder, parser };
}

export async function writeXmlMessage(root: string, content: { readonly [name: string]: XmlValue }): Promise<string> {
  const text = { [root]: written(content) };
  loading ??= load();
  const { builder } = await loading;
  return `${declaration}${builder.build(text)}`;
}

/** @returns undefined for a text that is no message with that root. Every leaf but an amount is text. */
export async function readXmlMessage(
  root: string,
  text: string,
): Promise<Readonly<Record<string, unknown>> | undefined> {
  if (text.length > maximumLength || /<!(?:DOCTYPE|ENTITY)/i.test(text)) return undefined;
  loading ??= load();
  const { parser } = await loading;
  let parsed: unknown;
  try {
    parsed = parser.parse(text, true);
  } catch {
    return undefined;
  }
  const roots = isElement(parsed) ? Object.entries(parsed) : [];
  const [name, content] = roots[0] ?? [];
  if (roots.length !== 1 || name !== root || !isElement(content)) return undefined;
  const message = read(content, 1);
  return isElement(message) ? message : undefined;
}

type Element = Readonly<Record<string, unknown>>;

const isElement = (value: unknown): value is Element =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** @returns undefined for what no message holds */
function read(value: unknown, depth: number): unknown {
  if (typeof value === 'string') return value;
  if (!isElement(value) || depth > maximumDepth) return undefined;
  const entries = Object.entries(value);
  const [only] = entries;
  if (entries.length === 1 && only?.[0] === 'item' && Array.isArray(only[1])) {
    return whole(only[1].map((each) => read(each, depth + 1)));
  }
  const contents = entries.map(([name, content]) => (isPlainName(name) ? read(content, depth + 1) : undefined));
  if (!whole(contents)) return undefined;
  return withAmount(Object.fromEntries(entries.map(([name], place) => [name, contents[place]])));
}

const isPlainName = (name: string): boolean => /^[A-Za-z][A-Za-z0-9]*$/.test(name);

const whole = (contents: readonly unknown[]): readonly unknown[] | undefined =>
  contents.includes(undefined) ? undefined : contents;

/** An amount that is not written with exactly its currency's decimals stays text, which no schema takes for an amount. */
function withAmount(element: Element): Element {
  const currency = currencySchema.safeParse(element['currency']);
  const text = element['amount'];
  if (!currency.success || typeof text !== 'string') return element;
  const amount = minorUnitsFromDecimal(text, currency.data);
  const exact = amount !== undefined && decimalFromMinorUnits(amount, currency.data) === text;
  return exact && amount <= Number.MAX_SAFE_INTEGER ? { ...element, amount: Number(amount) } : element;
}

function written(value: XmlValue): unknown {
  if (value instanceof Date) return value.toISOString();
  if (isList(value)) return { item: value.map(written) };
  if (typeof value !== 'object') return String(value);
  const currency = currencySchema.safeParse(value['currency']);
  return Object.fromEntries(
    Object.entries(value).flatMap(([name, content]) => {
      if (content === undefined) return [];
      const isAmount = name === 'amount' && currency.success;
      return [[name, isAmount ? decimalFromMinorUnits(wholeNumber(content), currency.data) : written(content)]];
    }),
  );
}

/** `Array.isArray` alone forgets that the list is read-only. */
const isList = (value: XmlValue): value is readonly XmlValue[] => Array.isArray(value);

/** @throws RangeError for what is no whole number of minor units. */
function wholeNumber(value: XmlValue): bigint {
  if (typeof value === 'bigint' || (typeof value === 'number' && Number.isSafeInteger(value))) return BigInt(value);
  throw new RangeError('an amount is no whole number of minor units');
}
