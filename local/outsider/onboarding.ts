/** The way of an institution into the center: proposed by one operator, approved by another, given credentials and merchants. */
import { type ApiClient, expectStatus } from './api-client.ts';
import type { Center } from './center.ts';
import { textAt } from './json.ts';

export interface Merchant {
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: string;
}

export interface Institution {
  readonly id: string;
  readonly name: string;
  readonly client: ApiClient;
  readonly credentials: { readonly clientId: string; readonly clientSecret: string };
  /** in the order in which routing tries them */
  readonly merchants: readonly Merchant[];
}

/** @throws Error with the center's answer at the first step that it refuses. */
export async function openInstitution(
  center: Center,
  request: { readonly name: string; readonly merchants: readonly Omit<Merchant, 'settlementAccountId'>[] },
): Promise<Institution> {
  const proposed = expectStatus(await center.operator.post('/v1/institutions', { name: request.name }), 202);
  const id = textAt(proposed, 'id');
  await approve(center, textAt(proposed, 'approvalId'));
  const made = expectStatus(await center.operator.post(`/v1/institutions/${id}/clients`, {}), 201);
  const credentials = { clientId: textAt(made, 'clientId'), clientSecret: textAt(made, 'clientSecret') };
  const merchants: Merchant[] = [];
  for (const [index, { channel, merchantNo }] of request.merchants.entries()) {
    const body = { institutionId: id, channel, merchantNo, currency: 'CNY', priority: index + 1 };
    const account = expectStatus(await center.operator.post('/v1/settlement-accounts', body), 201);
    merchants.push({ channel, merchantNo, settlementAccountId: textAt(account, 'id') });
  }
  return { id, name: request.name, client: center.clientWith(credentials), credentials, merchants };
}

/** Approves as the other operator: nobody approves what they proposed. */
export async function approve(center: Center, approvalId: string): Promise<void> {
  expectStatus(await center.approver.post(`/v1/approvals/${approvalId}/approve`), 200);
}
