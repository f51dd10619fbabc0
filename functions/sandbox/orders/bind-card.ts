import { bareId, idFrom } from '../../kernel/ids.ts';
import type { ServedMerchant } from '../channels-served.ts';
import type { Sandbox } from '../sandbox.ts';
import { cardBehaviour, identityBehaviour, maskCard } from '../test-cards.ts';
import { keepAgreement } from './agreement-store.ts';

export interface BindCommand extends ServedMerchant {
  readonly requestNo: string;
  readonly card: { readonly number: string; readonly idNumber: string };
}

export type BindAnswer =
  | { readonly outcome: 'succeeded'; readonly agreementNo: string }
  | { readonly outcome: 'refused'; readonly reason: string }
  | { readonly outcome: 'processing' };

const heldAnswerMs = 4_000;

/** Agrees with a card holder; the same request number gives the same agreement. Of the card, a masked number is kept. */
export async function bindCard(
  sandbox: Sandbox,
  { channel, merchantNo, requestNo, card }: BindCommand,
): Promise<BindAnswer> {
  const behaviour = cardBehaviour(card.number);
  switch (behaviour.binding) {
    case 'refused':
      return { outcome: 'refused', reason: behaviour.reason };
    case 'time_out':
      await sandbox.sleepMs(heldAnswerMs);
      return { outcome: 'processing' };
    case 'agreed': {
      if (identityBehaviour(card.idNumber) === 'mismatch') return { outcome: 'refused', reason: 'identity_mismatch' };
      const agreementNo = bareId(idFrom('agreement', channel, merchantNo, requestNo));
      const cardMasked = maskCard(card.number);
      await keepAgreement(sandbox, { channel, merchantNo, agreementNo, cardMasked, orders: behaviour.orders });
      return { outcome: 'succeeded', agreementNo };
    }
  }
}

export type VerificationAnswer =
  | { readonly outcome: 'succeeded' | 'processing' }
  | { readonly outcome: 'refused'; readonly reason: string };

/** Whether name and identity number belong together, as the number itself tells. */
export async function verifyIdentity(
  sandbox: Pick<Sandbox, 'sleepMs'>,
  { idNumber }: { readonly idNumber: string },
): Promise<VerificationAnswer> {
  switch (identityBehaviour(idNumber)) {
    case 'confirmed':
      return { outcome: 'succeeded' };
    case 'mismatch':
      return { outcome: 'refused', reason: 'identity_mismatch' };
    case 'time_out':
      await sandbox.sleepMs(heldAnswerMs);
      return { outcome: 'processing' };
  }
}
