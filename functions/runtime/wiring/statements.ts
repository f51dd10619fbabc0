import type { StatementSource } from '../../ledger/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily, tableNamed } from './base.ts';

export const statementSource = /* @__PURE__ */ lazily(
  (): StatementSource => ({ table: tableNamed('LEDGER_TABLE'), timeZone: environmentValue('TIME_ZONE') }),
);
