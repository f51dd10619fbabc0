/** No money stays frozen without an active hold or a withdrawal under way, and what they set aside is frozen. */
import { remainingOf } from '../../../../functions/ledger/hold.ts';
import { type Evidence, finalBalances } from './evidence.ts';

/** Between the look at a hold and the posting no function lives for longer. */
const functionMs = 29_000;

export function* frozenIsAccountedFor({ center, books }: Evidence): Generator<string> {
  const holds = [...books.holds.values()];
  const capturesOf = Map.groupBy(
    [...books.postings.values()].filter(({ type }) => type === 'hold_capture'),
    ({ transactionId }) => transactionId,
  );
  for (const { accountId } of center.holders) {
    const held = holds
      .filter((hold) => hold.accountId === accountId)
      .reduce((sum, hold) => sum + remainingOf(hold), 0n);
    const underWay = [...books.payments.values()]
      .filter(({ kind, status, accountId: id }) => id === accountId && kind === 'withdrawal' && status === 'processing')
      .reduce((sum, { amount }) => sum + amount.amount, 0n);
    const { frozen } = finalBalances(books, accountId);
    if (frozen !== held + underWay) {
      yield `${accountId} has ${frozen} frozen; its active holds and withdrawals under way add up to ${held + underWay}`;
    }
  }
  for (const { id, amount, captured, released, expiresAt } of holds) {
    const over = expiresAt === undefined ? Number.POSITIVE_INFINITY : Date.parse(expiresAt) + functionMs;
    const captures = capturesOf.get(id) ?? [];
    if (captures.some(({ postedAt }) => Date.parse(postedAt) > over)) {
      yield `the hold ${id} was captured long after ${expiresAt}, when its time was over`;
    }
    if (captured < 0n || released < 0n || captured + released > amount.amount) {
      yield `of the hold ${id} over ${amount.amount} were captured ${captured} and released ${released}`;
    }
  }
}
