/** Credentials for an institution's business apps: they work as soon as they are made and stop as soon as they are withdrawn. */
import type { Clock } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import type { Page, PageRequest } from '../kernel/page.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import {
  addClientWrites,
  type ClientRecord,
  findClient,
  findClientOfOperation,
  listClients,
  withdrawClientWrite,
} from './client-store.ts';

/** What `access` needs to know of an institution, which another context owns. */
export interface KnownInstitution {
  readonly status: 'proposed' | 'active' | 'rejected';
  readonly approvalId: string;
}

export interface Credentials {
  readonly clientId: string;
  readonly clientSecret: string;
}

/** Where credentials are made and their secrets kept. They are nobody's until a caller record names them. */
export interface CredentialsKeeper {
  readonly create: (name: string) => Promise<Credentials>;
  readonly read: (clientId: string) => Promise<Credentials>;
  /** nothing to do where they are gone already */
  readonly remove: (clientId: string) => Promise<void>;
}

export interface ClientKeeping {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly credentials: CredentialsKeeper;
  readonly findInstitution: (id: InstitutionId) => Promise<KnownInstitution | undefined>;
}

export type ClientRefusal = 'not_found' | 'institution_not_active';

export interface NewClient extends ClientRecord, Credentials {}

/**
 * The credentials come first and act for nobody; the caller record that follows gives them their institution. A crash in
 * between leaves a client in the user pool that can do nothing; a retry makes another. A retry after the record reads
 * the secret of what the first try made.
 */
export async function issueClient(
  { table, commit, clock, credentials, findInstitution }: ClientKeeping,
  command: {
    readonly institutionId: InstitutionId;
    readonly name?: string | undefined;
    readonly createdBy: string;
    readonly operationId: string;
  },
): Promise<NewClient | Refusal<ClientRefusal>> {
  const { institutionId, createdBy, operationId } = command;
  const institution = await findInstitution(institutionId);
  if (!institution) return refuse('not_found', 'There is no such institution.');
  if (institution.status !== 'active') return notActive(institution);

  const made = await findClientOfOperation(table, institutionId, operationId);
  if (made) return { ...made, ...(await credentials.read(made.clientId)) };

  const name = command.name ?? `client-${operationId}`;
  const fresh = await credentials.create(`${institutionId}-${operationId}`);
  const record: ClientRecord = {
    clientId: fresh.clientId,
    institutionId,
    name,
    status: 'active',
    createdAt: clock().toISOString(),
    createdBy,
  };
  const result = await commit(addClientWrites(table, record, operationId));
  if (result.committed) return { ...record, ...fresh };
  // another run of this very operation was faster: its credentials are the answer, and ours are of no use
  await credentials.remove(fresh.clientId);
  const other = await findClientOfOperation(table, institutionId, operationId);
  if (!other) throw new Error(`the credentials of operation ${operationId} can't be written`);
  return { ...other, ...(await credentials.read(other.clientId)) };
}

const notActive = ({ status, approvalId }: KnownInstitution) =>
  refuse(
    'institution_not_active',
    status === 'proposed'
      ? `The institution is only proposed: another operator has to approve it by POST /v1/approvals/${approvalId}/approve.`
      : `The institution was rejected with ${approvalId}; propose it anew.`,
  );

/** An institution's credentials without their secrets, oldest first. */
export async function listInstitutionClients(
  { table, findInstitution }: Pick<ClientKeeping, 'table' | 'findInstitution'>,
  institutionId: InstitutionId,
  page: PageRequest,
): Promise<Page<ClientRecord> | Refusal<'not_found'>> {
  if (!(await findInstitution(institutionId))) return refuse('not_found', 'There is no such institution.');
  return listClients(table, institutionId, page);
}

/** The record first, so that a crash leaves credentials that can't act. Withdrawing them again changes nothing. */
export async function withdrawClient(
  { table, commit, clock, credentials }: Omit<ClientKeeping, 'findInstitution'>,
  command: { readonly institutionId: InstitutionId; readonly clientId: string; readonly withdrawnBy: string },
): Promise<'withdrawn' | Refusal<'not_found'>> {
  const client = await findClient(table, command.clientId);
  if (client?.institutionId !== command.institutionId) return refuse('not_found', 'There are no such credentials.');
  const by = { withdrawnAt: clock().toISOString(), withdrawnBy: command.withdrawnBy };
  await commit([withdrawClientWrite(table, command.clientId, by)]); // broken only where they are withdrawn already
  await credentials.remove(command.clientId);
  return 'withdrawn';
}
