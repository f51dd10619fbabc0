import { auditLedger } from '../../functions/ledger/index.ts';
import { checkPayments } from '../../functions/payments/postings-check.ts';
import type { Tables } from './payment-world.ts';

/** What the audit finds wrong with the ledger by itself, and against the payments. */
export async function findingsIn({ client, names }: Tables) {
  const table = (context: 'ledger' | 'payments') => ({ client, name: names[context] });
  const { findings, counts } = await auditLedger(table('ledger'), [checkPayments({ table: table('payments') })]);
  if (counts.entries === 0) throw new Error('there was nothing to audit');
  return findings;
}
