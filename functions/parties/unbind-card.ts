/** After unbinding, no payment can use the card, and its numbers are forgotten. The same card can be bound anew. */
import type { Clock } from '../kernel/clock.ts';
import type { BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { CommitWrites } from '../kernel/write.ts';
import { type Binding, bindingAfter } from './binding.ts';
import { findBinding } from './binding-store.ts';
import { changeBinding } from './change-binding.ts';
import type { Parties } from './parties.ts';

export interface Unbinding extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
}

/** Where it was the default, the member's oldest active binding follows it. */
export async function unbindCard(
  unbinding: Unbinding,
  command: { readonly institutionId: InstitutionId; readonly id: BindingId; readonly operationId: string },
): Promise<'unbound' | Refusal<'not_found' | 'already_unbound'>> {
  const { institutionId, id, operationId } = command;
  for (;;) {
    const binding = await findBinding(unbinding, id);
    if (binding?.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
    if (binding.unboundBy === operationId) return 'unbound';
    if (binding.status !== 'active') return notActive(binding);
    const patch = { unboundAt: unbinding.clock().toISOString(), unboundBy: operationId };
    const changed = await changeBinding(unbinding, binding, bindingAfter(binding, 'unbind', patch));
    if (changed !== 'overtaken') return 'unbound';
  }
}

const notActive = ({ id, status }: Binding) => refuse('already_unbound', `${id} is ${status}.`);
