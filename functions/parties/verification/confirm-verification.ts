/** The business tells back the small amount that the channel transferred: whoever can is who keeps the account. */
import { timingSafeEqual } from 'node:crypto';
import type { InstitutionId, VerificationId } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Sealed } from '../personal-data.ts';
import { bindProvedAccount, signProvedAccount } from './bind-proved-account.ts';
import { changeVerification } from './change-verification.ts';
import { isOver, resolveVerification } from './resolve-verification.ts';
import { changedBy, type Verification } from './verification.ts';
import { findSealedVerification } from './verification-store.ts';
import type { Confirming } from './verifying.ts';

export interface ConfirmAmount {
  readonly institutionId: InstitutionId;
  readonly id: VerificationId;
  readonly amount: Money;
  readonly operationId: string;
}

export type ConfirmAmountRefusal =
  | 'not_found'
  | 'not_awaiting_confirmation'
  | 'verification_expired'
  | 'currency_mismatch'
  | 'wrong_amount'
  | 'verification_failed';

/**
 * Laws, in this order: the verification is the institution's own; it waits for its amount; its time is not over; the amount
 * is in the currency of the transfer. A wrong amount is counted before it is answered, and the last one ends it. The right one makes, in one transaction, the proof on
 * the institution and a binding of the corporate account; then the channels are asked for their agreements, and where one
 * says nothing the binding stays pending until somebody asks for them again.
 */
export async function confirmVerification(
  confirming: Confirming,
  command: ConfirmAmount,
): Promise<Verification | Refusal<ConfirmAmountRefusal>> {
  for (;;) {
    const found = await findSealedVerification(confirming, command.id);
    if (!found || found.verification.institutionId !== command.institutionId) {
      return refuse('not_found', 'There is no such verification.');
    }
    const answer = await confirm(confirming, found, command);
    if (answer !== 'overtaken') return answer;
  }
}

async function confirm(
  confirming: Confirming,
  { verification, sealed }: { readonly verification: Verification; readonly sealed: Sealed | undefined },
  command: ConfirmAmount,
): Promise<Verification | Refusal<ConfirmAmountRefusal> | 'overtaken'> {
  const { operationId } = command;
  const earlier = verification.history.find(({ by }) => by === operationId);
  if (earlier) return answerAgain(confirming, verification, earlier.event);
  const at = confirming.clock();
  if (verification.status !== 'awaiting_confirmation' || !sealed) {
    return refuse('not_awaiting_confirmation', `The verification is ${verification.status} and takes no amount.`);
  }
  if (isOver(verification, at)) {
    await resolveVerification(confirming, verification);
    return refuse('verification_expired', `The amount could be told back until ${verification.expiresAt}.`);
  }
  const { currency } = verification.cost;
  if (command.amount.currency !== currency) {
    return refuse('currency_mismatch', `The amount was transferred in ${currency}.`);
  }
  if (await isRight(confirming, verification, command)) {
    const proved = await bindProvedAccount(confirming, verification, { sealed, by: operationId });
    return proved === 'overtaken' ? proved : signProvedAccount(confirming, proved);
  }
  const wrongAmounts = verification.wrongAmounts + 1;
  const exhausted = wrongAmounts >= confirming.policy.confirmationTries;
  const to = exhausted
    ? changedBy(
        verification,
        { event: 'exhaust', at, by: operationId },
        { wrongAmounts, failure: { code: 'wrong_amount', reason: 'too many wrong amounts were told back' } },
      )
    : changedBy(verification, { event: 'mismatch', at, by: operationId }, { wrongAmounts });
  const changed = await changeVerification(confirming, { from: verification, to, ...(!exhausted && { sealed }) });
  return changed === 'overtaken' ? changed : refuseWrong(confirming, changed);
}

/** Of a try whose answer was lost. */
function answerAgain(
  confirming: Confirming,
  verification: Verification,
  event: Verification['history'][number]['event'],
): Promise<Verification> | Refusal<ConfirmAmountRefusal> {
  return event === 'match' ? signProvedAccount(confirming, verification) : refuseWrong(confirming, verification);
}

function refuseWrong(
  { policy }: Confirming,
  { status, wrongAmounts }: Verification,
): Refusal<'wrong_amount' | 'verification_failed'> {
  if (status === 'failed') {
    return refuse('verification_failed', 'The amount is wrong, and no more are taken: begin a new verification.');
  }
  const left = policy.confirmationTries - wrongAmounts;
  return refuse('wrong_amount', `The amount is wrong; it can be told back at most ${left} more time(s).`);
}

/** Compared in constant time, and only as keyed hashes. */
async function isRight(
  { recognise }: Confirming,
  { id, amountHash = '' }: Verification,
  { amount }: ConfirmAmount,
): Promise<boolean> {
  const told = Buffer.from(await recognise('amount', id, String(amount.amount), amount.currency));
  const transferred = Buffer.from(amountHash);
  return told.length === transferred.length && timingSafeEqual(told, transferred);
}
