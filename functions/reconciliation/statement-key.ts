/** Where channels drop their files: `statements/<channel>/<merchantNo>/<YYYY-MM-DD>/<file name>`. */
import { createHash } from 'node:crypto';
import * as z from 'zod';
import { type AccountingDate, parseAccountingDate } from '../kernel/clock.ts';
import { idFrom, type ReconciliationId } from '../kernel/ids.ts';

/** The day of one merchant number, of which there may be several versions. */
export interface StatementDay {
  readonly channel: string;
  readonly merchantNo: string;
  readonly date: AccountingDate;
}

/** As our own stores and files have it. */
export const statementDaySchema = z.object({
  channel: z.string(),
  merchantNo: z.string(),
  date: z.string().transform((text) => text as AccountingDate), // it was checked when it was written
});

/** What versions are counted for: a merchant's day, or a key that we can't read. */
export type Series = StatementDay | UnreadableKey;

export interface UnreadableKey {
  readonly unreadableKey: string;
}

const keyPattern = /^statements\/([a-z][a-z0-9-]{0,39})\/([A-Za-z0-9_-]{1,32})\/(\d{4}-\d{2}-\d{2})\/([^/]+)$/;

export function seriesOf(key: string): Series {
  const [, channel, merchantNo, day, fileName] = keyPattern.exec(key) ?? [];
  const date = parseAccountingDate(day ?? '');
  if (channel === undefined || merchantNo === undefined || !date || !fileName) return { unreadableKey: key };
  return { channel, merchantNo, date };
}

export const isUnreadable = (series: Series): series is UnreadableKey => 'unreadableKey' in series;

/** The partition key of a series in the context's table. */
export const seriesKey = (series: Series): string =>
  isUnreadable(series) ? `KEY#${series.unreadableKey}` : `DAY#${series.channel}#${series.merchantNo}#${series.date}`;

/** The id of a version follows from its day, so that every step and every repeat finds the same record. */
export const reconciliationIdOf = (series: Series, version: number): ReconciliationId =>
  isUnreadable(series)
    ? idFrom('recon', series.unreadableKey, `${version}`)
    : idFrom('recon', series.channel, series.merchantNo, series.date, `${version}`);

/** Step Functions allows 80 characters and, for its logs, letters, digits, hyphens and underscores. */
const maximumNameLength = 80;

/**
 * What operators see: `<channel>-<merchantNo>-<date>-v<n>`, or what there is of an unreadable key and its hash.
 *
 * @param attempt 2 and more, where a failed execution could not be redriven, is shown as `-a<attempt>`
 */
export function executionNameOf(series: Series, version: number, attempt = 1): string {
  const end = attempt === 1 ? `-v${version}` : `-v${version}-a${attempt}`;
  if (!isUnreadable(series)) {
    const name = `${series.channel}-${series.merchantNo}-${series.date}${end}`;
    if (name.length <= maximumNameLength) return name;
  }
  const text = isUnreadable(series)
    ? series.unreadableKey.replace(/^statements\//, '')
    : `${series.channel}-${series.merchantNo}-${series.date}`;
  const hash = createHash('sha256').update(text).digest('hex').slice(0, 8);
  const suffix = `-${hash}${end}`;
  const readable = text.replaceAll(/[^A-Za-z0-9_-]+/g, '-').replace(/^-+/, '');
  return `${readable.slice(0, maximumNameLength - suffix.length)}${suffix}`;
}
