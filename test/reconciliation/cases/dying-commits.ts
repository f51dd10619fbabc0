/** A worker that dies at one of its transactions, before it reaches the table or before its answer comes back. */
import type { CommitWrites } from '../../../functions/kernel/write.ts';
import type { Ledger } from '../../../functions/ledger/index.ts';

class WorkerKilled extends Error {}

export interface Death {
  /** counted from 1 */
  readonly transaction: number;
  /** before it reaches the table, or before its answer comes back */
  readonly blow: 'before' | 'after';
}

/** Lanes die together. */
const isKilled = (error: unknown): boolean =>
  error instanceof WorkerKilled || (error instanceof AggregateError && error.errors.every(isKilled));

/** @returns undefined for work that the worker died at */
export const unlessKilled = <Result>(work: Promise<Result>): Promise<Result | undefined> =>
  work.catch((error: unknown) => {
    if (!isKilled(error)) throw error;
    return undefined;
  });

/** The same dependencies, whose transactions are counted from 1 together; after the blow none has any effect. */
export function dyingAt<Needs extends { readonly commit: CommitWrites; readonly ledger: Ledger }>(
  needs: Needs,
  { transaction, blow }: Death,
): Needs & { readonly transactions: () => number } {
  let transactions = 0;
  const mortal =
    (commit: CommitWrites): CommitWrites =>
    async (...given) => {
      transactions += 1;
      if (transactions > transaction || (transactions === transaction && blow === 'before')) throw new WorkerKilled();
      const answer = await commit(...given);
      if (transactions >= transaction) throw new WorkerKilled();
      return answer;
    };
  return {
    ...needs,
    commit: mortal(needs.commit),
    ledger: { ...needs.ledger, commit: mortal(needs.ledger.commit) },
    transactions: () => transactions,
  };
}
