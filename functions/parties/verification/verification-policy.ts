/** How long facts stay proved, and how much patience there is with a channel and with whoever tells an amount back. */
import type { FactorsKind } from './verification.ts';

export interface VerificationPolicy {
  /**
   * For so many days the same facts are not asked about again. A name and an identity number belong together for good,
   * a card or a telephone changes hands. Failures are never remembered: a typing mistake is put right at once.
   */
  readonly rememberedDays: Readonly<Record<FactorsKind, number>>;
  /** after so long an order that the channel says it never had is given up */
  readonly givenUpAfterMinutes: number;
  /** after which the amount of an enterprise verification is not taken any more */
  readonly confirmationHours: number;
  readonly confirmationTries: number;
}

export const verificationPolicy: VerificationPolicy = {
  rememberedDays: { two_factor: 365, three_factor: 90, four_factor: 90 },
  givenUpAfterMinutes: 10,
  confirmationHours: 72,
  confirmationTries: 3,
};
