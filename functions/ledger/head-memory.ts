/**
 * What a process remembers of the ends of chains. Nothing rests on it being true: an entry is written only where no
 * other stands, so a stale memory costs one lost round and never a wrong balance. It saves the read of a chain that the
 * same process has just written or read, and keeps each process on a slot of its own: writers that meet on a slot part,
 * so that with more slots than writers they soon meet no more.
 */
import type { Clock } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';
import { type Chain, chainName, type Entry } from './entry.ts';

export interface HeadMemory {
  /** the last entry of a chain as this process saw it, unless that is too long ago */
  readonly recall: (chain: Chain) => Entry | undefined;
  readonly keep: (head: Entry) => void;
  /** the slot that this process writes to, while it wins there */
  readonly slotOf: (accountId: AccountId) => number | undefined;
  /** forgets a chain on which another writer was faster, and with it the slot */
  readonly lose: (chain: Chain) => void;
}

/** Long enough for a channel to answer between two looks at an account; a busy slot is written again much sooner. */
const maximumAgeMs = 2_000;

/** The oldest are forgotten: a process that opens or pays for many members goes through many chains. */
const maximumChains = 1_000;

export function headMemory(clock: Clock): HeadMemory {
  const heads = new Map<string, { readonly head: Entry; readonly seenAt: number }>();
  const slots = new Map<AccountId, number>();
  return {
    recall: (chain) => {
      const seen = heads.get(chainName(chain));
      return seen && clock().getTime() - seen.seenAt <= maximumAgeMs ? seen.head : undefined;
    },
    keep: (head) => {
      const name = chainName(head);
      heads.delete(name);
      heads.set(name, { head, seenAt: clock().getTime() });
      if (head.terms.slots > 1) slots.set(head.accountId, head.slot);
      const [oldest] = heads.keys();
      if (heads.size > maximumChains && oldest !== undefined) heads.delete(oldest);
    },
    slotOf: (accountId) => slots.get(accountId),
    lose: (chain) => {
      heads.delete(chainName(chain));
      slots.delete(chain.accountId);
    },
  };
}
