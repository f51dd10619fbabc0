/** What a decision on each kind of proposal does, in the context that proposed it. */
import type { Deciding } from '../../access/index.ts';
import { systemClock } from '../../kernel/clock.ts';
import { institutionAccountExecutor, institutionExecutor } from '../../parties/index.ts';
import { accessTable } from './access.ts';
import { commitWrites, lazily } from './base.ts';
import { ledger } from './ledger.ts';
import { parties } from './parties.ts';

export const deciding = /* @__PURE__ */ lazily(
  (): Deciding => ({
    table: accessTable(),
    commit: commitWrites(),
    clock: systemClock,
    executors: {
      open_institution: institutionExecutor(parties()),
      open_institution_account: institutionAccountExecutor({ ...parties(), ledger: ledger(), clock: systemClock }),
    },
  }),
);
