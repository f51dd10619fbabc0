/** Those who look at accounts while others write: what they saw must have stood there at some moment. */
import type { AccountId, PostingId } from '../../../functions/kernel/ids.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import type { Balances } from '../../../functions/ledger/account.ts';
import { readAccount } from '../../../functions/ledger/index.ts';
import { findAccountFor } from '../../../functions/ledger/read-account.ts';
import { readCursor } from '../../../functions/ledger/statements/entries-cursor.ts';
import { listEntries } from '../../../functions/ledger/statements/list-entries.ts';
import type { StatementOrder } from '../../../functions/ledger/statements/merge-chains.ts';
import type { Scheduler } from '../scheduler.ts';
import type { Dice } from './dice.ts';
import { type Fleet, timeZone, type Wiring } from './function-fleet.ts';

interface Span {
  readonly accountId: AccountId;
  readonly fromMs: number;
  readonly toMs: number;
}

export interface ListedEntry {
  /** account, slot and number */
  readonly place: string;
  readonly postingId: PostingId;
  readonly balancesAfter: Balances;
}

export type Look =
  | (Span & { readonly kind: 'balances'; readonly balances: Balances })
  | (Span & { readonly kind: 'statement'; readonly order: StatementOrder; readonly entries: readonly ListedEntry[] });

/** One look at one account. @returns undefined where it failed */
export async function lookAt(
  { scheduler, dice, fleet }: { readonly scheduler: Scheduler; readonly dice: Dice; readonly fleet: Fleet },
  accountId: AccountId,
): Promise<Look | undefined> {
  const fromMs = scheduler.elapsedMs();
  const ofBalances = dice.chance(0.7);
  const order = dice.pick(['newest', 'oldest'] as const);
  const pageSize = dice.integer(1, 12);
  const call = fleet.invoke('l', 120_000, async ({ payments }) =>
    ofBalances
      ? { kind: 'balances' as const, balances: (await readAccount(payments.ledger, accountId))?.balances }
      : { kind: 'statement' as const, order, entries: await listAll(payments, { accountId, order, pageSize }) },
  );
  const outcome = await call.ended;
  if (outcome.status !== 'returned') return undefined;
  const span = { accountId, fromMs, toMs: scheduler.elapsedMs() };
  const { value } = outcome;
  if (value.kind === 'statement') return { ...value, ...span };
  return value.balances && { ...span, kind: 'balances', balances: value.balances };
}

/** A whole statement, page by page, as a caller would follow the cursors. */
export async function listAll(
  { ledger }: Wiring['payments'],
  {
    accountId,
    order,
    pageSize,
  }: { readonly accountId: AccountId; readonly order: StatementOrder; readonly pageSize: number },
): Promise<readonly ListedEntry[]> {
  const listed: ListedEntry[] = [];
  let cursor: ReturnType<typeof readCursor>;
  for (;;) {
    // each page is a request of its own, which reads the account again: slots may have come
    const account = await findAccountFor(ledger, 'everyone', accountId);
    if (isRefusal(account)) throw new Error(account.detail);
    const source = { table: ledger.table, timeZone };
    const page = await listEntries(source, account, { limit: pageSize, order, range: {}, filter: {}, cursor });
    if (isRefusal(page)) throw new Error(page.detail);
    for (const { entry, balancesAfter } of page.items) {
      const { accountId: id, slot, seq, postingId } = entry;
      listed.push({ place: `${id}#${slot}#${seq}`, postingId, balancesAfter });
    }
    if (page.nextCursor === null) return listed;
    cursor = readCursor(page.nextCursor);
    if (!cursor) throw new Error(`a cursor that can't be read: ${page.nextCursor}`);
  }
}
