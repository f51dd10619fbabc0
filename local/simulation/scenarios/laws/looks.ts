/** What a reader saw stood there at one moment of its look; a statement has each entry once, and its balances add up. */
import { sameBalances } from '../../../../functions/ledger/account.ts';
import { momentsBetween } from '../journal.ts';
import { type Look, listAll } from '../readers.ts';
import type { Evidence } from './evidence.ts';

export async function* looksAreTrue(evidence: Evidence): AsyncGenerator<string> {
  const { looks, journal } = evidence;
  for (const look of looks) {
    if (look.kind === 'statement') {
      yield* checkStatement(evidence, look);
      continue;
    }
    const moments = momentsBetween(journal.momentsOf(look.accountId), look.fromMs, look.toMs);
    if (!moments.some(({ balances }) => sameBalances(balances, look.balances))) {
      const { available, frozen } = look.balances;
      yield `${look.accountId} was shown with ${available} and ${frozen} frozen, which it held at no moment of the look`;
    }
  }
  yield* statementsAreTheChains(evidence);
}

function* checkStatement(
  { journal }: Evidence,
  { accountId, fromMs, order, entries }: Extract<Look, { kind: 'statement' }>,
): Generator<string> {
  const places = new Set(entries.map(({ place }) => place));
  if (places.size !== entries.length) yield `a statement of ${accountId} shows an entry twice`;
  for (const { atMs, entries: added } of journal.momentsOf(accountId)) {
    if (atMs >= fromMs) break;
    const missing = added.find((entry) => moves(entry) && !places.has(`${accountId}#${entry.slot}#${entry.seq}`));
    if (missing) {
      yield `a statement of ${accountId}, ${order} first, lacks entry ${missing.seq} of slot ${missing.slot}, which stood before it was read`;
      return;
    }
  }
}

const moves = ({ type }: { readonly type: string }): boolean => type !== 'account_opening' && type !== 'account_change';

/** In the quiet at the end, in small pages and in both orders. */
async function* statementsAreTheChains({ center, books, payments }: Evidence): AsyncGenerator<string> {
  for (const { accountId } of center.holders) {
    const stored = [...books.chains]
      .filter(([name]) => name.startsWith(`${accountId}#`))
      .flatMap(([name, chain]) => chain.filter(moves).map(({ seq }) => `${name}#${seq}`))
      .sort();
    const newest = await listAll(payments, { accountId, order: 'newest', pageSize: 7 });
    const oldest = await listAll(payments, { accountId, order: 'oldest', pageSize: 9 });
    const shown = oldest.map(({ place }) => place);
    if ([...shown].sort().join() !== stored.join()) yield `the statement of ${accountId} is not its chains`;
    const turned = newest.toReversed();
    const differs = turned.findIndex(
      ({ place, balancesAfter }, index) =>
        place !== shown[index] || !sameBalances(balancesAfter, oldest[index]?.balancesAfter ?? balancesAfter),
    );
    if (turned.length !== oldest.length || differs !== -1) {
      yield `the statement of ${accountId}, newest first, is not the one oldest first turned round`;
    }
  }
}
