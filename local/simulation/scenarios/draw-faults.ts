/** How badly the network and DynamoDB behave in one run. */
import { type Faults, noFaults, roughFaults } from '../misbehaviour.ts';
import type { Dice } from './dice.ts';

const kinds = {
  /** writers still overtake each other, and meet */
  none: 2,
  rough: 5,
  /** processes die, and nothing else happens */
  crashes: 2,
  /** whatever was done is not heard of */
  lost_answers: 2,
};

export function drawFaults(dice: Dice): Faults {
  const sdk = { ...noFaults.sdk, sendsTokens: dice.chance(0.7) };
  const latencyMs = [0.5, dice.pick([2, 20, 80])] as const;
  switch (dice.pickWeighted(kinds)) {
    case 'none':
      return { ...noFaults, latencyMs };
    case 'rough': {
      const strength = dice.pick([0.1, 0.3, 1]);
      const shares = Object.fromEntries(
        Object.entries(roughFaults.shares).map(([fate, share]) => [fate, share * strength]),
      );
      return { ...roughFaults, latencyMs, sdk, shares };
    }
    case 'crashes':
      return { ...noFaults, latencyMs, sdk, shares: { crash_before: 0.015, crash_after: 0.015 } };
    case 'lost_answers':
      return { ...noFaults, latencyMs, sdk, shares: { answer_lost: 0.06, answer_abandoned: 0.02, error_after: 0.04 } };
  }
}
