/** Whether a file's lines are what the file itself says of them. Nothing is posted from one that contradicts itself. */
import { mostLineErrors, type StagedRange } from './range-summary.ts';
import type { ControlTotals } from './reading/statement-format.ts';
import { type ControlMismatch, type Rejection, reject } from './rejection.ts';

export interface ControlCheck {
  /** as the file counts them; absent where it does not */
  readonly lines?: number | undefined;
  /** false only beside line errors: what stands in an unreadable line can't be summed */
  readonly tied: boolean;
  /** lines, refunds left out, that tell of another day: some are usual around the channel's cut-off */
  readonly otherDays: number;
  /** figures that the lines don't add up to: beside line errors, else the file is turned away with them; and untied balances */
  readonly mismatches?: readonly ControlMismatch[] | undefined;
}

/** In the order in which an operator would look: can it be read, whose is it, of which day, does it add up. */
export function checkFile(
  file: StagedRange,
  control: ControlTotals,
  { merchantNo, date }: { readonly merchantNo: string; readonly date: string },
): ControlCheck | Rejection {
  if (file.wrongEncoding) return reject('wrong_encoding', 'The file is not throughout in the encoding of its format.');
  if (file.ofOthers > 0 && file.ofMerchant === 0) {
    return reject('wrong_merchant', `None of the ${file.read} lines is of ${merchantNo}.`);
  }
  if (file.ofOtherDays > 0 && file.ofDay === 0) {
    return reject('wrong_day', `None of the ${file.ofOtherDays} dated lines is of ${date}.`);
  }
  if (file.moreErrors > 0) return tooManyErrors(file);
  return checkTotals(file, control);
}

function tooManyErrors({ errors, moreErrors, read }: StagedRange): Rejection {
  const [first] = errors;
  const count = errors.length + moreErrors;
  const example = first ? `; the first is line ${first.lineNumber}, which ${first.reason}` : '';
  return reject(
    'too_many_line_errors',
    `${count} of ${read} lines can't be read, more than ${mostLineErrors}${example}.`,
  );
}

/** An unreadable line may or may not be counted in the file's own summary, and its amounts are unknown. */
function checkTotals(file: StagedRange, control: ControlTotals): ControlCheck | Rejection {
  const errors = file.errors.length;
  const { lines } = control;
  const mismatches: ControlMismatch[] = [];
  if (lines !== undefined && (lines > file.read || lines < file.read - errors)) {
    mismatches.push({ figure: 'lines', stated: `${lines}`, found: `${file.read}` });
  }
  for (const [name, sum] of Object.entries(control.sums)) {
    const found = file.sums[name] ?? 0n;
    if (found !== sum) mismatches.push({ figure: name, stated: figure(sum), found: figure(found) });
  }
  const [first, ...others] = mismatches.slice(0, maximumMismatches);
  const untied = (control.untied ?? []).map(({ name, stated, found }) => ({
    figure: name,
    stated: figure(stated),
    found: figure(found),
  }));
  if (first && (first.figure === 'lines' || errors === 0)) {
    const { figure: name, stated, found } = first;
    const detail =
      name === 'lines'
        ? `The summary row counts ${stated} lines; the file has ${found}.`
        : `The summary row gives ${stated} for ${name}; the lines add up to ${found}.`;
    return { ...reject('wrong_control_total', detail), mismatches: [first, ...others] };
  }
  const counted = lines !== undefined && { lines };
  const tied = !first && (lines === undefined || lines === file.read);
  const shown = [...(first ? [first] : []), ...others, ...untied];
  return { ...counted, tied, otherDays: file.ofOtherDays, ...(shown.length > 0 && { mismatches: shown }) };
}

/** As many figures as any summary has; a document of many accounts may have more, of which these are enough to see it. */
const maximumMismatches = 20;

/** Sums are in hundred-thousandths: shown with two decimals or as many as they need. */
function figure(sum: bigint): string {
  const digits = `${sum < 0n ? -sum : sum}`.padStart(6, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5).replace(/0{1,3}$/, '')}`;
}
