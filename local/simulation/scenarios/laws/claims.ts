/** What each request has made or not, as its caller was told: under which id it must stand, and what it must have moved. */
import { type AccountId, idOfOperation, type PostingId } from '../../../../functions/kernel/ids.ts';
import { holdIdOf, placingOf } from '../../../../functions/ledger/holds/hold.ts';
import { transferIdOf } from '../../../../functions/ledger/transfers/transfer.ts';
import { type Operation, outcomeOf } from '../record.ts';
import type { Order } from '../request.ts';
import type { Books } from './evidence.ts';

/** By account: available, frozen. */
export type Effect = ReadonlyMap<AccountId, readonly [available: bigint, frozen: bigint]>;

export interface Claim {
  readonly postingId: PostingId;
  readonly operation: Operation;
  /** `unknown` where no answer was heard: it may have been done, once */
  readonly said: 'done' | 'refused' | 'unknown';
  /** what it moves where it was done; undefined where the hold or transfer that it is about was never made */
  readonly effect: Effect | undefined;
}

/** Of payments there is a law of their own, and changes of accounts move nothing. */
export function claimsOf(operation: Operation, books: Books): readonly Claim[] {
  const { asked, institutionId, operationIds } = operation;
  const outcome = outcomeOf(operation);
  const said = outcome.outcome;
  const claim = (postingId: PostingId, effect: Effect | undefined): Claim => ({ postingId, operation, said, effect });
  // a key that was never claimed has made nothing
  const byOperation = (effectOf: (id: PostingId) => Effect | undefined): readonly Claim[] =>
    [...operationIds].map((operationId) => {
      const id = idOfOperation('post', operationId);
      return claim(id, effectOf(id));
    });
  switch (asked.kind) {
    case 'top_up':
    case 'confirm_top_up':
    case 'withdrawal':
    case 'refund':
    case 'change_account':
      return [];
    case 'place_hold': {
      const amount = BigInt(asked.amount);
      return [
        claim(placingOf(holdIdOf(operation.caller, asked.reference)), new Map([[asked.accountId, [-amount, amount]]])),
      ];
    }
    case 'capture_hold':
      return byOperation((id) => {
        const taken = amountOr(asked.amount, id, books);
        const from = books.holds.get(asked.holdId)?.accountId;
        return (
          from &&
          new Map([
            [from, [0n, -taken]],
            [asked.toAccountId, [taken, 0n]],
          ])
        );
      });
    case 'release_hold':
      return byOperation((id) => {
        const taken = amountOr(asked.amount, id, books);
        const from = books.holds.get(asked.holdId)?.accountId;
        return from && new Map([[from, [taken, -taken]]]);
      });
    case 'reverse_transfer':
      return byOperation((id) => {
        const taken = amountOr(asked.amount, id, books);
        const ends = endsOf(asked.transferId, books);
        return ends && between(ends.to, ends.from, taken);
      });
    case 'transfer':
      return [claim(transferIdOf(institutionId, asked.order.reference), effectOfOrder(asked.order))];
    case 'transfer_batch': {
      const items = outcome.outcome === 'done' ? (outcome.body as { items: { outcome: string }[] }).items : []; // `batchAnswer`
      return asked.orders.map((order, index) => ({
        ...claim(transferIdOf(institutionId, order.reference), effectOfOrder(order)),
        ...(items[index] && { said: items[index].outcome === 'posted' ? 'done' : 'refused' }),
      }));
    }
  }
}

const between = (from: AccountId, to: AccountId, amount: bigint): Effect =>
  new Map([
    [from, [-amount, 0n]],
    [to, [amount, 0n]],
  ]);

const effectOfOrder = ({ fromAccountId, toAccountId, amount }: Order): Effect =>
  between(fromAccountId, toAccountId, BigInt(amount));

/** What was asked for; of a request for all that is left, what the books say that was. */
function amountOr(asked: number | undefined, postingId: PostingId, books: Books): bigint {
  if (asked !== undefined) return BigInt(asked);
  const drawn = [...storedEffect(postingId, books).values()].map(([available, frozen]) =>
    frozen < 0n ? -frozen : available < 0n ? -available : 0n,
  );
  return drawn.reduce((sum, amount) => sum + amount, 0n);
}

function endsOf(transferId: PostingId, books: Books): { readonly from: AccountId; readonly to: AccountId } | undefined {
  const effect = [...storedEffect(transferId, books)];
  const from = effect.find(([, [available]]) => available < 0n)?.[0];
  const to = effect.find(([, [available]]) => available > 0n)?.[0];
  return from && to && { from, to };
}

/** What a posting has moved, by its entries alone. */
export function storedEffect(postingId: PostingId, { entriesOf }: Books): Effect {
  const effect = new Map<AccountId, readonly [bigint, bigint]>();
  for (const { accountId, change } of entriesOf.get(postingId) ?? []) {
    const [available, frozen] = effect.get(accountId) ?? [0n, 0n];
    effect.set(accountId, [available + change.available, frozen + change.frozen]);
  }
  return effect;
}

export const sameEffect = (one: Effect, other: Effect): boolean =>
  one.size === other.size &&
  [...one].every(([id, [available, frozen]]) => other.get(id)?.[0] === available && other.get(id)?.[1] === frozen);

export const effectText = (effect: Effect): string =>
  [...effect].map(([id, [available, frozen]]) => `${id} ${available}/${frozen}`).join(', ') || 'nothing';
