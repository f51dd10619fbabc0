/** What the channel's own answer speaks for, about a payment that its statement lacks. People decide. */
import type { Difference } from './case.ts';
import { denies } from './channel-answer.ts';
import { checkResolution, type ResolutionKind } from './resolution.ts';

/** A payment that the channel denies has failed; one that it knows is in a file that is still to come. */
export function suggestedResolution(
  difference: Pick<Difference, 'facts' | 'currency' | 'channelAnswer'>,
): ResolutionKind | undefined {
  const { channelAnswer } = difference;
  if (channelAnswer?.status === 'succeeded') return 'await_correction';
  if (!denies(channelAnswer)) return undefined;
  return (['fail_payment', 'debit_account', 'credit_account'] as const).find(
    (kind) => !checkResolution(difference, { kind }),
  );
}
