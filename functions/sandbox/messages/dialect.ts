/** The two languages in which merchants speak to us: the same words, written and signed in another way. */
import { readXmlMessage, writeXmlMessage, type XmlValue } from '../../kernel/xml-message.ts';
import type { ServedChannel } from '../channels-served.ts';

export interface Dialect {
  readonly contentType: string;
  /** @returns undefined for a text that is none of this dialect */
  readonly read: (root: Root, text: string) => Promise<unknown>;
  readonly write: (root: Root, content: object) => Promise<string>;
}

/** What a message is; XML names its root by it, and JSON has no place for it. */
export type Root = 'request' | 'response' | 'notice';

export const json: Dialect = {
  contentType: 'application/json',
  read: async (_root, text) => {
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  },
  write: async (_root, content) => JSON.stringify(content, amountsAsNumbers),
};

export const xml: Dialect = {
  contentType: 'application/xml; charset=utf-8',
  read: readXmlMessage,
  // our answers are plain values, lists and objects of such
  write: (root, content) => writeXmlMessage(root, content as { readonly [name: string]: XmlValue }),
};

const dialects = {
  'sandbox-wallet': json,
  'sandbox-bank': json,
  'sandbox-xml-bank': xml,
} as const satisfies Record<ServedChannel, Dialect>;

export const dialectOf = (channel: ServedChannel): Dialect => dialects[channel];

/** Amounts came in as whole numbers or are sums of such, so they fit; past 2^53 − 1 the operation fails. */
function amountsAsNumbers(_name: string, value: unknown): unknown {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  if (!Number.isSafeInteger(number)) throw new RangeError('an amount passes 2^53 − 1 minor units');
  return number;
}
