/** The facts that are verified: how they are recognised, what is shown of them, and how a channel is told. */
import type { CorporateAccount, VerificationFacts } from '../../channels/index.ts';
import type { InstitutionId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { maskAccountNumber, maskCard, maskIdNumber, maskMobile, maskName } from '../masking.ts';
import type { Recognise } from '../personal-data.ts';
import type { MaskedFacts } from './verification.ts';

interface Person {
  readonly name: string;
  readonly idNumber: string;
}

export type PersonFacts =
  | (Person & { readonly kind: 'two_factor' })
  | (Person & { readonly kind: 'three_factor'; readonly cardNumber: string })
  | (Person & { readonly kind: 'four_factor'; readonly cardNumber: string; readonly mobile: string });

export interface EnterpriseFacts {
  readonly kind: 'enterprise';
  readonly account: CorporateAccount;
}

export type Facts = PersonFacts | EnterpriseFacts;

/** Each institution's own: what another one has proved is not told. */
export const recogniseFacts = (recognise: Recognise, institutionId: InstitutionId, facts: Facts): Promise<string> =>
  recognise('facts', institutionId, facts.kind, ...partsOf(facts));

function partsOf(facts: Facts): readonly string[] {
  switch (facts.kind) {
    case 'two_factor':
      return person(facts);
    case 'three_factor':
      return [...person(facts), facts.cardNumber];
    case 'four_factor':
      return [...person(facts), facts.cardNumber, facts.mobile];
    case 'enterprise': {
      const { companyName, licenceNo, bank, number } = facts.account;
      return [companyName, licenceNo, bank, number];
    }
  }
}

/** An identity number's last place may be an x or an X. */
const person = ({ name, idNumber }: Person): readonly string[] => [name, idNumber.toUpperCase()];

export function maskFacts(facts: Facts): MaskedFacts {
  if (facts.kind === 'enterprise') {
    const { companyName, licenceNo, bank, number } = facts.account;
    return { companyName, licenceNo: maskIdNumber(licenceNo), bank, accountNumber: maskAccountNumber(number) };
  }
  return {
    name: maskName(facts.name),
    idNumber: maskIdNumber(facts.idNumber),
    ...(facts.kind !== 'two_factor' && { cardNumber: maskCard(facts.cardNumber) }),
    ...(facts.kind === 'four_factor' && { mobile: maskMobile(facts.mobile) }),
  };
}

export function personForChannel(facts: PersonFacts): VerificationFacts {
  const { name, idNumber } = facts;
  switch (facts.kind) {
    case 'two_factor':
      return { factors: 'two', name, idNumber };
    case 'three_factor':
      return { factors: 'three', name, idNumber, cardNumber: facts.cardNumber };
    case 'four_factor':
      return { factors: 'four', name, idNumber, cardNumber: facts.cardNumber, mobile: facts.mobile };
  }
}

export const enterpriseForChannel = ({ account }: EnterpriseFacts, transfer: Money): VerificationFacts => ({
  factors: 'enterprise',
  account,
  transfer,
});
