/** What the summary rows of WeChat Pay's bills have in common: a back-tick before each field, and counts such as `20.0`. */
import { wholeNumber } from './frame.ts';

export const withoutBacktick = (field: string): string => {
  const trimmed = field.trim();
  return trimmed.startsWith('`') ? trimmed.slice(1) : trimmed;
};

/** Old examples print counts as `20.0`. */
export function summaryCount(text: string): number | undefined {
  const count = wholeNumber(text.replace(/\.0+$/, ''));
  return count === undefined ? undefined : Number(count);
}
