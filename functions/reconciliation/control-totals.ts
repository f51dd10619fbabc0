/** Whether a file's lines are what the file itself says of them. Nothing is posted from one that contradicts itself. */
import type { StagedRange } from './range-summary.ts';
import type { ControlTotals } from './reading/statement-format.ts';
import { type Rejection, reject } from './rejection.ts';

export interface ControlCheck {
  /** as the file counts them; absent where it does not */
  readonly lines?: number | undefined;
  /** false only beside line errors: what stands in an unreadable line can't be summed */
  readonly tied: boolean;
  /** lines, refunds left out, that tell of another day: some are usual around the channel's cut-off */
  readonly otherDays: number;
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
  return checkTotals(file, control);
}

/** An unreadable line may or may not be counted in the file's own summary, and its amounts are unknown. */
function checkTotals(file: StagedRange, control: ControlTotals): ControlCheck | Rejection {
  const errors = file.errors.length;
  const { lines } = control;
  if (lines !== undefined && (lines > file.read || lines < file.read - errors)) {
    return reject('wrong_control_total', `The summary row counts ${lines} lines; the file has ${file.read}.`);
  }
  const wrong = Object.entries(control.sums).find(([name, sum]) => (file.sums[name] ?? 0n) !== sum);
  const { ofOtherDays: otherDays } = file;
  const counted = lines !== undefined && { lines };
  if (!wrong) return { ...counted, tied: lines === undefined || lines === file.read, otherDays };
  if (errors > 0) return { ...counted, tied: false, otherDays };
  const [name, sum] = wrong;
  const found = file.sums[name] ?? 0n;
  return reject(
    'wrong_control_total',
    `The summary row gives ${figure(sum)} for ${name}; the lines add up to ${figure(found)}.`,
  );
}

/** Sums are in hundred-thousandths: shown with two decimals or as many as they need. */
function figure(sum: bigint): string {
  const digits = `${sum < 0n ? -sum : sum}`.padStart(6, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -5)}.${digits.slice(-5).replace(/0{1,3}$/, '')}`;
}
