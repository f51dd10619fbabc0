/** What can be done about a difference, and about which types of it. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { DifferenceType } from '../difference-types.ts';
import { type DifferenceInCurrency, grossAndFeeOf } from './gross-and-fee.ts';

export const resolutionKinds = [
  'write_off',
  'adjust_fee',
  'credit_account',
  'debit_account',
  'complete_payment',
  'fail_payment',
  'return_payout',
  'offset',
  'await_correction',
] as const;

export type ResolutionKind = (typeof resolutionKinds)[number];

/** How long a corrected file may be waited for: three months. */
const longestWaitHours = 24 * 92;

export const resolutionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('write_off').meta({ description: '核销: a gain or loss of the institution' }) }),
  z.strictObject({ kind: z.literal('adjust_fee').meta({ description: 'what was charged is the fee, after all' }) }),
  z.strictObject({
    kind: z.literal('credit_account').meta({ description: 'the money is that account’s' }),
    accountId: idSchema('acct'),
  }),
  z.strictObject({
    kind: z.literal('debit_account').meta({ description: 'that account owes the money' }),
    accountId: idSchema('acct'),
  }),
  z.strictObject({ kind: z.literal('complete_payment').meta({ description: 'the payment succeeded, after all' }) }),
  z.strictObject({ kind: z.literal('fail_payment').meta({ description: 'the payment never happened' }) }),
  z.strictObject({
    kind: z.literal('return_payout').meta({ description: '退票: the payout came back, and its account is credited' }),
  }),
  z.strictObject({
    kind: z.literal('offset').meta({ description: 'another one of the settlement account cancels it' }),
    differenceId: idSchema('diff'),
  }),
  z.strictObject({
    kind: z.literal('await_correction').meta({ description: 'a corrected file is to come; nothing is posted' }),
    hours: z.int().min(1).max(longestWaitHours).meta({ description: 'from now on it is due then', example: 48 }),
  }),
]);

export type Resolution = z.infer<typeof resolutionSchema>;

const byPosting = ['write_off', 'credit_account', 'debit_account', 'offset', 'await_correction'] as const;

/** The types of difference, and what each may be resolved by. */
export const allowedResolutions: Readonly<Record<DifferenceType, readonly ResolutionKind[]>> = {
  missing_in_books: byPosting,
  missing_at_channel: [...byPosting, 'fail_payment'],
  amount_mismatch: byPosting,
  fee_mismatch: ['write_off', 'adjust_fee', 'offset', 'await_correction'],
  status_mismatch: [...byPosting, 'complete_payment', 'fail_payment'],
  duplicate: byPosting,
  returned: [...byPosting, 'return_payout'],
};

/** These change a payment and are never taken back: a statement that says otherwise opens a difference of its own. */
export const isRepair = ({ kind }: Pick<Resolution, 'kind'>): boolean =>
  kind === 'complete_payment' || kind === 'fail_payment' || kind === 'return_payout';

/**
 * The laws that the difference's facts alone decide: its type allows the resolution; an account is credited with what the
 * channel took in too much, its fee included, and debited with what it took in too little; what moves nothing is
 * acknowledged or waited for.
 */
export function checkResolution(
  difference: DifferenceInCurrency,
  { kind }: Pick<Resolution, 'kind'>,
): Refusal<'resolution_not_allowed'> | undefined {
  const { type, kind: order, adjustment, ours, theirs, paymentId } = difference.facts;
  const no = (why: string) => refuse('resolution_not_allowed', why);
  if (!allowedResolutions[type].includes(kind)) return no(`A ${type} is not resolved by ${kind}.`);
  switch (kind) {
    case 'credit_account':
      return grossAndFeeOf(difference).gross > 0n
        ? undefined
        : no('The channel has less than the books, not more: there is none to credit.');
    case 'debit_account':
      return grossAndFeeOf(difference).gross < 0n
        ? undefined
        : no('The channel has more than the books, not less: there is none to debit.');
    case 'complete_payment':
      return paymentId && ours?.status === 'failed' && theirs?.status === 'succeeded'
        ? undefined
        : no('Only a payment that failed here and succeeded at the channel is completed.');
    case 'fail_payment':
      if (order === 'payout_return') {
        return no('A return is not failed: debit_account takes what came back from the account again.');
      }
      return paymentId && ours?.status === 'succeeded' && theirs?.status !== 'succeeded'
        ? undefined
        : no('Only a payment that succeeded here and not at the channel is failed.');
    case 'return_payout':
      return order === 'payout_return' && theirs?.status === 'succeeded' && theirs.ourReference !== ''
        ? undefined
        : no('Only a return that names its payout is booked as one: credit_account gives the money to an account.');
    case 'adjust_fee':
    case 'offset':
      return adjustment === 0n ? no('It moves nothing that could be posted.') : undefined;
    case 'write_off':
    case 'await_correction':
      return undefined;
  }
}

/** What its facts allow; what an account or a payment has come to since is looked at when it is proposed. */
export const offeredResolutions = (difference: DifferenceInCurrency): readonly ResolutionKind[] =>
  resolutionKinds.filter((kind) => !checkResolution(difference, { kind }));
