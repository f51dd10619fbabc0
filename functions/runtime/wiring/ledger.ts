import { setTimeout as sleep } from 'node:timers/promises';
import { systemClock } from '../../kernel/clock.ts';
import type { Ledger } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { commitWrites, lazily, tableNamed } from './base.ts';

export const ledger = /* @__PURE__ */ lazily(
  (): Ledger => ({
    table: tableNamed('LEDGER_TABLE'),
    commit: commitWrites(),
    clock: systemClock,
    random: Math.random,
    sleepMs: sleep,
    timeZone: environmentValue('TIME_ZONE'),
  }),
);
