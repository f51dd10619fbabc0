import { scopeOf } from '../../kernel/caller.ts';
import { encodeCursor } from '../../kernel/page.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { ledger } from '../../runtime/wiring/ledger.ts';
import { entryAnswer } from '../account-answer.ts';
import { listEntries } from '../list-entries.ts';
import { findAccountFor } from '../read-account.ts';
import { listEntriesRoute } from '../routes.ts';
import { entriesCsv } from '../statement-csv.ts';

/** About 2 MB of CSV; a function may answer with 6 MB. */
const maximumFileLines = 10_000;

export const handler = httpHandler(listEntriesRoute, async ({ caller, params, query, wantsCsv }) => {
  const account = await findAccountFor(ledger(), scopeOf(caller), params.id);
  if (isRefusal(account)) return account;
  const limit = query.limit ?? (wantsCsv ? maximumFileLines : 50);
  const { items, nextCursor } = await listEntries(ledger(), account, { ...query, limit, after: query.cursor });
  if (!wantsCsv) {
    return ok({
      items: items.map((line) => entryAnswer(line, account.currency)),
      nextCursor: nextCursor && encodeCursor(nextCursor),
    });
  }
  // a file that silently lacks lines would be taken for the whole
  if (nextCursor !== null && query.limit === undefined) {
    return refuse('statement_too_long', `The file would pass ${maximumFileLines} lines: narrow it by from and to.`);
  }
  return csv(entriesCsv(items, account.currency), `${account.id}.csv`);
});
