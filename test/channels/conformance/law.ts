/** A law of the contract, as a plain function: jest runs it by `describe-adapter.ts`, and a broken adapter must fail it. */
import type { ChannelAdapter, OrderKind } from '../../../functions/channels/index.ts';
import type { Ability, World } from './world.ts';

export interface Law {
  readonly name: string;
  /** it is left out where the world lacks one of these */
  readonly needs: readonly Ability[];
  /** @param adapter the world's own, watched: each of its answers has been checked by itself */
  readonly check: (world: World, adapter: ChannelAdapter) => Promise<void>;
}

export const kinds: readonly OrderKind[] = ['collection', 'payout', 'refund'];

/** One law for each kind of order. */
export const forEachKind = (lawOf: (kind: OrderKind) => Law): Law[] => kinds.map(lawOf);
