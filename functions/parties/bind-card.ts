/** A card is bound when at least one channel agrees to it; from then on everybody speaks of its binding id only. */
import type { Card, Channels } from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { type AccountId, type InstitutionId, idOfOperation } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { CommitWrites } from '../kernel/write.ts';
import {
  activateBindingWrite,
  addBindingWrites,
  type Binding,
  endBindingWrites,
  findBinding,
  findBindingOfCard,
} from './binding-store.ts';
import { maskCard } from './masking.ts';
import { findMember } from './member-store.ts';
import type { Parties } from './parties.ts';
import type { RecogniseCard, Seal } from './personal-data.ts';
import { type Signatory, signAgreements, signatoriesOf } from './sign-agreements.ts';
import { bindingTransitions } from './states.ts';

export interface CardBinding extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly channels: Channels;
  readonly seal: Seal;
  readonly recogniseCard: RecogniseCard;
}

export type BindRefusal =
  | 'not_found'
  | 'no_merchant'
  | 'idempotency_mismatch'
  | 'card_already_bound'
  | 'card_refused'
  | 'channel_unavailable';

export interface BindCommand {
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly card: Card;
  readonly operationId: string;
}

/**
 * Laws in this order: the member is the institution's own, it holds a merchant number, the card is not bound to the
 * member. Stored as pending before any channel is called. Where no channel agreed and one was silent it stays pending,
 * and the next request for the same card and member takes it up under the same request numbers.
 */
export async function bindCard(binding: CardBinding, command: BindCommand): Promise<Binding | Refusal<BindRefusal>> {
  const { institutionId, accountId, card } = command;
  const member = await findMember(binding, accountId);
  if (member?.institutionId !== institutionId) return refuse('not_found', 'There is no such member account.');
  const signatories = await signatoriesOf(binding.channels, institutionId);
  if (signatories.length === 0) {
    return refuse(
      'no_merchant',
      'The institution holds no merchant number yet: POST /v1/settlement-accounts registers one.',
    );
  }
  const cardHash = await binding.recogniseCard({ accountId, number: card.number });
  const found = await storedBinding(binding, command, cardHash);
  if (isRefusal(found)) return found;
  return found.status === 'pending' ? settle(binding, { found, signatories, command }) : answerOfEnded(found);
}

/** The operation's own binding, whoever stored it, or a pending one of the same card that it takes up. */
async function storedBinding(
  binding: CardBinding,
  command: BindCommand,
  cardHash: string,
): Promise<Binding | Refusal<'idempotency_mismatch' | 'card_already_bound'>> {
  const { institutionId, accountId, card, operationId } = command;
  const id = idOfOperation('bind', operationId);
  const own = await findBinding(binding, id);
  if (own && own.cardHash !== cardHash) {
    return refuse(
      'idempotency_mismatch',
      'This Idempotency-Key was used with another card; a new request needs a new key.',
    );
  }
  if (own) return own;

  const cardMasked = maskCard(card.number);
  const createdAt = binding.clock().toISOString();
  const fresh: Binding = {
    id,
    institutionId,
    accountId,
    status: 'pending',
    cardMasked,
    cardHash,
    agreements: {},
    createdAt,
  };
  const sealed = await binding.seal({ ...card }, { kind: 'card-binding', id });
  const result = await binding.commit(addBindingWrites(binding, fresh, sealed));
  if (result.committed) return fresh;
  const other = await findBindingOfCard(binding, cardHash);
  if (other?.id === id || other?.status === 'pending') return other;
  if (other?.status === 'active') return alreadyBound(other);
  return storedBinding(binding, command, cardHash); // what stood in the way has ended in the meantime
}

/** Asks the channels and writes down what came of it. */
async function settle(
  binding: CardBinding,
  { found, signatories, command }: { found: Binding; signatories: readonly Signatory[]; command: BindCommand },
): Promise<Binding | Refusal<BindRefusal>> {
  const signing = await signAgreements(binding.channels, signatories, { bindingId: found.id, card: command.card });
  const from = 'pending';
  switch (signing.outcome) {
    case 'unknown':
      return refuse(
        'channel_unavailable',
        `${signing.silent.join(', ')} did not answer. Send the request with a new Idempotency-Key: it goes on with ${found.id}.`,
      );
    case 'agreed': {
      const { agreements } = signing;
      const to = bindingTransitions.pending.agree;
      const result = await binding.commit([activateBindingWrite(binding, { id: found.id, from, to, agreements })]);
      return result.committed ? { ...found, status: to, agreements } : settledByAnother(binding, found, command);
    }
    case 'refused': {
      const to = bindingTransitions.pending.refuse;
      const result = await binding.commit(endBindingWrites(binding, found, { from, to }));
      if (!result.committed) return settledByAnother(binding, found, command);
      return refuse('card_refused', `No channel accepts this card (${signing.reasons.join('; ')}).`);
    }
  }
}

/** Two requests for one card ran side by side: the binding is the answer of the one that it belongs to. */
async function settledByAnother(
  binding: CardBinding,
  { id }: Binding,
  { operationId }: BindCommand,
): Promise<Binding | Refusal<BindRefusal>> {
  const now = await findBinding(binding, id);
  if (!now || now.status === 'pending') throw new Error(`${id} is pending and yet can't be settled`);
  const own = id === idOfOperation('bind', operationId);
  return now.status === 'active' && !own ? alreadyBound(now) : answerOfEnded(now);
}

const answerOfEnded = (ended: Binding): Binding | Refusal<'card_refused'> =>
  ended.status === 'refused' ? refuse('card_refused', 'No channel accepts this card.') : ended;

const alreadyBound = ({ id, cardMasked }: Binding) =>
  refuse('card_already_bound', `The card ${cardMasked} is bound to this member already: ${id}.`);
