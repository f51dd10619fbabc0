/** A report as a CSV file: in the answer itself, or behind a link where it is large. */
import { type HandedFiles, type HandedOver, handOver } from '../../kernel/hand-over-file.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Files } from '../files.ts';
import type { MissingDay } from './period.ts';
import { reportPieces } from './show-report.ts';

/** API Gateway waits 30 s for a function; what is left is for the last part and the link. */
const fileSeconds = 24;

export const handOverReport = (
  {
    files,
    handed,
    requestId,
    name,
  }: { readonly files: Files; readonly handed: HandedFiles; readonly requestId: string; readonly name: string },
  asked: Parameters<typeof reportPieces>[1],
): Promise<HandedOver | Refusal<'file_too_long'>> =>
  handOver(handed, {
    name,
    key: `reports/${requestId}/${name}`,
    pieces: reportPieces(files, asked),
    deadline: new Date(handed.clock().getTime() + fileSeconds * 1000),
  });

/** An answer's headers may have 10 KB together. */
const maximumNamed = 100;

/** Days without a concluded statement, for those who take the file: `<date> <channel> <merchantNo>`, a comma between. */
export function missingDaysHeader(missing: readonly MissingDay[]): Record<string, string> {
  const named = missing
    .slice(0, maximumNamed)
    .map(({ date, channel, merchantNo }) => `${date} ${channel} ${merchantNo}`);
  const more = missing.length > maximumNamed ? [`and ${missing.length - maximumNamed} more`] : [];
  return { 'x-missing-days': [...named, ...more].join(', ') };
}
