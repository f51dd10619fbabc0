/**
 * A document laid out as one record a line, in the working bucket: Identify reads a document once, and from there on it is cut
 * into byte ranges and read like any other file.
 */
import * as z from 'zod';
import { currencySchema } from '../../kernel/money.ts';
import { isRejection, type Rejection, reject } from '../rejection.ts';
import { lineKinds, lineStatuses } from '../statement-line.ts';
import type {
  ControlTotals,
  DocumentFormat,
  DocumentPart,
  LineFormat,
  ReadLine,
  StatementContext,
  StatementFormat,
} from './statement-format.ts';

/** Lines of the flattened file as they are written, and at the end the document's control totals or why it was turned away. */
export async function* flattenDocument(
  parts: AsyncIterable<DocumentPart>,
): AsyncGenerator<Buffer, ControlTotals | Rejection> {
  let control: ControlTotals | undefined;
  let batch = '';
  for await (const part of parts) {
    if (isControl(part)) control = part.control;
    else if (isRejectionPart(part)) return part;
    else batch += `${encode(part)}\n`;
    if (batch.length > writtenAtOnce) {
      yield Buffer.from(batch);
      batch = '';
    }
  }
  yield Buffer.from(batch);
  if (!control) return reject('truncated', 'The file ends before it is complete.');
  if (!control.foreignAccounts) return control;
  return reject('wrong_merchant', `The statements are of ${control.foreignAccounts.join(', ')}, not of the merchant.`);
}

const writtenAtOnce = 64 * 1024;

export interface DocumentFile {
  readonly fileName: string;
  readonly stream: () => AsyncIterable<Buffer>;
}

/**
 * The files of an archive read as one document: their control totals add up, and the numbers of a file's lines go on where those
 * of the file before it ended. No two records have the same number.
 */
export async function* readInTurn(
  format: DocumentFormat,
  files: readonly DocumentFile[],
  context: StatementContext,
): AsyncGenerator<DocumentPart> {
  let total: ControlTotals | undefined;
  let last = 0;
  for (const { fileName, stream } of files) {
    const before = last;
    let control: ControlTotals | undefined;
    for await (const part of format.read(stream(), { ...context, fileName })) {
      if (isControl(part)) {
        control = part.control;
        continue;
      }
      if (isRejectionPart(part)) {
        yield part;
        return;
      }
      const placed = before + ('line' in part ? part.line.lineNumber : part.lineNumber);
      // several records may stand on one line, as in XML without line ends: each is told apart by its number all the same
      last = Math.max(placed, last + 1);
      const numbered = renumbered(part, last);
      yield numbered;
    }
    if (!control) return; // the file was cut off: whoever reads finds no totals
    total = total ? sumOf(total, control) : control;
  }
  if (total) yield { control: total };
}

const renumbered = (part: ReadLine, lineNumber: number): ReadLine =>
  'line' in part ? { ...part, line: { ...part.line, lineNumber } } : { ...part, lineNumber };

function sumOf(one: ControlTotals, other: ControlTotals): ControlTotals {
  const sums: Record<string, bigint> = { ...one.sums };
  for (const [name, sum] of Object.entries(other.sums)) sums[name] = (sums[name] ?? 0n) + sum;
  const counted = one.lines !== undefined && other.lines !== undefined;
  const { foreignAccounts } = one.foreignAccounts ? other : one;
  return { sums, foreignAccounts, ...(counted && { lines: one.lines + other.lines }) };
}

const isControl = (part: DocumentPart): part is { readonly control: ControlTotals } => 'control' in part;
const isRejectionPart = (part: ReadLine | Rejection): part is Rejection => isRejection(part);

/** With what the lines of a format are read once Identify has gone over the file. */
export const lineReader = (format: StatementFormat): Pick<LineFormat, 'encoding' | 'parseLine' | 'byteReader'> =>
  format.reads === 'lines' ? format : { encoding: 'utf-8', parseLine: (_frame, text) => decode(text) };

const encode = (part: ReadLine): string =>
  JSON.stringify(part, (_name, value: unknown) => (typeof value === 'bigint' ? `${value}` : value));

const sums = z.record(z.string(), z.coerce.bigint());

const readLineSchema: z.ZodType<ReadLine> = z.union([
  z.object({
    line: z.object({
      lineNumber: z.int(),
      kind: z.enum(lineKinds),
      ourReference: z.string(),
      channelReference: z.string(),
      amount: z.coerce.bigint(),
      fee: z.coerce.bigint(),
      currency: currencySchema,
      status: z.enum(lineStatuses),
      at: z.iso.datetime().transform((text) => new Date(text)),
      settlementReference: z.string().optional(),
      remittance: z.string().optional(),
      raw: z.string(),
    }),
    merchantNos: z.array(z.string()),
    sums,
  }),
  z.object({ lineNumber: z.int(), ignored: z.string(), sums }),
  z.object({ lineNumber: z.int(), reason: z.string(), raw: z.string() }),
]);

/** Our own file: what is in it was written by {@link encode}. */
const decode = (text: string): ReadLine => readLineSchema.parse(JSON.parse(text));
