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
  format: DocumentFormat,
  chunks: AsyncIterable<Buffer>,
  context: StatementContext,
): AsyncGenerator<Buffer, ControlTotals | Rejection> {
  let control: ControlTotals | undefined;
  let batch = '';
  for await (const part of format.read(chunks, context)) {
    if (isControl(part)) control = part.control;
    else if (isRejectionPart(part)) return part;
    else batch += `${encode(part)}\n`;
    if (batch.length > writtenAtOnce) {
      yield Buffer.from(batch);
      batch = '';
    }
  }
  yield Buffer.from(batch);
  return control ?? reject('truncated', 'The file ends before it is complete.');
}

const writtenAtOnce = 64 * 1024;

const isControl = (part: DocumentPart): part is { readonly control: ControlTotals } => 'control' in part;
const isRejectionPart = (part: ReadLine | Rejection): part is Rejection => isRejection(part);

/** With what the lines of a format are read once Identify has gone over the file. */
export const lineReader = (format: StatementFormat): Pick<LineFormat, 'encoding' | 'parseLine'> =>
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
