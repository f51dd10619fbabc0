/** A card whose code was not told back in time is given up: its numbers are forgotten, and it can be bound anew. */
import type { Clock } from '../kernel/clock.ts';
import { type Binding, bindingAfter, isExpired } from './binding.ts';
import { findBinding, overdueBindingIds } from './binding-store.ts';
import { type ChangingBindings, changeBinding, currentBinding } from './change-binding.ts';

/** As it then is: somebody may have been faster. */
export async function expireBinding(changing: ChangingBindings, binding: Binding): Promise<Binding> {
  const changed = await changeBinding(changing, binding, bindingAfter(binding, 'expire'));
  return changed === 'overtaken' ? currentBinding(changing, binding) : changed;
}

/** The sweep's part: 1 read and about 8 write units each. @returns how many were given up */
export async function expireBindings(
  changing: ChangingBindings & { readonly clock: Clock },
  { limit }: { readonly limit: number },
): Promise<number> {
  const now = changing.clock();
  let expired = 0;
  for (const id of await overdueBindingIds(changing, { now, limit })) {
    const binding = await findBinding(changing, id);
    if (!binding || !isExpired(binding, now)) continue;
    await expireBinding(changing, binding);
    expired += 1;
  }
  return expired;
}
