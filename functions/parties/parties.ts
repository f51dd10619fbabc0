import type { Table } from '../kernel/table.ts';

/** What the finders of this context need; each use case names the rest that it needs. */
export interface Parties {
  readonly table: Table;
}
