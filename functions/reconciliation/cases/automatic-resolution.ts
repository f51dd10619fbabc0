/** What a policy resolves without a person. */
import type { ReconciliationPolicy } from '../../channels/index.ts';
import type { Difference } from './case.ts';
import { denies } from './channel-answer.ts';
import type { DifferenceInCurrency } from './gross-and-fee.ts';
import { checkResolution, type Resolution } from './resolution.ts';

type AutomaticResolution = Extract<Resolution, { kind: ReconciliationPolicy['automatic'][number]['resolution'] }>;

/**
 * A mismatch within tolerance, else the first rule for its type and amount; undefined: a case for people. A payment that the
 * statement lacks is failed only where the channel says that it never carried it out.
 */
export function automaticResolution(
  difference: DifferenceInCurrency & Pick<Difference, 'channelAnswer'>,
  { tolerance, automatic }: Pick<ReconciliationPolicy, 'tolerance' | 'automatic'>,
): AutomaticResolution | undefined {
  const { facts } = difference;
  const amount = facts.adjustment < 0n ? -facts.adjustment : facts.adjustment;
  // what moves nothing has no amount that could be small
  if (amount === 0n) return undefined;
  if (facts.type === 'fee_mismatch' && amount <= tolerance.fee) return { kind: 'adjust_fee' };
  if (facts.type === 'amount_mismatch' && amount <= tolerance.amount) return { kind: 'write_off' };
  const rule = automatic.find(
    ({ types, upTo, resolution }) =>
      (types as readonly string[]).includes(facts.type) &&
      amount <= upTo &&
      (resolution !== 'fail_payment' || facts.type !== 'missing_at_channel' || denies(difference.channelAnswer)) &&
      !checkResolution(difference, { kind: resolution }),
  );
  return rule && { kind: rule.resolution };
}
