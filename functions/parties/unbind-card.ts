/** After unbinding, no payment can use the card, and its numbers are forgotten. The same card can be bound anew. */
import type { Clock } from '../kernel/clock.ts';
import type { BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { CommitWrites } from '../kernel/write.ts';
import { type Binding, endBindingWrites, findBinding } from './binding-store.ts';
import type { Parties } from './parties.ts';
import { bindingTransitions } from './states.ts';

export interface Unbinding extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
}

export async function unbindCard(
  unbinding: Unbinding,
  command: { readonly institutionId: InstitutionId; readonly id: BindingId; readonly operationId: string },
): Promise<'unbound' | Refusal<'not_found' | 'already_unbound'>> {
  const { institutionId, id, operationId } = command;
  const binding = await findBinding(unbinding, id);
  if (binding?.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
  if (binding.unboundBy === operationId) return 'unbound';
  if (binding.status !== 'active') return notActive(binding);
  const unbound = { at: unbinding.clock().toISOString(), operationId };
  const change = { from: binding.status, to: bindingTransitions.active.unbind, unbound };
  const result = await unbinding.commit(endBindingWrites(unbinding, binding, change));
  if (result.committed) return 'unbound';
  const now = await findBinding(unbinding, id);
  return now?.unboundBy === operationId ? 'unbound' : notActive(now ?? binding);
}

const notActive = ({ id, status }: Binding) => refuse('already_unbound', `${id} is ${status}.`);
