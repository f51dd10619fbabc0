/** Follows chains as their entries come past, one chain after another, holding no more than the last link of one. */
import * as z from 'zod';
import type { AccountId } from '../../kernel/ids.ts';
import { chainName, type Entry } from '../entry.ts';
import { checkNext } from './audit-chain.ts';
import type { Fact, SlotFact } from './audit-facts.ts';

/** What must be known of a chain to go on with it elsewhere, besides its last entry, which the table still has. */
export const chainProgressSchema = z.object({
  accountId: z.string().transform((id) => id as AccountId),
  slot: z.int(),
  seq: z.int(),
});

export type ChainProgress = z.output<typeof chainProgressSchema>;

export class ChainFollower {
  private last: Entry | undefined;

  /** @param last of a chain that another process has begun */
  constructor(last?: Entry) {
    this.last = last;
  }

  /**
   * @param checked false where nothing is to be found: the entry is only the next one then
   * @returns what is wrong with the step to the entry, and with the chain before it the end of that
   */
  *take(entry: Entry, checked: boolean): Generator<Fact, void> {
    const follows = this.last !== undefined && chainName(this.last) === chainName(entry);
    if (!follows) yield* this.end();
    const previous = follows ? this.last : undefined;
    this.last = entry;
    if (!checked) return;
    for (const finding of checkNext(previous, entry)) yield { fact: 'finding', finding };
  }

  /** The chain has come to its end. */
  *end(): Generator<SlotFact, void> {
    const { last } = this;
    this.last = undefined;
    if (!last) return;
    const { accountId, slot, account, terms, after } = last;
    const { status, floor, slots } = terms;
    yield { fact: 'slot', accountId, slot, account, status, floor, slots, after };
  }

  progress(): ChainProgress | undefined {
    if (!this.last) return undefined;
    const { accountId, slot, seq } = this.last;
    return { accountId, slot, seq };
  }
}
