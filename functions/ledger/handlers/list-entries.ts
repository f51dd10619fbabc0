import { scopeOf } from '../../kernel/caller.ts';
import { handOver } from '../../kernel/hand-over-file.ts';
import { encodeCursor } from '../../kernel/page.ts';
import { isRefusal, refuse } from '../../kernel/refusal.ts';
import { csv, ok, seeOther } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { handedFiles } from '../../runtime/wiring/handed-files.ts';
import { statementSource } from '../../runtime/wiring/statements.ts';
import { entryAnswer } from '../account-answer.ts';
import { listEntriesRoute } from '../routes.ts';
import { listEntries } from '../statements/list-entries.ts';
import { readStatement } from '../statements/statement.ts';
import { findStatementAccount } from '../statements/statement-account.ts';
import { statementCsv } from '../statements/statement-csv.ts';
import { rangeOf } from '../statements/statement-query.ts';

/** API Gateway waits 30 s for a function; what is left is for the last part and the link. */
const fileSeconds = 24;

export const handler = httpHandler(listEntriesRoute, async ({ caller, params, query, requestId, wantsCsv }) => {
  const source = statementSource();
  const account = await findStatementAccount(source, scopeOf(caller), { id: params.id, half: query.balance });
  if (isRefusal(account)) return account;
  const { cursor, direction, type: types, limit, order } = query;
  const asked = { range: rangeOf(query), filter: { direction, types } };

  if (!wantsCsv) {
    const page = await listEntries(source, account, { ...asked, cursor, limit: limit ?? 50, order: order ?? 'newest' });
    if (isRefusal(page)) return page;
    return ok({ items: page.items.map(entryAnswer), nextCursor: page.nextCursor && encodeCursor(page.nextCursor) });
  }

  if (limit !== undefined || cursor !== undefined) {
    return refuse('no_pages_in_files', 'A file holds all of its range: leave out limit and cursor.');
  }
  const files = handedFiles();
  const asOf = files.clock();
  const request = { ...asked, order: order ?? 'oldest', asOf };
  const name = `${params.id}${query.balance ? `-${query.balance}` : ''}.csv`;
  const file = await handOver(files, {
    name,
    key: `statements/${requestId}/${name}`,
    pieces: statementCsv(account, await readStatement(source, account, request), request),
    deadline: new Date(asOf.getTime() + fileSeconds * 1000),
  });
  if (isRefusal(file)) return file;
  return 'url' in file ? seeOther(file.url) : csv(file.text, name);
});
