/** No money stays frozen without an active hold or a withdrawal under way, and what they set aside is frozen. */
import { idOfOperation } from '../../../../functions/kernel/ids.ts';
import { remainingOf } from '../../../../functions/ledger/holds/hold.ts';
import { freezesFirst } from '../../../../functions/payments/payment.ts';
import { frozenOf } from '../../../../functions/payments/postings.ts';
import { type Evidence, finalBalances } from './evidence.ts';

export function* frozenIsAccountedFor({ center, books, operations }: Evidence): Generator<string> {
  const holds = [...books.holds.values()];
  for (const { accountId } of center.holders) {
    const held = holds
      .filter((hold) => hold.accountId === accountId)
      .reduce((sum, hold) => sum + remainingOf(hold), 0n);
    const underWay = [...books.payments.values()]
      .filter((payment) => payment.accountId === accountId && freezesFirst(payment) && payment.status === 'processing')
      .reduce((sum, payment) => sum + frozenOf(payment).amount, 0n);
    const { frozen } = finalBalances(books, accountId);
    if (frozen !== held + underWay) {
      yield `${accountId} has ${frozen} frozen; its active holds and payments under way add up to ${held + underWay}`;
    }
  }
  for (const { id, amount, captured, released } of holds) {
    if (captured < 0n || released < 0n || captured + released > amount.amount) {
      yield `of the hold ${id} over ${amount.amount} were captured ${captured} and released ${released}`;
    }
  }
  for (const { number, asked, startedAt, operationIds } of operations) {
    if (asked.kind !== 'capture_hold') continue;
    const { expiresAt } = books.holds.get(asked.holdId) ?? {};
    const made = [...operationIds].some((operationId) => books.postings.has(idOfOperation('post', operationId)));
    if (made && expiresAt !== undefined && expiresAt < startedAt) {
      yield `request ${number} captured the hold ${asked.holdId}, whose time was over before`;
    }
  }
}
