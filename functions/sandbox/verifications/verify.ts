import type { Money } from '../../kernel/money.ts';
import { outageMet } from '../orders/outage-store.ts';
import type { Sandbox } from '../sandbox.ts';
import {
  cardBehaviour,
  corporateAccountBehaviour,
  type IdentityBehaviour,
  identityBehaviour,
  isOthersMobile,
  licenceBehaviour,
} from '../test-cards.ts';
import {
  findVerdict,
  keepTransfer,
  keepVerdict,
  type Verdict,
  type VerificationReference,
} from './verification-store.ts';

/** 两要素, 三要素, 四要素, 企业 */
export type Facts =
  | {
      readonly factors: 'two' | 'three' | 'four';
      readonly idNumber: string;
      readonly cardNumber?: string | undefined;
      readonly mobile?: string | undefined;
    }
  | {
      readonly factors: 'enterprise';
      readonly account: { readonly number: string; readonly licenceNo: string };
      readonly transfer: Money;
    };

export type VerificationAnswer = Verdict | { readonly outcome: 'processing' };

const heldAnswerMs = 4_000;

/** Whether facts belong together, as their numbers tell. The same request number gives the same verdict. */
export async function verify(
  sandbox: Sandbox,
  { facts, ...reference }: VerificationReference & { readonly facts: Facts },
): Promise<VerificationAnswer> {
  const earlier = await findVerdict(sandbox, reference);
  if (earlier) return earlier;
  const outage = await outageMet({ ...sandbox, now: sandbox.clock() }, reference, reference.requestNo);
  if (outage === 'refuse') return refused('channel_busy', true);
  const behaviour = outage ? 'never_arrived' : behaviourOf(facts);
  const answer = behaviour === 'never_arrived' ? undefined : await judge(sandbox, reference, facts, behaviour);
  if (answer && behaviour !== 'time_out') return answer;
  await sandbox.sleepMs(heldAnswerMs);
  return { outcome: 'processing' };
}

export const queryVerification = async (
  sandbox: Sandbox,
  reference: VerificationReference,
): Promise<Verdict | { readonly outcome: 'not_found' }> =>
  (await findVerdict(sandbox, reference)) ?? { outcome: 'not_found' };

const behaviourOf = (facts: Facts): IdentityBehaviour =>
  facts.factors === 'enterprise' ? licenceBehaviour(facts.account.licenceNo) : identityBehaviour(facts.idNumber);

/** An enterprise that is confirmed gets its small transfer with the verdict. */
async function judge(
  sandbox: Sandbox,
  reference: VerificationReference,
  facts: Facts,
  behaviour: IdentityBehaviour,
): Promise<Verdict> {
  const reason = behaviour === 'mismatch' ? mismatchOf(facts) : wrongNumberIn(facts);
  const verdict = reason === undefined ? ({ outcome: 'succeeded' } as const) : refused(reason);
  const transfer =
    facts.factors === 'enterprise' && verdict.outcome === 'succeeded'
      ? [
          keepTransfer(sandbox, reference, {
            accountNumber: facts.account.number,
            transfer: facts.transfer,
            at: sandbox.clock(),
          }),
        ]
      : [];
  const commit = await sandbox.commit([keepVerdict(sandbox, reference, verdict), ...transfer]);
  return commit.committed ? verdict : ((await findVerdict(sandbox, reference)) ?? verdict);
}

const mismatchOf = ({ factors }: Facts): string =>
  factors === 'enterprise' ? 'enterprise_mismatch' : 'identity_mismatch';

function wrongNumberIn(facts: Facts): string | undefined {
  if (facts.factors === 'enterprise') {
    const account = corporateAccountBehaviour(facts.account.number);
    return account.binding === 'refused' ? account.reason : undefined;
  }
  const card = facts.cardNumber === undefined ? undefined : cardBehaviour(facts.cardNumber);
  if (card?.binding === 'refused') return card.reason;
  return facts.mobile !== undefined && isOthersMobile(facts.mobile) ? 'mobile_mismatch' : undefined;
}

const refused = (reason: string, retryElsewhere = false): Verdict => ({ outcome: 'refused', reason, retryElsewhere });
