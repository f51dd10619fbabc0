import { bareId, idFrom } from '../../kernel/ids.ts';
import type { ServedMerchant } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import {
  type CardBehaviour,
  cardBehaviour,
  codeTries,
  corporateAccountBehaviour,
  identityBehaviour,
  licenceBehaviour,
  maskNumber,
  rightCode,
} from '../test-cards.ts';
import { type Agreement, answerCode, findAgreement, keepAgreement } from './agreement-store.ts';
import { outageMet } from './outage-store.ts';

export interface AgreeCommand extends ServedMerchant {
  readonly requestNo: string;
  readonly card?: { readonly number: string; readonly idNumber: string; readonly mobile: string } | undefined;
  readonly corporateAccount?: { readonly number: string; readonly licenceNo: string } | undefined;
}

export type AgreementAnswer =
  | { readonly outcome: 'succeeded'; readonly agreementNo: string }
  | { readonly outcome: 'code_sent' }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'processing' };

const heldAnswerMs = 4_000;

/** Agrees with a holder; the same request number gives the same agreement. Of the number, a masked one is kept. */
export async function makeAgreement(sandbox: Sandbox, command: AgreeCommand): Promise<AgreementAnswer> {
  const { channel, merchantNo, requestNo, card, corporateAccount } = command;
  const outage = await outageMet({ ...sandbox, now: sandbox.clock() }, command, requestNo);
  if (outage === 'refuse') return refuse('channel_busy');
  if (outage) return unheard(sandbox);
  const holder = card ? holderOfCard(card) : corporateAccount ? holderOfAccount(corporateAccount) : undefined;
  if (!holder) return refuse('nothing_to_agree_on');
  const { behaviour } = holder;
  if (behaviour.binding === 'refused') return refuse(behaviour.reason);
  if (behaviour.binding === 'time_out') return unheard(sandbox);
  if (holder.mismatch) return refuse('identity_mismatch');
  const agreement = await keepAgreement(sandbox, {
    channel,
    merchantNo,
    agreementNo: agreementNumber(command, requestNo),
    of: card ? 'card' : 'corporate_account',
    masked: holder.masked,
    orders: behaviour.orders,
    state: behaviour.binding === 'agreed' ? 'agreed' : 'awaiting_code',
    codeTriesLeft: codeTries,
  });
  return answerTo(agreement);
}

/** Takes the holder's code. A wrong one is refused, and the agreement with it when no try is left. */
export async function confirmAgreement(
  sandbox: Sandbox,
  { requestNo, code, ...merchant }: ServedMerchant & { readonly requestNo: string; readonly code: string },
): Promise<AgreementAnswer> {
  const agreement = await findAgreement(sandbox, agreementNumber(merchant, requestNo));
  if (!agreement) return refuse('binding_unknown');
  if (agreement.state !== 'awaiting_code') return answerTo(agreement);
  const codeTriesLeft = code === rightCode ? agreement.codeTriesLeft : agreement.codeTriesLeft - 1;
  const state = code === rightCode ? 'agreed' : codeTriesLeft > 0 ? 'awaiting_code' : 'refused';
  if (!(await answerCode(sandbox, agreement, { state, codeTriesLeft }))) {
    return confirmAgreement(sandbox, { ...merchant, requestNo, code });
  }
  return state === 'awaiting_code' ? refuse('wrong_code') : answerTo({ ...agreement, state });
}

const agreementNumber = ({ channel, merchantNo }: ServedMerchant, requestNo: string): string =>
  bareId(idFrom('agreement', channel, merchantNo, requestNo));

interface Holder {
  readonly behaviour: CardBehaviour;
  readonly masked: string;
  readonly mismatch: boolean;
}

const holderOfCard = ({ number, idNumber }: { number: string; idNumber: string }): Holder => ({
  behaviour: cardBehaviour(number),
  masked: maskNumber(number),
  mismatch: identityBehaviour(idNumber) === 'mismatch',
});

const holderOfAccount = ({ number, licenceNo }: { number: string; licenceNo: string }): Holder => ({
  behaviour: corporateAccountBehaviour(number),
  masked: maskNumber(number),
  mismatch: licenceBehaviour(licenceNo) === 'mismatch',
});

function answerTo({ state, agreementNo }: Agreement): AgreementAnswer {
  if (state === 'agreed') return { outcome: 'succeeded', agreementNo };
  return state === 'awaiting_code' ? { outcome: 'code_sent' } : refuse('code_tries_used_up');
}

const refuse = (reason: string): AgreementAnswer => ({ outcome: 'refused', reason });

async function unheard({ sleepMs }: Sandbox): Promise<AgreementAnswer> {
  await sleepMs(heldAnswerMs);
  return { outcome: 'processing' };
}
