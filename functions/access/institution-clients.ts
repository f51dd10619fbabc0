/** Credentials for an institution's business apps: they work as soon as they are made and stop as soon as they are withdrawn. */
import type { Clock } from '../kernel/clock.ts';
import type { InstitutionId } from '../kernel/ids.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import {
  addClientWrites,
  type ClientRecord,
  findClient,
  findClientOfOperation,
  withdrawClientWrite,
} from './client-store.ts';
import { type Credentials, createCredentials, deleteCredentials, readCredentials, type UserPool } from './user-pool.ts';

/** What `access` needs to know of an institution, which another context owns. */
export interface KnownInstitution {
  readonly status: 'proposed' | 'active' | 'rejected';
  readonly approvalId: string;
}

export interface ClientKeeping {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly userPool: UserPool;
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
  { table, commit, clock, userPool, findInstitution }: ClientKeeping,
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
  if (made) return { ...made, ...(await readCredentials(userPool, made.clientId)) };

  const name = command.name ?? `client-${operationId}`;
  const credentials = await createCredentials(userPool, `${institutionId}-${operationId}`);
  const record: ClientRecord = {
    clientId: credentials.clientId,
    institutionId,
    name,
    status: 'active',
    createdAt: clock().toISOString(),
    createdBy,
  };
  const result = await commit(addClientWrites(table, record, operationId));
  if (result.committed) return { ...record, ...credentials };
  // another run of this very operation was faster: its credentials are the answer, and ours are of no use
  await deleteCredentials(userPool, credentials.clientId);
  const other = await findClientOfOperation(table, institutionId, operationId);
  if (!other) throw new Error(`the credentials of operation ${operationId} can't be written`);
  return { ...other, ...(await readCredentials(userPool, other.clientId)) };
}

const notActive = ({ status, approvalId }: KnownInstitution) =>
  refuse(
    'institution_not_active',
    status === 'proposed'
      ? `The institution is only proposed: another operator has to approve it by POST /v1/approvals/${approvalId}/approve.`
      : `The institution was rejected with ${approvalId}; propose it anew.`,
  );

/** The record first, so that a crash leaves credentials that can't act. Withdrawing them again changes nothing. */
export async function withdrawClient(
  { table, commit, clock, userPool }: Omit<ClientKeeping, 'findInstitution'>,
  command: { readonly institutionId: InstitutionId; readonly clientId: string; readonly withdrawnBy: string },
): Promise<'withdrawn' | Refusal<'not_found'>> {
  const client = await findClient(table, command.clientId);
  if (client?.institutionId !== command.institutionId) return refuse('not_found', 'There are no such credentials.');
  const by = { withdrawnAt: clock().toISOString(), withdrawnBy: command.withdrawnBy };
  await commit([withdrawClientWrite(table, command.clientId, by)]); // broken only where they are withdrawn already
  await deleteCredentials(userPool, command.clientId);
  return 'withdrawn';
}
