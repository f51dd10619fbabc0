/** A corporate account that was proved becomes a binding, so that withdrawals name it as they name a card. */
import * as z from 'zod';
import { type BindingId, idFrom } from '../../kernel/ids.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { Write } from '../../kernel/write.ts';
import { addAgreements } from '../add-agreements.ts';
import type { Binding } from '../binding.ts';
import { addBindingWrites, findBinding, findBindingOfCard } from '../binding-store.ts';
import { proveInstitutionWrite } from '../institution-store.ts';
import { maskAccountNumber } from '../masking.ts';
import type { Sealed } from '../personal-data.ts';
import { changeVerification } from './change-verification.ts';
import { changedBy, type Verification } from './verification.ts';
import type { Confirming } from './verifying.ts';

const accountSchema = z.object({
  number: z.string(),
  companyName: z.string(),
  licenceNo: z.string(),
  bank: z.string(),
});

/**
 * One transaction: the verification has succeeded, its institution is proved by it, and the account is bound, pending
 * until a channel agrees. An account that is bound already keeps its binding.
 */
export async function bindProvedAccount(
  confirming: Confirming,
  from: Verification,
  { sealed, by }: { readonly sealed: Sealed; readonly by: string },
): Promise<Verification | 'overtaken'> {
  const at = confirming.clock();
  const { bindingId, writes } = await bindingOf(confirming, from, { sealed, at });
  const to = changedBy(from, { event: 'match', at, by }, { bindingId });
  const proof = {
    verificationId: from.id,
    companyName: from.masked['companyName'] ?? '',
    verifiedAt: at.toISOString(),
  };
  return changeVerification(confirming, { from, to }, [
    ...writes,
    proveInstitutionWrite(confirming, from.institutionId, proof),
  ]);
}

async function bindingOf(
  confirming: Confirming,
  { id: verificationId, institutionId, accountId }: Verification,
  { sealed, at }: { readonly sealed: Sealed; readonly at: Date },
): Promise<{ readonly bindingId: BindingId; readonly writes: readonly Write[] }> {
  if (accountId === undefined) throw new Error(`${verificationId} is an enterprise's and names no account`);
  const account = accountSchema.parse(await confirming.unseal(sealed, { kind: 'verification', id: verificationId }));
  const cardHash = await confirming.recognise('card', accountId, account.number);
  const present = await findBindingOfCard(confirming, cardHash);
  if (present) return { bindingId: present.id, writes: [] };
  const id = idFrom('bind', verificationId);
  const binding: Binding = {
    id,
    kind: 'corporate_account',
    institutionId,
    accountId,
    status: 'pending',
    cardMasked: maskAccountNumber(account.number),
    cardHash,
    bank: account.bank,
    agreements: {},
    codes: {},
    createdAt: at.toISOString(),
    version: 1,
  };
  const resealed = await confirming.seal({ ...account }, { kind: 'card-binding', id });
  return { bindingId: id, writes: addBindingWrites(confirming, binding, resealed) };
}

/** Asks the channels for what is still missing. Their refusal or silence shows on the binding and undoes no proof. */
export async function signProvedAccount(confirming: Confirming, proved: Verification): Promise<Verification> {
  const { bindingId: id, institutionId } = proved;
  const binding = id && (await findBinding(confirming, id));
  if (binding?.status !== 'pending') return proved;
  const signed = await addAgreements(confirming, { institutionId, id: binding.id });
  if (isRefusal(signed) && signed.refused === 'not_found') throw new Error(`${id} is gone`);
  return proved;
}
