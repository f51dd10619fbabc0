/** What other tables say of the ledger: a neighbour hands in a source, and the audit holds the books against it. */
import type { Item, Table } from '../../kernel/table.ts';
import type { Subject } from '../chart-of-accounts.ts';
import type { BalanceClaim, PostingClaim } from './audit-facts.ts';
import type { AuditFiles } from './audit-files.ts';
import type { Finding } from './audit-finding.ts';

/** That a posting stands, exactly so; that an account holds an amount, all its claims together; or something wrong. */
export type Claim =
  | { readonly claims: 'posting'; readonly posting: PostingClaim }
  | { readonly claims: 'balance'; readonly balance: BalanceClaim }
  | { readonly claims: 'damage'; readonly finding: Finding };

export interface AuditSource {
  /** such as `payments` */
  readonly name: string;
  readonly table: Table;
  /** true: a posting that a payment must guard is found where no claim names it */
  readonly vouchesForPayments?: boolean;
  /** accounts of these subjects hold what their claims add up to, nothing where there is none */
  readonly vouchesFor?: readonly Subject[];
  /** What one item says. Each is looked at by itself, so that a table of any size passes through. */
  readonly claimsOf: (item: Item) => Iterable<Claim>;
}

/** What every step of an audit needs. */
export interface AuditTables {
  readonly ledger: Table;
  /** the neighbours that the books are held against */
  readonly sources: readonly AuditSource[];
  readonly files: AuditFiles;
}
