/** Which policy a merchant number's differences are treated by. */
import type { Channels } from '../channels.ts';
import { listEntries } from './configuration-store.ts';
import { defaultPolicy, type ReconciliationPolicy, reconciliationPolicyKind } from './kinds/reconciliation-policy.ts';

/**
 * The most specific one, as a whole: of the merchant number, else of its channel, else for all, else what is built in.
 * One Query of all policies: 1 read unit per 4 KiB, about ten of them.
 */
export async function findReconciliationPolicy(
  { table }: Pick<Channels, 'table'>,
  { channel, merchantNo }: { readonly channel: string; readonly merchantNo: string },
): Promise<ReconciliationPolicy> {
  const stored = await listEntries(table, 'reconciliation-policies', {});
  const policies = stored.map(({ id, value, version }) => ({ ...reconciliationPolicyKind.read(id, value), version }));
  const found =
    policies.find((policy) => policy.channel === channel && policy.merchantNo === merchantNo) ??
    policies.find((policy) => policy.channel === channel && policy.merchantNo === undefined) ??
    policies.find((policy) => policy.channel === '*');
  if (!found) return defaultPolicy;
  const { channel: _, merchantNo: __, ...policy } = found;
  return policy;
}
