/**
 * TransactWriteItems: all of up to 100 actions on as many items, or none.
 * https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_TransactWriteItems.html
 */
import { isDeepStrictEqual } from 'node:util';
import type { CancellationReason, TransactWriteItem, TransactWriteItemsCommandInput } from '@aws-sdk/client-dynamodb';
import { sizeOf } from './capacity.ts';
import { conditionFailedMessage, invalidRequest, otherRequestUnderToken, transactionCancelled } from './exceptions.ts';
import type { Decision, PlannedWrite, WriteRequest } from './planned-write.ts';
import { tieOf } from './table.ts';

const maximumActions = 100;
const maximumBytes = 4 * 1024 * 1024;

/** @throws ValidationException for more or fewer actions than there may be */
export function requestsOf(actions: readonly TransactWriteItem[]): WriteRequest[] {
  if (actions.length === 0 || actions.length > maximumActions) {
    throw invalidRequest(
      `1 validation error detected: Value at 'transactItems' failed to satisfy constraint: Member must have length less than or equal to ${maximumActions}, and at least 1`,
    );
  }
  return actions.map((action) => {
    const [request, ...more] = [
      ...(action.Put ? [{ kind: 'put' as const, input: action.Put }] : []),
      ...(action.Update ? [{ kind: 'update' as const, input: action.Update }] : []),
      ...(action.Delete ? [{ kind: 'delete' as const, input: action.Delete }] : []),
      ...(action.ConditionCheck ? [{ kind: 'check' as const, input: action.ConditionCheck }] : []),
    ];
    if (request && more.length === 0) return request;
    throw invalidRequest('TransactItems can only contain one of Check, Put, Update or Delete');
  });
}

/** @throws ValidationException where two actions name one item */
export function checkDistinct(writes: readonly PlannedWrite[]): void {
  const items = new Set(writes.map(({ table, key }) => `${table.name}\0${tieOf(key)}`));
  if (items.size < writes.length) {
    throw invalidRequest('Transaction request cannot include multiple operations on one item');
  }
}

/** @throws TransactionCanceledException with a reason for every action, if one of them can't be done */
export function checkDecisions(decisions: readonly Decision[]): void {
  if (decisions.some(({ outcome }) => outcome !== 'ready')) throw transactionCancelled(decisions.map(reasonOf));
  const bytes = decisions.reduce((sum, { change }) => sum + (change.after ? sizeOf(change.after) : 0), 0);
  if (bytes > maximumBytes) throw invalidRequest('Transaction request exceeds the maximum aggregate size of 4 MB');
}

function reasonOf(decision: Decision): CancellationReason {
  switch (decision.outcome) {
    case 'ready':
      return { Code: 'None' };
    case 'condition_failed':
      return {
        Code: 'ConditionalCheckFailed',
        Message: conditionFailedMessage,
        ...(decision.item && { Item: decision.item }),
      };
    case 'invalid':
      return { Code: 'ValidationError', Message: decision.error.message };
  }
}

/** "If you submit the same client token with a change in other parameters within the 10-minute idempotency window …" */
const rememberedMs = 10 * 60_000;

/** The transactions that were done under a client's token: a repeat of one is answered as done, without doing it. */
export class ClientTokens {
  readonly #done = new Map<string, { readonly actions: readonly TransactWriteItem[]; readonly until: number }>();
  readonly #now: () => Date;

  constructor(now: () => Date) {
    this.#now = now;
  }

  /** @throws IdempotentParameterMismatchException for another request under the token */
  isRepeat({ ClientRequestToken: token, TransactItems: actions }: TransactWriteItemsCommandInput): boolean {
    const done = token === undefined ? undefined : this.#done.get(token);
    if (done === undefined || done.until <= this.#now().getTime()) return false;
    if (!isDeepStrictEqual(done.actions, actions)) throw otherRequestUnderToken();
    return true;
  }

  remember({ ClientRequestToken: token, TransactItems: actions }: TransactWriteItemsCommandInput): void {
    if (token === undefined) return;
    this.#done.set(token, { actions: actions ?? [], until: this.#now().getTime() + rememberedMs });
  }
}
