/** An institution with funded members over the deployed API. */
import { randomUUID } from 'node:crypto';
import { approvedInstitution, expectStatus, type Institution, numberAt, textAt } from '../support/deployment.ts';

export const yuan = (amount: number) => ({ amount, currency: 'CNY' });
export const newReference = () => `R-${randomUUID()}`;

const goodCard = '6200000000000005';

export async function newMember({ client }: Institution): Promise<string> {
  const opened = await client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  return textAt(expectStatus(opened, 201), 'id');
}

/** A member who has topped up so much, in minor units. */
export async function fundedMember(institution: Institution, amount: number): Promise<string> {
  const accountId = await newMember(institution);
  const { client } = institution;
  const card = { cardNumber: goodCard, holderName: '张小海', idNumber: '999999199001010016', mobile: '13900000000' };
  const bindingId = textAt(expectStatus(await client.post('/v1/card-bindings', { accountId, ...card }), 201), 'id');
  const topUp = { accountId, bindingId, amount: yuan(amount), product: 'withholding', reference: newReference() };
  expectStatus(await client.post('/v1/top-ups', topUp), 201);
  return accountId;
}

/** Available and frozen, in minor units. */
export async function balancesOf({ client }: Institution, accountId: string): Promise<readonly [number, number]> {
  const account = expectStatus(await client.get(`/v1/accounts/${accountId}`), 200);
  return [numberAt(account, 'balances.available.amount'), numberAt(account, 'balances.frozen.amount')];
}

export const newInstitution = (name: string): Promise<Institution> => approvedInstitution(name, ['sandbox-wallet']);
