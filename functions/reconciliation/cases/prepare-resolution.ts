/** A resolution as what it books: checked against what stands now, and ready to be committed with whoever decided it. */
import { idFrom, type PostingId } from '../../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import {
  type LedgerRefusal,
  type Leg,
  lookUpAccount,
  type NewPosting,
  openWriteOffWrites,
  settlementCompanions,
} from '../../ledger/index.ts';
import {
  type PreparedRepair,
  paymentIdOfOrder,
  prepareCompletion,
  prepareReturn,
  prepareRevocation,
  type RepairRefusal,
} from '../../payments/index.ts';
import { reversalLegs, reversalPostingId } from '../difference.ts';
import { changeWrite, readDifference } from '../difference-store.ts';
import { type Actor, type Difference, resolveCase } from './case.ts';
import { isUnresolved } from './case-states.ts';
import type { CaseBooks } from './cases.ts';
import type { PreparedChange } from './commit-change.ts';
import { grossAndFeeOf } from './gross-and-fee.ts';
import { checkResolution, type Resolution } from './resolution.ts';
import { type ClearingTarget, clearingLegs, suspenseAccountOf } from './resolution-postings.ts';

export type ResolutionRefusal =
  | LedgerRefusal
  | RepairRefusal
  | 'resolution_not_allowed'
  | 'account_not_payable'
  | 'not_offsetting';

/** What `await_correction` does is no resolution: the case stays open. */
export type ClosingResolution = Exclude<Resolution, { kind: 'await_correction' }>;

export interface Resolving {
  readonly difference: Difference;
  readonly resolution: ClosingResolution;
  readonly actor: Actor;
}

/**
 * 1 or 2 read units. Where nothing was written off yet, it opens the account for that, which stays though the resolution
 * may not come about.
 */
export async function prepareResolution(
  books: CaseBooks,
  { difference, resolution, actor }: Resolving,
): Promise<PreparedChange | Refusal<ResolutionRefusal>> {
  const refused = checkResolution(difference, resolution);
  if (refused) return refused;
  const step = { at: books.clock(), ...actor };
  switch (resolution.kind) {
    case 'complete_payment':
    case 'fail_payment':
    case 'return_payout': {
      const repair = await prepareRepair(books, { difference, resolution, actor });
      if (isRefusal(repair)) return repair;
      const reversals = ownReversal(difference);
      const [reversal] = reversals;
      const resolved = resolveCase(
        difference,
        { resolution, at: step.at },
        { ...step, ...(reversal && { reversalPostingId: reversal.id }) },
      );
      return {
        postings: [...reversals, ...repair.postings],
        writes: (booked) => [
          changeWrite(books.table, difference, resolved),
          ...repair.writes(booked.slice(reversals.length)),
        ],
      };
    }
    case 'offset': {
      const other = await readDifference(books.table, resolution.differenceId);
      const unfit = checkOffset(difference, other);
      if (unfit || !other) return unfit ?? notOffsetting('There is no such difference.');
      const legs = clearingLegs(difference, { accountId: suspenseAccountOf(other), balance: 'available' });
      const posting = resolutionPosting(difference, { resolution, legs, actor });
      const facts = { at: step.at, ...(posting && { postingId: posting.id }) };
      const partner = { ...resolution, differenceId: difference.id };
      return {
        postings: posting ? [posting] : [],
        writes: () => [
          changeWrite(books.table, difference, resolveCase(difference, { resolution, ...facts }, step)),
          changeWrite(books.table, other, resolveCase(other, { resolution: partner, ...facts }, step)),
        ],
      };
    }
    case 'write_off':
    case 'adjust_fee':
    case 'credit_account':
    case 'debit_account': {
      const target = await targetOf(books, difference, resolution);
      if (isRefusal(target)) return target;
      const { moves } = target;
      const posting = resolutionPosting(difference, { resolution, legs: clearingLegs(difference, target), actor });
      const resolved = { resolution, at: step.at, ...(posting && { postingId: posting.id }), ...(moves && { moves }) };
      return {
        postings: posting ? [posting] : [],
        writes: () => [changeWrite(books.table, difference, resolveCase(difference, resolved, step))],
      };
    }
  }
}

/** Of each time that it is resolved. */
const resolutionPostingId = ({ id, openedIn, revision }: Difference): PostingId =>
  idFrom('post', id, `${openedIn}`, 'resolution', `${revision}`);

function resolutionPosting(
  difference: Difference,
  { resolution, legs, actor }: Omit<Resolving, 'difference'> & { readonly legs: readonly Leg[] },
): NewPosting | undefined {
  if (legs.length === 0) return undefined;
  return {
    id: resolutionPostingId(difference),
    type: 'difference_resolution',
    belongsTo: difference.series.date,
    transactionId: difference.id,
    description: `${resolution.kind} of ${difference.facts.type}`,
    ...(actor.by && { by: `operator:${actor.by}` }),
    legs,
  };
}

/** The posting of the difference itself is taken back: the payment's own takes its place. */
function ownReversal({
  id,
  openedIn,
  series,
  facts,
  settlementAccountId,
  currency,
  postingId,
}: Difference): NewPosting[] {
  if (!postingId) return [];
  return [
    {
      id: reversalPostingId(id, openedIn),
      type: 'difference_reversal',
      belongsTo: series.date,
      transactionId: id,
      description: `${facts.type}: the payment is corrected`,
      legs: reversalLegs({ ...facts, settlementAccountId, currency }),
      reverses: postingId,
    },
  ];
}

async function prepareRepair(
  { payments, clock }: CaseBooks,
  { difference: { facts, series }, resolution: { kind }, actor }: Resolving,
): Promise<PreparedRepair | Refusal<RepairRefusal>> {
  const { paymentId, ours, theirs } = facts;
  if (kind === 'return_payout' && theirs) {
    const { ourReference: channelOrderNo, amount, channelReference: channelTradeNo } = theirs;
    const told = { channelTradeNo, returnedAt: clock(), source: 'statement', statementDay: series.date } as const;
    return prepareReturn(payments, { payoutId: paymentIdOfOrder(channelOrderNo), channelOrderNo, amount, ...told });
  }
  if (!paymentId || !ours) return refuse('not_found', 'The difference is of no payment of ours.');
  const repair = { paymentId, channelOrderNo: ours.channelOrderNo };
  if (kind === 'fail_payment') {
    return prepareRevocation(payments, { ...repair, reason: actor.reason ?? 'its channel never carried it out' });
  }
  const channelTradeNo = theirs?.channelReference ?? '';
  return prepareCompletion(payments, { ...repair, channelTradeNo, statementDay: series.date });
}

async function targetOf(
  books: CaseBooks,
  difference: Difference,
  resolution: Extract<Resolution, { kind: 'write_off' | 'adjust_fee' | 'credit_account' | 'debit_account' }>,
): Promise<ClearingTarget | Refusal<ResolutionRefusal>> {
  const { settlementAccountId, institutionId, currency } = difference;
  switch (resolution.kind) {
    case 'adjust_fee':
      return { accountId: settlementAccountId, balance: 'fees' };
    case 'write_off': {
      const accountId = settlementCompanions(settlementAccountId).writeOff;
      if (!institutionId) throw new Error(`a case of ${settlementAccountId} belongs to nobody`);
      if (!(await lookUpAccount(books.ledger, accountId))) {
        const account = { id: settlementAccountId, institutionId, currency, openedAt: books.clock() };
        await books.commit(await openWriteOffWrites(books.ledger, account)); // or somebody else has just opened it
      }
      return { accountId, balance: 'available' };
    }
    case 'credit_account':
    case 'debit_account': {
      const account = await lookUpAccount(books.ledger, resolution.accountId);
      if (!account || account.institutionId !== institutionId) {
        return refuse('account_not_found', `The institution has no account ${resolution.accountId}.`);
      }
      if (account.kind !== 'member' && account.kind !== 'institution') {
        return refuse('account_not_payable', `Account ${account.id} is neither a member's nor an institution's.`);
      }
      if (account.currency !== currency) {
        return refuse('currency_mismatch', `Account ${account.id} is in ${account.currency}, not in ${currency}.`);
      }
      return { accountId: account.id, balance: 'available', moves: grossAndFeeOf(difference) };
    }
  }
}

const notOffsetting = (why: string) => refuse('not_offsetting', why);

/** Two of one settlement account that add up to nothing, both unresolved and decided together. */
export function checkOffset(
  difference: Difference,
  other: Difference | undefined,
): Refusal<'not_offsetting'> | undefined {
  if (!other || other.settlementAccountId !== difference.settlementAccountId) {
    return notOffsetting('The settlement account has no such difference.');
  }
  if (other.id === difference.id) return notOffsetting('A difference does not cancel itself.');
  if (!isUnresolved(other.state) || other.state === 'found') return notOffsetting(`The other one is ${other.state}.`);
  if (other.proposal?.approvalId !== difference.proposal?.approvalId) {
    return notOffsetting('Something else is proposed for the other one.');
  }
  if (other.facts.adjustment + difference.facts.adjustment !== 0n) {
    return notOffsetting('The two do not add up to nothing.');
  }
  return undefined;
}
