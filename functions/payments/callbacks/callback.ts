/** What a channel told of its own accord, and what became of it. */
import type { CallbackEvent } from '../../channels/index.ts';
import { type CallbackId, idFrom, type PaymentId } from '../../kernel/ids.ts';

/**
 * `received`: verified, and not all of it has been acted on. `handled`: every event is in the books. `unmatched`: an event
 * belongs to no payment of ours. `contradicting`: an event says the opposite of what the books say. `unreadable`: signed by the
 * channel, in words that we don't know.
 */
export const callbackStates = ['received', 'handled', 'unmatched', 'contradicting', 'unreadable'] as const;

export type CallbackState = (typeof callbackStates)[number];

export interface Callback {
  readonly id: CallbackId;
  readonly channel: string;
  /** the channel's own number of the message; absent where it could not be read */
  readonly messageId?: string;
  readonly state: CallbackState;
  readonly receivedAt: Date;
  /** when it was acted on last */
  readonly changedAt: Date;
  readonly events: readonly CallbackEvent[];
  /** one for each event that was acted on, in their order */
  readonly outcomes: readonly EventOutcome[];
  /** counts the changes, so that each is conditional on the one before */
  readonly version: number;
}

/** What came over the line. */
export interface RawMessage {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

export const eventOutcomes = ['booked', 'known', 'waiting', 'unmatched', 'contradicting'] as const;

/** `booked`: it brought a payment to its end. `known`: the books say so already. `waiting`: perhaps the payment comes yet. */
export interface EventOutcome {
  readonly outcome: (typeof eventOutcomes)[number];
  readonly reason?: EventReason;
  readonly paymentId?: PaymentId;
}

export const eventReasons = [
  'unknown_order',
  'wrong_merchant',
  'wrong_kind',
  'not_ended',
  'statement_at_work',
  'succeeded_here',
  'failed_here',
  'left_behind',
  'amount_mismatch',
  'other_trade_number',
] as const;

/**
 * `unknown_order`: no payment has the number. `wrong_merchant`: it went elsewhere. `wrong_kind`: a payout's number in the word
 * of a collection. `not_ended`: a payout came back whose success nobody has told of.
 * `statement_at_work`: a contradiction becomes a difference when the statement of its day is done. `succeeded_here`, `failed_here`: the
 * books say the opposite. `left_behind`: money moved for an attempt that was left after a refusal. `amount_mismatch`: not the
 * payment's amount. `other_trade_number`: the channel did it under another number, perhaps twice.
 */
export type EventReason = (typeof eventReasons)[number];

/** The same message has the same id, however often it comes. */
export const callbackIdOf = (channel: string, messageId: string): CallbackId => idFrom('cbk', channel, messageId);

/** An event that nothing more is to be done about. */
export const isFinal = ({ outcome }: EventOutcome): boolean => outcome !== 'waiting' && outcome !== 'unmatched';

/** A message stands where the least settled of its events stands. */
export function stateOf(outcomes: readonly EventOutcome[]): Exclude<CallbackState, 'unreadable'> {
  const has = (wanted: EventOutcome['outcome']) => outcomes.some(({ outcome }) => outcome === wanted);
  if (has('waiting')) return 'received';
  if (has('contradicting')) return 'contradicting';
  return has('unmatched') ? 'unmatched' : 'handled';
}

/** As it stands after it was acted on; what still waits is given up for now where nobody looks again. */
export function actedOn(
  callback: Callback,
  outcomes: readonly EventOutcome[],
  { at, isLastLook }: { readonly at: Date; readonly isLastLook: boolean },
): Callback {
  const concluded = outcomes.map((each) =>
    each.outcome === 'waiting' && isLastLook ? ({ ...each, outcome: 'unmatched' } as const) : each,
  );
  return {
    ...callback,
    state: stateOf(concluded),
    outcomes: concluded,
    changedAt: at,
    version: callback.version + 1,
  };
}
