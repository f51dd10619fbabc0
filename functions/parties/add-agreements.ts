/**
 * Agreements with channels that were registered after a card was bound, or that said nothing then. This is the one use
 * case, besides the confirmation of an enterprise, that opens sealed numbers.
 */
import * as z from 'zod';
import type { BindingId, InstitutionId } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Signing } from './bind-card.ts';
import { type Binding, openCodes } from './binding.ts';
import { findSealedBinding } from './binding-store.ts';
import { changeBinding, currentBinding } from './change-binding.ts';
import { type MemberRefusal, openAccount } from './open-member.ts';
import type { Sealed, Unseal } from './personal-data.ts';
import { bindingSigned } from './settle-signing.ts';
import { type Bound, signAgreements, signatoriesOf } from './sign-agreements.ts';

export interface AddingAgreements extends Signing {
  readonly ledger: Pick<Ledger, 'table'>;
  readonly unseal: Unseal;
}

export type AddRefusal = MemberRefusal | 'binding_not_active' | 'card_refused' | 'channel_unavailable';

/**
 * Laws, in this order: the binding is the institution's own; it is active, or the pending one of a corporate account; its
 * account is open. Channels that have agreed are not asked again, so a repeat changes nothing.
 */
export async function addAgreements(
  adding: AddingAgreements,
  { institutionId, id }: { readonly institutionId: InstitutionId; readonly id: BindingId },
): Promise<Binding | Refusal<AddRefusal>> {
  const found = await findSealedBinding(adding, id);
  if (found?.binding.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
  const { binding, sealed } = found;
  const mayGrow = binding.status === 'active' || (binding.status === 'pending' && binding.kind === 'corporate_account');
  if (!mayGrow || !sealed) return refuse('binding_not_active', `The card binding is ${binding.status}.`);
  const open = await openAccount(adding, binding.accountId);
  if (isRefusal(open)) return open;

  const signatories = await signatoriesOf(adding.channels, institutionId);
  const awaited = openCodes(binding, adding.clock());
  const missing = signatories.filter(
    ({ channel }) => !Object.hasOwn(binding.agreements, channel.id) && !awaited.includes(channel.id),
  );
  if (missing.length === 0) return binding;
  const signing = await signAgreements(adding.channels, missing, {
    bindingId: id,
    bound: await openBound(adding, binding, sealed),
  });
  const to = bindingSigned(binding, signing, adding.clock());
  if (!to) {
    const { silent, reasons } = signing;
    return silent.length > 0
      ? refuse('channel_unavailable', `${silent.join(', ')} did not answer; ask again with a new Idempotency-Key.`)
      : refuse('card_refused', `No further channel accepts it (${reasons.join('; ')}).`);
  }
  const changed = await changeBinding(adding, binding, to);
  return changed === 'overtaken' ? currentBinding(adding, binding) : changed;
}

const cardSchema = z.object({
  number: z.string(),
  holderName: z.string(),
  idNumber: z.string(),
  mobile: z.string(),
});
const corporateSchema = z.object({
  number: z.string(),
  companyName: z.string(),
  licenceNo: z.string(),
  bank: z.string(),
});

async function openBound({ unseal }: AddingAgreements, { id, kind }: Binding, sealed: Sealed): Promise<Bound> {
  const facts = await unseal(sealed, { kind: 'card-binding', id });
  return kind === 'card' ? { card: cardSchema.parse(facts) } : { corporateAccount: corporateSchema.parse(facts) };
}
