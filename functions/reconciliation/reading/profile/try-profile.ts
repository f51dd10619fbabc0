/** What a profile makes of a sample, before anybody puts it: nothing is stored, and no merchant number need be there. */
import type { StatementProfile } from '../../../channels/index.ts';
import type { AccountingDate } from '../../../kernel/clock.ts';
import type { Currency } from '../../../kernel/money.ts';
import { linesOf } from '../../byte-ranges.ts';
import { isRejection, type Rejection } from '../../rejection.ts';
import { decodeAs } from '../encoding.ts';
import { fileStartOf } from '../file-start.ts';
import {
  type ControlTotals,
  type DocumentFormat,
  isLineError,
  type LineFormat,
  type ReadLine,
  type StatementContext,
} from '../statement-format.ts';
import { formatOfProfile } from './profile-format.ts';

export interface Trial {
  readonly profile: StatementProfile;
  readonly sample: Buffer;
  readonly fileName: string;
  readonly merchantNo: string;
  readonly date: AccountingDate;
  readonly currency: Currency;
  readonly timeZone: string;
}

export interface Tried {
  /** whether the profile would know the file among others */
  readonly recognised: boolean;
  readonly rejection?: Rejection | undefined;
  /** in their order; none where the sample is turned away */
  readonly lines: readonly ReadLine[];
  /** what the control rows say and what the lines come to */
  readonly control: readonly ControlFigure[];
}

export interface ControlFigure {
  readonly name: string;
  /** in hundred-thousandths, counts too */
  readonly stated: bigint;
  readonly found: bigint;
}

export async function tryProfile({ profile, sample, ...context }: Trial): Promise<Tried> {
  const format = formatOfProfile('profile:tried', profile);
  const start = fileStartOf(sample, { name: 'The sample', fileName: context.fileName });
  if (isRejection(start)) return { recognised: false, rejection: start, lines: [], control: [] };
  const recognised = format.recognise(start);
  const read =
    format.reads === 'lines' ? readLines(format, sample, context) : await readRecords(format, sample, context);
  if (isRejection(read)) return { recognised, rejection: read, lines: [], control: [] };
  return { recognised, lines: read.lines, control: figuresOf(read) };
}

interface Read {
  readonly lines: readonly ReadLine[];
  readonly control: ControlTotals;
}

function readLines(format: LineFormat, sample: Buffer, context: StatementContext): Read | Rejection {
  const frame = format.readFrame({ head: sample, tail: sample, size: sample.length }, context);
  if (isRejection(frame)) return frame;
  const text = decodeAs(format.encoding, sample.subarray(frame.detailsStart, frame.detailsEnd));
  if (text === undefined)
    return { reason: 'wrong_encoding', detail: 'The sample is not in the encoding of the profile.' };
  const lines = [...linesOf(text, frame.firstLineNumber)].filter((line) => line.text.trim() !== '');
  return { control: frame.control, lines: lines.map((line) => format.parseLine(frame, line.text, line.lineNumber)) };
}

async function readRecords(
  format: DocumentFormat,
  sample: Buffer,
  context: StatementContext,
): Promise<Read | Rejection> {
  const lines: ReadLine[] = [];
  async function* whole() {
    yield sample;
  }
  for await (const part of format.read(whole(), context)) {
    if ('control' in part) return { lines, control: part.control };
    if ('detail' in part) return part;
    lines.push(part);
  }
  throw new Error(`${format.name} ended without a word`);
}

const countedOne = 100_000n;

function figuresOf({ lines, control }: Read): ControlFigure[] {
  const found = (name: string) =>
    lines.reduce((sum, line) => sum + (isLineError(line) ? 0n : (line.sums[name] ?? 0n)), 0n);
  const sums = Object.entries(control.sums).map(([name, stated]) => ({ name, stated, found: found(name) }));
  if (control.lines === undefined) return sums;
  const counted = {
    name: 'lines',
    stated: BigInt(control.lines) * countedOne,
    found: BigInt(lines.length) * countedOne,
  };
  return [counted, ...sums];
}
