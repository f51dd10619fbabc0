/** Every statement format and the sample files that it recognises: found by reading the folders, so that a new format is among them. */
import { globSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { type AccountingDate, parseAccountingDate } from '../../functions/kernel/clock.ts';
import { linesOf } from '../../functions/reconciliation/byte-ranges.ts';
import { formatNamed } from '../../functions/reconciliation/reading/catalogue.ts';
import { decodeAs } from '../../functions/reconciliation/reading/encoding.ts';
import { fileStartOf } from '../../functions/reconciliation/reading/file-start.ts';
import type {
  ReadLine,
  StatementContext,
  StatementFormat,
} from '../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../functions/reconciliation/rejection.ts';
import { statementFormatNames } from '../../lib/bundles.ts';
import { repository } from '../workspace.ts';

export interface Sample {
  /** below the folder of samples */
  readonly name: string;
  readonly bytes: Buffer;
  /** whose file it is, and of which day, as the file itself says */
  readonly context: StatementContext;
}

export interface FormatWithSamples {
  readonly format: StatementFormat;
  readonly samples: readonly Sample[];
}

/** Larger ones say nothing more and take longer. */
const maximumSampleBytes = 16 * 1024;

/** @throws Error for a format that recognises no sample */
export async function formatsWithSamples(): Promise<readonly FormatWithSamples[]> {
  const samples = readSamples();
  const found = await Promise.all(
    statementFormatNames().map(async (name) => {
      const format = await formatNamed(name);
      const own = samples.filter((sample) => isRecognised(format, sample));
      return { format, samples: await Promise.all(own.map((file) => sampleOf(format, file))) };
    }),
  );
  const bare = found.find((each) => each.samples.length === 0);
  if (bare) throw new Error(`${bare.format.name} recognises no file of test/reconciliation/formats/samples`);
  return found;
}

type SampleFile = Pick<Sample, 'name' | 'bytes'>;

function readSamples(): readonly SampleFile[] {
  const folder = join(repository, 'test/reconciliation/formats/samples');
  return globSync('**/*', { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile() && entry.name !== 'SOURCES.md')
    .map((entry) => join(entry.parentPath, entry.name))
    .toSorted()
    .map((path) => ({ name: path.slice(folder.length + 1), bytes: readFileSync(path) }))
    .filter(({ bytes }) => bytes.length <= maximumSampleBytes);
}

function isRecognised(format: StatementFormat, { name, bytes }: SampleFile): boolean {
  const start = fileStartOf(bytes, { name, fileName: basename(name) });
  return !isRejection(start) && format.recognise(start);
}

/** A file of another merchant number or day is turned away before a line of it is read, which would try little. */
export async function sampleOf(format: StatementFormat, { name, bytes }: SampleFile): Promise<Sample> {
  const context: StatementContext = {
    merchantNo: 'nobody',
    date: dateIn(bytes.toString('latin1')),
    currency: 'CNY',
    fileName: basename(name),
    timeZone: 'Asia/Shanghai',
  };
  const [merchantNo = 'nobody'] = await ownersOf(format, bytes, context);
  return { name, bytes, context: { ...context, merchantNo } };
}

const anyDay = '2026-03-01' as AccountingDate; // one there is

const dateIn = (text: string): AccountingDate =>
  [...text.matchAll(/(20\d\d)-?(\d\d)-?(\d\d)/g)]
    .map(([, year, month, day]) => parseAccountingDate(`${year}-${month}-${day}`))
    .find((date) => date !== undefined) ?? anyDay;

/** The merchant numbers that a file names. */
async function ownersOf(format: StatementFormat, bytes: Buffer, context: StatementContext): Promise<readonly string[]> {
  const named = (read: ReadLine) => ('line' in read ? read.merchantNos : []);
  if (format.reads === 'lines') {
    const frame = format.readFrame({ head: bytes, tail: bytes, size: bytes.length }, context);
    if (isRejection(frame)) return [];
    const text = decodeAs(format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd)) ?? '';
    return [...linesOf(text, 1)].flatMap((line) => named(format.parseLine(frame, line.text, line.lineNumber)));
  }
  const owners: string[] = [];
  async function* whole() {
    yield bytes;
  }
  for await (const part of format.read(whole(), context)) {
    if ('control' in part) owners.push(...(part.control.foreignAccounts ?? []));
    else if (!('detail' in part)) owners.push(...named(part));
  }
  return owners;
}
