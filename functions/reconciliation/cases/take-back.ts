/** A resolution is taken back: its posting is reversed by one that names it, and what it had resolved is open again. */
import { idFrom } from '../../kernel/ids.ts';
import type { NewPosting } from '../../ledger/index.ts';
import { settlementCompanions } from '../../ledger/index.ts';
import { readDifference } from '../difference-store.ts';
import type { Difference, Resolved } from './case.ts';
import type { CaseBooks } from './cases.ts';
import { type ClearingTarget, clearingLegs, oppositeLegs, suspenseAccountOf } from './resolution-postings.ts';

/** The other one that was resolved together with it. 2 read units, none where it was resolved alone. */
export async function partnerOf(
  { table }: Pick<CaseBooks, 'table'>,
  difference: Difference,
): Promise<Difference | undefined> {
  const { resolution } = difference.resolved ?? {};
  return resolution?.kind === 'offset' ? readDifference(table, resolution.differenceId) : undefined;
}

/** None where the resolution moved nothing. @throws Error for one that changed a payment, which is never taken back */
export function takeBackPostings(difference: Difference, partner: Difference | undefined): readonly NewPosting[] {
  const { id, series, facts, resolved } = difference;
  if (!resolved?.postingId) return [];
  return [
    {
      id: idFrom('post', resolved.postingId, 'reversal'),
      type: 'resolution_reversal',
      belongsTo: series.date,
      transactionId: id,
      description: `${resolved.resolution.kind} of ${facts.type} is taken back`,
      legs: oppositeLegs(clearingLegs(difference, targetOf(difference, resolved, partner))),
      reverses: resolved.postingId,
    },
  ];
}

function targetOf(
  { settlementAccountId }: Difference,
  { resolution, moves }: Resolved,
  partner: Difference | undefined,
): ClearingTarget {
  switch (resolution.kind) {
    case 'write_off':
      return { accountId: settlementCompanions(settlementAccountId).writeOff, balance: 'available' };
    case 'adjust_fee':
      return { accountId: settlementAccountId, balance: 'fees' };
    case 'credit_account':
    case 'debit_account':
      return { accountId: resolution.accountId, balance: 'available', moves };
    case 'offset':
      if (!partner) throw new Error(`the difference ${resolution.differenceId} is gone`);
      return { accountId: suspenseAccountOf(partner), balance: 'available' };
    case 'complete_payment':
    case 'fail_payment':
    case 'return_payout':
    case 'await_correction':
      throw new Error(`${resolution.kind} has no posting of its own`);
  }
}
