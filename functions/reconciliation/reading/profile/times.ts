/** Times by a profile's format, which is a row of tokens and of characters that stand for themselves. */
import type { StatementProfile } from '../../../channels/index.ts';
import { instantOf, localInstantOf } from '../instant.ts';
import type { FieldOf } from './values.ts';

type TimeRule = StatementProfile['fields']['time'];

const tokenLengths = { yyyy: 4, SSS: 3, XXX: 6, yy: 2, MM: 2, dd: 2, HH: 2, mm: 2, ss: 2 } as const;
type Token = keyof typeof tokenLengths;
const tokens = Object.keys(tokenLengths) as Token[]; // its keys; none is the beginning of a later one

type Part = { readonly token: Token } | { readonly literal: string };

export interface TimeFacts {
  /** the statement's day, whose year is meant where the file names none */
  readonly date: string;
  /** of the channel */
  readonly timeZone: string;
}

/** @returns a reader that gives undefined for what is no time of the format */
export function timeReader({
  columns,
  format,
  offset,
}: TimeRule): (field: FieldOf, facts: TimeFacts) => Date | undefined {
  const parts = partsOf(format);
  return (field, { date, timeZone }) => {
    const found = matched(parts, columns.map(field).join(' ').trim());
    if (!found) return undefined;
    const { MM = '', dd = '', HH = '00', mm = '00', ss = '00', SSS, XXX } = found;
    const year = found.yyyy ?? (found.yy === undefined ? yearNear(date, MM) : `20${found.yy}`);
    const time = `${HH}:${mm}:${ss}${SSS === undefined ? '' : `.${SSS}`}`;
    const ahead = XXX ?? offset;
    return ahead === undefined
      ? localInstantOf(`${year}-${MM}-${dd}`, time, timeZone)
      : instantOf(`${year}-${MM}-${dd}`, time, ahead);
  };
}

function partsOf(format: string): Part[] {
  const parts: Part[] = [];
  for (let at = 0; at < format.length; ) {
    const token = tokens.find((each) => format.startsWith(each, at));
    parts.push(token ? { token } : { literal: format.charAt(at) });
    at += token?.length ?? 1;
  }
  return parts;
}

function matched(parts: readonly Part[], text: string): Partial<Record<Token, string>> | undefined {
  const found: Partial<Record<Token, string>> = {};
  let at = 0;
  for (const part of parts) {
    if ('literal' in part) {
      if (text.charAt(at) !== part.literal) return undefined;
      at += 1;
      continue;
    }
    const value = part.token === 'XXX' ? offsetAt(text, at) : text.slice(at, at + tokenLengths[part.token]);
    if (part.token !== 'XXX' && !/^\d+$/.test(value)) return undefined;
    if (part.token !== 'XXX' && value.length < tokenLengths[part.token]) return undefined;
    if (value === '') return undefined;
    found[part.token] = value.length === 5 && part.token === 'XXX' ? `${value.slice(0, 3)}:${value.slice(3)}` : value;
    at += value.length;
  }
  return at === text.length ? found : undefined;
}

/** `Z`, `+08:00` or `+0800`. */
const offsetAt = (text: string, at: number): string =>
  /^(?:Z|[+-]\d{2}:?\d{2})/.exec(text.slice(at, at + 6))?.[0] ?? '';

/** Around New Year a file of one year names days of the other. */
function yearNear(date: string, month: string): string {
  const year = Number(date.slice(0, 4));
  const ofFile = date.slice(5, 7);
  if (ofFile === '01' && month === '12') return `${year - 1}`;
  if (ofFile === '12' && month === '01') return `${year + 1}`;
  return `${year}`;
}
