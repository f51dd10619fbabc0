/** The formats that we read. A new one is a file of its own and a word in this list. */
import { type Rejection, reject } from '../rejection.ts';
import { sandboxCsv } from './sandbox-csv.ts';
import type { FileStart, StatementFormat } from './statement-format.ts';
import { wechatTradebill } from './wechat-tradebill.ts';

export const statementFormats: readonly StatementFormat[] = [wechatTradebill, sandboxCsv];

/** @throws Error for a name that is in no file of this folder, which is a mistake of ours. */
export function formatNamed(name: string): StatementFormat {
  const format = statementFormats.find((each) => each.name === name);
  if (!format) throw new Error(`there is no statement format ${name}`);
  return format;
}

/** Exactly one of the formats that the channel delivers must recognise the file. */
export function recogniseFormat(start: FileStart, delivered: readonly string[]): StatementFormat | Rejection {
  const recognised = statementFormats.filter((format) => format.recognise(start));
  const expected = recognised.filter((format) => delivered.includes(format.name));
  const [format, other] = expected;
  if (format && !other) return format;
  const names = (formats: readonly StatementFormat[]) => formats.map(({ name }) => name).join(', ');
  if (other) return reject('ambiguous_format', `The file may be any of ${names(expected)}.`);
  const seen = recognised.length > 0 ? `looks like ${names(recognised)}` : 'is in no format that we know';
  return reject('unrecognised_format', `The file ${seen}; the channel delivers ${delivered.join(', ')}.`);
}
