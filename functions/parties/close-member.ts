/** A member leaves: the account is closed in the ledger, and all cards are unbound, their numbers forgotten. */
import type { Caller } from '../kernel/caller.ts';
import { institutionOf } from '../kernel/caller.ts';
import type { AccountId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { type Ledger, type RequestedChangeRefusal, requestChange } from '../ledger/index.ts';
import { type Binding, bindingAfter } from './binding.ts';
import { findBinding, listBindings } from './binding-store.ts';
import { changeBinding } from './change-binding.ts';
import { findMember } from './member-store.ts';
import { accountStatus } from './open-member.ts';
import type { Unbinding } from './unbind-card.ts';

export interface ClosingMembers extends Unbinding {
  readonly ledger: Ledger;
}

/**
 * Closed first: from then on nobody binds another card or moves money. A member whose account was closed in the ledger
 * before loses the cards too, so whatever a process dies at, a repeat ends what was begun. The account must be empty.
 */
export async function closeMember(
  closing: ClosingMembers,
  command: {
    readonly caller: Caller;
    readonly accountId: AccountId;
    readonly reason: string;
    readonly operationId: string;
  },
): Promise<'closed' | Refusal<RequestedChangeRefusal>> {
  const { caller, accountId } = command;
  const member = await findMember(closing, accountId);
  if (member?.institutionId !== institutionOf(caller)) return refuse('not_found', 'There is no such member account.');
  if ((await accountStatus(closing, accountId)) !== 'closed') {
    const changed = await requestChange(closing.ledger, { ...command, wanted: { status: 'closed' } });
    if (isRefusal(changed) && changed.refused !== 'account_closed') return changed;
  }
  let after: string | undefined;
  do {
    const { items, nextCursor } = await listBindings(closing, accountId, { limit: 50, ...(after && { after }) });
    for (const binding of items) await endBinding(closing, binding, command.operationId);
    after = nextCursor === null ? undefined : items.at(-1)?.id;
  } while (after);
  return 'closed';
}

async function endBinding(closing: ClosingMembers, found: Binding, operationId: string): Promise<void> {
  for (let binding: Binding | undefined = found; binding; binding = await findBinding(closing, found.id)) {
    if (binding.status !== 'active' && binding.status !== 'pending') return;
    const patch = { unboundAt: closing.clock().toISOString(), unboundBy: operationId };
    const to = binding.status === 'active' ? bindingAfter(binding, 'unbind', patch) : bindingAfter(binding, 'expire');
    if ((await changeBinding(closing, binding, to)) !== 'overtaken') return;
  }
}
