/** A card that every channel has agreed to, for tests, simulations and benchmarks. */
import type { AccountId, BindingId, InstitutionId } from '../../functions/kernel/ids.ts';
import type { Write } from '../../functions/kernel/write.ts';
import type { Agreements, Binding } from '../../functions/parties/binding.ts';
import { addBindingWrites } from '../../functions/parties/binding-store.ts';
import type { Parties } from '../../functions/parties/parties.ts';

/** Nobody here looks at the card behind a binding. */
const nothing = new Uint8Array(1);
const sealedNothing = { keyId: 'none', dataKey: nothing, iv: nothing, tag: nothing, cipherText: nothing };

export const fixedBinding = (facts: {
  readonly id: BindingId;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly createdAt: string;
  readonly merchants: readonly { readonly channel: string; readonly merchantNo: string }[];
}): Binding => {
  const { merchants, ...binding } = facts;
  return {
    ...binding,
    kind: 'card',
    status: 'active',
    cardMasked: '6222********0000',
    cardHash: facts.id,
    agreements: Object.fromEntries(
      merchants.map(({ channel, merchantNo }) => [channel, { merchantNo, agreementNo: `agreed-${channel}` }]),
    ) as Agreements, // keyed by channel
    codes: {},
    version: 1,
  };
};

export const fixedBindingWrites = (parties: Parties, facts: Parameters<typeof fixedBinding>[0]): readonly Write[] =>
  addBindingWrites(parties, fixedBinding(facts), sealedNothing);
