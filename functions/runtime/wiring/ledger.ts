import { setTimeout as sleep } from 'node:timers/promises';
import { accountingDateAt, systemClock } from '../../kernel/clock.ts';
import { businessDateReader, headMemory, type Ledger } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { commitRacing, lazily, tableNamed } from './base.ts';

export const ledger = /* @__PURE__ */ lazily((): Ledger => {
  const table = tableNamed('LEDGER_TABLE');
  const calendarDay = () => accountingDateAt(systemClock(), environmentValue('TIME_ZONE'));
  return {
    table,
    commit: commitRacing(),
    clock: systemClock,
    random: Math.random,
    sleepMs: sleep,
    businessDate: businessDateReader({ table, clock: systemClock, calendarDay }),
    memory: headMemory(systemClock),
  };
});
