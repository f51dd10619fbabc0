/** Pages of what is expected, as operators ask for it. */
import type { AccountingDate } from '../../kernel/clock.ts';
import { type Page, pageOf } from '../../kernel/page.ts';
import type { ExpectedStatement, ExpectedStatus } from './expected-statement.ts';
import { type ExpectingNeeds, findExpectedStatements } from './find-expected-statements.ts';

export interface ExpectedQuery {
  readonly limit: number;
  /** the place after which the page begins */
  readonly cursor?: string | undefined;
  /** one day, or all from one to another */
  readonly date?: AccountingDate | undefined;
  readonly from?: AccountingDate | undefined;
  readonly to?: AccountingDate | undefined;
  readonly status?: ExpectedStatus | undefined;
  readonly channel?: string | undefined;
  readonly merchantNo?: string | undefined;
}

/** Each page reads all of the days anew. @throws Error where no days are named, which the route's schema refuses. */
export async function pageOfExpected(
  needs: ExpectingNeeds,
  { limit, cursor, date, from = date, to = date, ...wanted }: ExpectedQuery,
): Promise<Page<ExpectedStatement>> {
  if (from === undefined || to === undefined) throw new Error('no days are named');
  const all = await findExpectedStatements(needs, { from, to });
  const fitting = all.filter(
    ({ status, day }) =>
      (wanted.status ?? status) === status &&
      (wanted.channel ?? day.channel) === day.channel &&
      (wanted.merchantNo ?? day.merchantNo) === day.merchantNo,
  );
  const place = ({ day }: ExpectedStatement) => `${day.date}#${day.channel}#${day.merchantNo}`;
  const start = cursor === undefined ? 0 : fitting.findIndex((each) => isAfter(place(each), cursor));
  return pageOf(start < 0 ? [] : fitting.slice(start, start + limit + 1), limit, place);
}

/** Days go backwards, all else forwards. */
function isAfter(place: string, cursor: string): boolean {
  const [day, before] = [place.slice(0, 10), cursor.slice(0, 10)];
  return day === before ? place > cursor : day < before;
}
