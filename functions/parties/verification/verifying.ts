/** What verifications need to do their work. */
import type { Channels } from '../../channels/index.ts';
import type { Clock } from '../../kernel/clock.ts';
import type { CommitWrites } from '../../kernel/write.ts';
import type { Ledger } from '../../ledger/index.ts';
import type { AddingAgreements } from '../add-agreements.ts';
import type { Parties } from '../parties.ts';
import type { Recognise, Seal } from '../personal-data.ts';
import type { VerificationPolicy } from './verification-policy.ts';

/** To bring a verification on that was stored: nothing here sees the facts. */
export interface VerificationBooks extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly channels: Channels;
  readonly policy: VerificationPolicy;
}

export interface Verifying extends VerificationBooks {
  readonly seal: Seal;
  readonly recognise: Recognise;
  /** a whole number from 0 up to, and not including, the bound; nobody can foretell it */
  readonly draw: (bound: number) => number;
}

/** To take an amount back and bind the account that it proves. */
export interface Confirming extends VerificationBooks, AddingAgreements {
  readonly ledger: Ledger;
  readonly seal: Seal;
  readonly recognise: Recognise;
}
