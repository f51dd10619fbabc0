/**
 * What a process remembers of the ends of chains. Nothing rests on it being true: an entry is written only where no
 * other stands, so a stale memory costs one lost round and never a wrong balance. It saves the read of a chain that the
 * same process has just written or read, and keeps each process on a slot of its own: writers that meet on a slot part,
 * so that with more slots than writers they soon meet no more.
 *
 * Where there are more writers than slots, nobody finds a slot as it was left. A process that lost a race therefore reads
 * before it writes, until it has found a slot as it left it: then it is alone there, and goes by its memory again.
 */
import type { Clock } from '../kernel/clock.ts';
import type { AccountId } from '../kernel/ids.ts';
import { type Chain, chainName, type Entry } from './entry.ts';

export interface HeadMemory {
  /** the last entry of a chain as this process saw it, unless that is too long ago or others write there */
  readonly recall: (chain: Chain) => Entry | undefined;
  /** takes down what was found at the end of a chain */
  readonly noteRead: (head: Entry) => void;
  /** takes down what this process has put there */
  readonly noteWritten: (head: Entry) => void;
  /** the slot that this process writes to, while it wins there */
  readonly slotOf: (accountId: AccountId) => number | undefined;
  /** forgets the chain on which another writer was faster than this entry, and with it the slot */
  readonly noteLost: (entry: Entry) => void;
}

/** Long enough for a channel to answer between two looks at an account; a busy slot is written again much sooner. */
const maximumAgeMs = 2_000;

/** The oldest are forgotten: a process that opens or pays for many members goes through many chains. */
const maximumChains = 1_000;

interface Seen {
  readonly head: Entry;
  readonly how: 'read' | 'written';
  readonly seenAt: number;
}

export function headMemory(clock: Clock): HeadMemory {
  const heads = new Map<string, Seen>();
  const slots = new Map<AccountId, number>();
  const contended = new Set<AccountId>();
  const keep = (head: Entry, how: Seen['how']) => {
    const name = chainName(head);
    heads.delete(name);
    heads.set(name, { head, how, seenAt: clock().getTime() });
    if (head.terms.slots > 1) slots.set(head.accountId, head.slot);
    const [oldest] = heads.keys();
    if (heads.size > maximumChains && oldest !== undefined) heads.delete(oldest);
  };
  return {
    recall: (chain) => {
      const seen = heads.get(chainName(chain));
      if (!seen || contended.has(chain.accountId)) return undefined;
      return clock().getTime() - seen.seenAt <= maximumAgeMs ? seen.head : undefined;
    },
    noteRead: (head) => {
      const before = heads.get(chainName(head));
      const asLeft = before?.how === 'written' && before.head.hash === head.hash;
      if (asLeft) contended.delete(head.accountId);
      keep(head, asLeft ? 'written' : 'read');
    },
    noteWritten: (head) => keep(head, 'written'),
    slotOf: (accountId) => slots.get(accountId),
    noteLost: (entry) => {
      heads.delete(chainName(entry));
      slots.delete(entry.accountId);
      if (entry.terms.slots > 1) contended.add(entry.accountId);
    },
  };
}
