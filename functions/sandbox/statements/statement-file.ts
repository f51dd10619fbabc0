/** The bytes of a statement: line ends, BOM, gzip, and the mistakes that are made in a file as a whole. */
import { gzipSync } from 'node:zlib';
import type { Currency } from '../../kernel/money.ts';
import type { FileMistake } from './mistakes.ts';
import { sandboxCsv } from './sandbox-csv.ts';
import type { StatementLine } from './statement-line.ts';
import type { StatementFormat, StatementText } from './statement-text.ts';
import { wechatTradebill } from './wechat-tradebill.ts';

export const formatNames = ['wechat-tradebill', 'sandbox-csv'] as const;

export type FormatName = (typeof formatNames)[number];

export const formats: Record<FormatName, StatementFormat> = {
  'wechat-tradebill': wechatTradebill,
  'sandbox-csv': sandboxCsv,
};

export interface StatementFileRequest {
  readonly format: FormatName;
  readonly merchantNo: string;
  readonly currency: Currency;
  readonly lines: readonly StatementLine[];
  readonly mistakes: ReadonlySet<FileMistake>;
  readonly byteOrderMark: boolean;
  readonly gzip: boolean;
}

export function statementFile(request: StatementFileRequest): Buffer {
  const { mistakes } = request;
  if (mistakes.has('empty')) return Buffer.alloc(0);
  const text = layOut(statementText(request), mistakes.has('truncated'));
  const bytes = Buffer.from(request.byteOrderMark ? `\uFEFF${text}` : text);
  // no UTF-8 has it
  if (mistakes.has('wrong_encoding')) bytes[bytes.indexOf('\n') + 1] = 0xff;
  return request.gzip ? gzipSync(bytes) : bytes;
}

function statementText({ format: name, merchantNo, currency, lines, mistakes }: StatementFileRequest): StatementText {
  const format = formats[name];
  const printed = mistakes.has('wrong_merchant')
    ? lines.map((line) => ({ ...line, merchantNo: `${merchantNo}X` }))
    : lines;
  const badLine = mistakes.has('bad_line');
  const text = format.write({
    merchantNo,
    currency,
    lines: printed.toSorted(byTimeThenNumber),
    unreadableLines: badLine ? 1 : 0,
    totalError: mistakes.has('wrong_total') ? 100n : 0n,
  });
  return badLine ? { ...text, details: text.details.toSpliced(1, 0, format.unreadableLine(merchantNo)) } : text;
}

/** A truncated file ends in the middle of its last detail line. */
function layOut({ header, details, summary }: StatementText, truncated: boolean): string {
  const whole = [header, ...details, ...summary];
  if (!truncated) return whole.map((line) => `${line}\r\n`).join('');
  const kept = [header, ...details].join('\r\n');
  return kept.slice(0, kept.length - Math.ceil((details.at(-1) ?? header).length / 2));
}

function byTimeThenNumber(one: StatementLine, other: StatementLine): number {
  const earlier = one.completedAt.getTime() - other.completedAt.getTime();
  if (earlier !== 0) return earlier;
  return one.orderNo < other.orderNo ? -1 : one.orderNo > other.orderNo ? 1 : 0;
}
