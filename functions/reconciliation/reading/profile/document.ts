/** A delimited file whose quoted fields hold line ends: it can't be cut, so it is read from its first byte to its last. */
import { Readable } from 'node:stream';
import { CsvError, parse } from 'csv-parse';
import * as z from 'zod';
import type { StatementProfile } from '../../../channels/index.ts';
import { isRejection, type Rejection, reject } from '../../rejection.ts';
import type { DocumentPart, StatementContext } from '../statement-format.ts';
import { type ControlRow, controlOf, nothingFound, takeFigures } from './control.ts';
import { type FrameReader, headerOf, isComment } from './frame.ts';
import { lineParser } from './line.ts';
import { fieldsByName } from './records.ts';
import { stripper } from './values.ts';

const maximumRecordBytes = 64 * 1024;

const recordSchema = z.object({
  record: z.array(z.string()),
  raw: z.string(),
});

export async function* readProfileDocument(
  frame: FrameReader,
  chunks: AsyncIterable<Buffer>,
  context: StatementContext,
): AsyncGenerator<DocumentPart> {
  try {
    yield* parts(frame, chunks, context);
  } catch (error) {
    if (error instanceof WrongEncoding) {
      yield reject('wrong_encoding', `The file is not text in ${frame.profile.encoding}.`);
    } else if (error instanceof CsvError) {
      const tooLong = error.code === 'CSV_MAX_RECORD_SIZE';
      yield reject(tooLong ? 'line_too_long' : 'malformed_frame', `The file is no CSV: ${error.message.slice(0, 300)}`);
    } else throw error;
  }
}

async function* parts(
  frame: FrameReader,
  chunks: AsyncIterable<Buffer>,
  context: StatementContext,
): AsyncGenerator<DocumentPart> {
  const { profile, reader } = frame;
  const { layout } = profile;
  if (layout.type !== 'delimited') throw new Error('only quoted fields hold line ends');
  const { date, timeZone, currency } = context;
  const parseLine = lineParser(profile);
  const stripped = stripper(profile.strip);
  const found = nothingFound();
  let columns: readonly string[] | undefined = layout.header === 'none' ? (layout.columns ?? []) : undefined;
  let awaited: ControlRow | undefined;
  let nextLine = 1;
  for await (const each of recordsOf(chunks, profile.encoding, layout.delimiter)) {
    const { record, raw: text } = recordSchema.parse(each);
    const raw = text.replace(/\r?\n$/, '');
    const lineNumber = nextLine;
    // the parser takes CR LF within quotes for two ends
    nextLine += raw.split('\n').length;
    if (lineNumber <= (profile.skipLines ?? 0) || raw.trim() === '') continue;
    const row =
      awaited ?? profile.controlRows?.find((one) => !found.rows.has(one) && raw.startsWith(one.prefix ?? '\n'));
    if (row && !awaited && row.figuresOn === 'next-line') {
      awaited = row;
      continue;
    }
    if (row) {
      awaited = undefined;
      const wrong = takeFigures(found, { profile, reader, row, line: raw, currency });
      if (wrong) return yield wrong;
      continue;
    }
    if (!columns) {
      const header: readonly string[] | undefined | Rejection = isComment(profile, raw)
        ? undefined
        : headerOf(frame, record.map(stripped));
      if (header && isRejection(header)) return yield header;
      columns = header;
      continue;
    }
    if (isComment(profile, raw)) yield { lineNumber, ignored: 'comment', sums: {} };
    else {
      const field = fieldsByName(record, columns, { layout, stripped });
      yield parseLine({ lineNumber, raw, field }, { date, timeZone, currency });
    }
  }
  if (!columns) return yield reject('malformed_frame', `No line names the columns ${frame.used.join(', ')}.`);
  const control = controlOf(profile, found);
  yield isRejection(control) ? control : { control };
}

const recordsOf = (
  chunks: AsyncIterable<Buffer>,
  encoding: StatementProfile['encoding'],
  delimiter: string,
): AsyncIterable<unknown> => {
  const parser = parse({
    delimiter,
    record_delimiter: ['\r\n', '\n'],
    relax_column_count: true,
    max_record_size: maximumRecordBytes,
    raw: true,
  });
  const text = Readable.from(decoded(chunks, encoding));
  text.on('error', (error) => parser.destroy(error));
  return text.pipe(parser);
};

class WrongEncoding extends Error {}

async function* decoded(chunks: AsyncIterable<Buffer>, encoding: StatementProfile['encoding']): AsyncGenerator<string> {
  // what the web calls latin1 is another encoding
  const decoder = encoding === 'latin1' ? undefined : new TextDecoder(encoding, { fatal: true });
  const decode = (chunk?: Buffer) => {
    if (!decoder) return chunk?.toString('latin1') ?? '';
    try {
      return decoder.decode(chunk, { stream: chunk !== undefined });
    } catch {
      throw new WrongEncoding(); // the decoder throws for nothing else
    }
  };
  for await (const chunk of chunks) yield decode(chunk);
  yield decode();
}
