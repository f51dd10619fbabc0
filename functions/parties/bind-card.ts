/** A card is bound when at least one channel agrees to it; from then on everybody speaks of its binding id only. */
import type { Card, CardBin, Channels } from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import { type AccountId, type InstitutionId, idOfOperation } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import type { CommitWrites } from '../kernel/write.ts';
import type { Ledger } from '../ledger/index.ts';
import { type Binding, isExpired, minutesAfter, openCodes, silentHours } from './binding.ts';
import { addBindingWrites, findBinding, findBindingOfCard } from './binding-store.ts';
import { changeBinding, currentBinding } from './change-binding.ts';
import { expireBinding } from './expire-binding.ts';
import { maskCard } from './masking.ts';
import { findOpenMember, type MemberRefusal } from './open-member.ts';
import type { Parties } from './parties.ts';
import type { Recognise, Seal } from './personal-data.ts';
import { bindingSigned } from './settle-signing.ts';
import { type Signatory, signAgreements, signatoriesOf } from './sign-agreements.ts';

/** To ask channels about a binding. */
export interface Signing extends Parties {
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly channels: Channels;
}

export interface CardBinding extends Signing {
  readonly ledger: Pick<Ledger, 'table'>;
  readonly seal: Seal;
  readonly recognise: Recognise;
  readonly bankOfCard: (cardNumber: string) => Promise<Pick<CardBin, 'bank' | 'cardType'> | undefined>;
}

export type BindRefusal =
  | MemberRefusal
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
 * Laws in this order: the member is the institution's own and its account open, it holds a merchant number, the card is
 * not bound to the member. Stored as pending before any channel is called. Where a channel sends the holder a code and
 * none agrees at once, it stays pending and waits for the code. Where no channel said anything it stays pending too, and
 * the next request for the same card and member takes it up under the same request numbers.
 */
export async function bindCard(binding: CardBinding, command: BindCommand): Promise<Binding | Refusal<BindRefusal>> {
  const { institutionId, accountId, card } = command;
  const member = await findOpenMember(binding, { institutionId, accountId });
  if (isRefusal(member)) return member;
  const signatories = await signatoriesOf(binding.channels, institutionId);
  if (signatories.length === 0) {
    return refuse(
      'no_merchant',
      'The institution holds no merchant number yet: POST /v1/settlement-accounts registers one.',
    );
  }
  const cardHash = await binding.recognise('card', accountId, card.number);
  const found = await storedBinding(binding, command, cardHash);
  if (isRefusal(found)) return found;
  const answered = openCodes(found, binding.clock()).length > 0 && isOwn(found, command);
  return found.status === 'pending' && !answered
    ? settle(binding, { found, signatories, command })
    : answerOfSettled(found);
}

const isOwn = ({ id }: Binding, { operationId }: BindCommand): boolean => id === idOfOperation('bind', operationId);

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

  const now = binding.clock();
  const fresh: Binding = {
    id,
    kind: 'card',
    institutionId,
    accountId,
    status: 'pending',
    cardMasked: maskCard(card.number),
    cardHash,
    ...(await binding.bankOfCard(card.number)),
    agreements: {},
    codes: {},
    createdAt: now.toISOString(),
    expiresAt: minutesAfter(now, silentHours * 60),
    version: 1,
  };
  const sealed = await binding.seal({ ...card }, { kind: 'card-binding', id });
  const result = await binding.commit(addBindingWrites(binding, fresh, sealed));
  if (result.committed) return fresh;
  const other = await findBindingOfCard(binding, cardHash);
  if (other?.id === id) return other;
  if (other && isExpired(other, now)) await expireBinding(binding, other);
  else if (other?.status === 'pending') return other;
  else if (other?.status === 'active') return alreadyBound(other);
  return storedBinding(binding, command, cardHash); // what stood in the way has ended in the meantime
}

/** Asks the channels and writes down what came of it. */
async function settle(
  binding: CardBinding,
  {
    found,
    signatories,
    command,
  }: { readonly found: Binding; readonly signatories: readonly Signatory[]; readonly command: BindCommand },
): Promise<Binding | Refusal<BindRefusal>> {
  const request = { bindingId: found.id, bound: { card: command.card } };
  const signing = await signAgreements(binding.channels, signatories, request);
  const to = bindingSigned(found, signing, binding.clock());
  if (!to) {
    if (openCodes(found, binding.clock()).length > 0) return found;
    return refuse(
      'channel_unavailable',
      `${signing.silent.join(', ')} did not answer. Send the request with a new Idempotency-Key: it goes on with ${found.id}.`,
    );
  }
  const changed = await changeBinding(binding, found, to);
  if (changed === 'overtaken') return settledByAnother(binding, found, command);
  if (changed.status !== 'refused') return changed;
  return refuse('card_refused', `No channel accepts this card (${signing.reasons.join('; ')}).`);
}

/** Two requests for one card ran side by side: the binding is the answer of the one that it belongs to. */
async function settledByAnother(
  binding: CardBinding,
  found: Binding,
  command: BindCommand,
): Promise<Binding | Refusal<BindRefusal>> {
  const now = await currentBinding(binding, found);
  return now.status === 'active' && !isOwn(now, command) ? alreadyBound(now) : answerOfSettled(now);
}

const answerOfSettled = (settled: Binding): Binding | Refusal<'card_refused'> =>
  settled.status === 'refused' ? refuse('card_refused', 'No channel accepts this card.') : settled;

const alreadyBound = ({ id, cardMasked }: Binding) =>
  refuse('card_already_bound', `The card ${cardMasked} is bound to this member already: ${id}.`);
