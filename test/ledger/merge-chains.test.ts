import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { addBalances, noBalances } from '../../functions/ledger/account.ts';
import { type Entry, firstPreviousHash, sealEntry } from '../../functions/ledger/entry.ts';
import { mergeChains, type StatementLine } from '../../functions/ledger/merge-chains.ts';
import { accountId, day, noon, postingId } from './samples.ts';

interface Drawn {
  readonly slot: number;
  readonly amount: bigint;
  /** days and seconds since the entry before, whatever its slot */
  readonly days: number;
  readonly seconds: number;
}

/** Chains as writers would have made them, and all their entries in the order of writing. */
function chainsOf(drawn: readonly Drawn[], slots: number) {
  const chains: Entry[][] = Array.from({ length: slots }, () => []);
  const written: Entry[] = [];
  let now = noon.getTime();
  for (const [index, { slot, amount, days, seconds }] of drawn.entries()) {
    now += (days * 86_400 + seconds) * 1000;
    const chain = chains[slot];
    const last = chain?.at(-1);
    const change = { available: amount, frozen: 0n };
    const entry = sealEntry({
      accountId: accountId('S'),
      slot,
      seq: (last?.seq ?? 0) + 1,
      postingId: postingId(`${index}`),
      type: 'top_up',
      accountingDate: day(new Date(now).toISOString().slice(0, 10)),
      postedAt: new Date(now).toISOString(),
      change,
      after: addBalances(last?.after ?? noBalances, change),
      previousHash: last?.hash ?? firstPreviousHash,
    });
    chain?.push(entry);
    written.push(entry);
  }
  return { chains, written };
}

async function* newestFirst(chain: readonly Entry[], upTo = chain.length): AsyncGenerator<Entry, void> {
  for (let seq = upTo; seq >= 1; seq--) {
    const entry = chain[seq - 1];
    if (entry) yield entry;
  }
}

async function merged(chains: readonly Entry[][], from?: Parameters<typeof mergeChains>[1]): Promise<StatementLine[]> {
  const lines: StatementLine[] = [];
  for await (const line of mergeChains(
    chains.map((chain) => newestFirst(chain)),
    from,
  ))
    lines.push(line);
  return lines;
}

const slots = 3;
const drawn = fc.array(
  fc.record({
    slot: fc.nat(slots - 1),
    amount: fc.bigInt({ min: -100n, max: 100n }),
    days: fc.nat(2),
    seconds: fc.integer({ min: 1, max: 3600 }),
  }),
  { maxLength: 30 },
);

describe('merging chains', () => {
  test('gives every entry once, newest first, with the balance that the whole account had then', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (entries) => {
        const { chains, written } = chainsOf(entries, slots);
        const lines = await merged(chains);
        expect(lines.map((line) => line.entry)).toEqual(written.toReversed());
        let balance = 0n;
        const balances = written.map((entry) => (balance += entry.change.available));
        expect(lines.map((line) => line.balancesAfter.available)).toEqual(balances.toReversed());
      }),
    );
  });

  test('stops at the first day asked for, and still counts what came before', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, fc.nat(20), async (entries, days) => {
        const { chains } = chainsOf(entries, slots);
        const from = day(new Date(noon.getTime() + days * 86_400_000).toISOString().slice(0, 10));
        const within = (await merged(chains)).filter((line) => line.entry.accountingDate >= from);
        expect(await merged(chains, from)).toEqual(within);
      }),
    );
  });

  test('says after every entry where a later page goes on', async () => {
    await fc.assert(
      fc.asyncProperty(drawn, async (entries) => {
        const { chains } = chainsOf(entries, slots);
        const lines = await merged(chains);
        for (const [index, { next }] of lines.entries()) {
          const rest: StatementLine[] = [];
          const later = mergeChains(chains.map((chain, slot) => newestFirst(chain, next[slot])));
          for await (const line of later) rest.push(line);
          expect(rest).toEqual(lines.slice(index + 1));
        }
      }),
      { numRuns: 20 },
    );
  });
});
