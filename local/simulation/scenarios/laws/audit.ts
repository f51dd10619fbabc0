/** Rule 3: chains, hashes, balances, sums, holds and reversals, by the audit itself, and payments against the books. */
import { auditLedger } from '../../../../functions/ledger/index.ts';
import { checkPayments } from '../../../../functions/payments/index.ts';
import type { Evidence } from './evidence.ts';

export async function* auditIsClean({ payments }: Evidence): AsyncGenerator<string> {
  const { findings } = await auditLedger(payments.ledger.table, [checkPayments(payments)]);
  for (const { code, accountId, slot, seq, postingId, transactionId, detail } of findings) {
    const place = [accountId, slot, seq, postingId, transactionId].filter((part) => part !== undefined).join(' ');
    yield `the audit finds ${code} (${place}): ${detail}`;
  }
}
