/** The card that a member pays with unless another one is named. */
import type { BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { RacesLost } from '../kernel/write.ts';
import type { Binding } from './binding.ts';
import { activeBindingCheck, findBinding } from './binding-store.ts';
import type { ChangingBindings } from './change-binding.ts';
import { defaultWrite, findDefault } from './default-store.ts';

const maximumRounds = 40;

/** Laws in this order: the binding is the institution's own, and active. Repeated, it changes nothing. 4 write units. */
export async function setDefaultBinding(
  changing: ChangingBindings,
  { institutionId, id }: { readonly institutionId: InstitutionId; readonly id: BindingId },
): Promise<Binding | Refusal<'not_found' | 'binding_not_active'>> {
  for (let round = 1; round <= maximumRounds; round++) {
    const binding = await findBinding(changing, id);
    if (binding?.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
    if (binding.status !== 'active') return refuse('binding_not_active', `The card binding is ${binding.status}.`);
    const from = await findDefault(changing, binding.accountId);
    if (from.bindingId === id) return binding;
    const writes = [defaultWrite(changing, binding.accountId, { from, to: id }), activeBindingCheck(changing, id)];
    if ((await changing.commit(writes)).committed) return binding;
  }
  throw new RacesLost(`${id} lost ${maximumRounds} races to be the default`);
}
