import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { findClient } from '../../functions/access/client-store.ts';
import {
  type ClientKeeping,
  type Credentials,
  issueClient,
  listInstitutionClients,
  withdrawClient,
} from '../../functions/access/institution-clients.ts';
import { type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { committer } from '../../functions/kernel/write.ts';
import { clientOf, objectOf, type Process, startProcess } from '../payments/crash.ts';
import { createTable, engines } from '../support/engines.ts';

describe.each(engines)('credentials of an institution on $name', ({ client }) => {
  let table: Table;
  let issued: Map<string, Credentials>;
  const institutionId = idFrom('inst', ulid());
  const proposedId = idFrom('inst', ulid());

  beforeAll(async () => {
    table = await createTable(client(), 'access');
    issued = new Map();
  });

  /** A user pool as one process sees it: it counts what is there, and a secret is known only here. */
  const keeper = {
    create: async () => {
      const clientId = `client${ulid()}`;
      const credentials = { clientId, clientSecret: `secret-of-${clientId}` };
      issued.set(clientId, credentials);
      return credentials;
    },
    read: async (clientId: string) => {
      const found = issued.get(clientId);
      if (!found) throw new Error('no such client');
      return found;
    },
    remove: async (clientId: string) => void issued.delete(clientId),
  };

  function keepingOf(process: Process = startProcess()): ClientKeeping {
    const seen = { ...table, client: clientOf(process, table.client) };
    return {
      table: seen,
      commit: committer(seen.client, { random: Math.random, sleepMs: async () => {} }),
      clock: () => new Date(),
      credentials: objectOf(process, keeper),
      findInstitution: async (id: InstitutionId) => {
        if (id === institutionId) return { status: 'active', approvalId: 'appr_1' };
        return id === proposedId ? { status: 'proposed', approvalId: 'appr_2' } : undefined;
      },
    };
  }

  const issue = (keeping: ClientKeeping, operationId = ulid(), id = institutionId) =>
    issueClient(keeping, { institutionId: id, name: 'checkout', createdBy: 'olga', operationId });

  async function issueOrFail(operationId = ulid()) {
    const made = await issue(keepingOf(), operationId);
    if (isRefusal(made)) throw new Error(made.detail);
    return made;
  }

  test('are the institution’s own as soon as they are issued, and hold their secret nowhere', async () => {
    const made = await issueOrFail();
    const record = await findClient(table, made.clientId);
    expect(record).toMatchObject({ institutionId, status: 'active', name: 'checkout', createdBy: 'olga' });
    expect(JSON.stringify(record)).not.toContain('secret');
  });

  test('of an institution that is only proposed are refused, with the approval that it waits for', async () => {
    const refused = { refused: 'institution_not_active', detail: expect.stringContaining('appr_2') };
    expect(await issue(keepingOf(), ulid(), proposedId)).toEqual(refused);
    expect(await issue(keepingOf(), ulid(), idFrom('inst', ulid()))).toMatchObject({ refused: 'not_found' });
  });

  test('that were issued are found, secret and all, by a retry of the operation', async () => {
    const operationId = ulid();
    const first = await issueOrFail(operationId);
    expect(await issue(keepingOf(), operationId)).toEqual(first);
  });

  test('are issued once, wherever the process dies, and what else is left can act for nobody', async () => {
    const undisturbed = startProcess();
    await issue(keepingOf(undisturbed));
    for (let call = 1; call <= undisturbed.calls(); call++) {
      for (const blow of ['dies_before', 'dies_after'] as const) {
        const operationId = ulid();
        const known = new Set(issued.keys());
        await expect(issue(keepingOf(startProcess({ call, blow })), operationId)).rejects.toThrow();
        const made = await issueOrFail(operationId);
        const others = [...issued.keys()].filter((id) => !known.has(id) && id !== made.clientId);
        for (const other of others) expect(await findClient(table, other)).toBeUndefined();
      }
    }
  });

  test('are the same for two runs of one operation side by side', async () => {
    const operationId = ulid();
    const [one, other] = await Promise.all([issueOrFail(operationId), issueOrFail(operationId)]);
    expect(one.clientId).toBe(other.clientId);
    expect(one.clientSecret).toBe(other.clientSecret);
  });

  test('are withdrawn before they are deleted, so that a crash leaves nothing that can act', async () => {
    const made = await issueOrFail();
    const command = { institutionId, clientId: made.clientId, withdrawnBy: 'omar' };
    const dying = keepingOf(startProcess({ call: 3, blow: 'dies_before' }));
    await expect(withdrawClient(dying, command)).rejects.toThrow();
    expect(await findClient(table, made.clientId)).toMatchObject({ status: 'withdrawn' });
    expect(issued.has(made.clientId)).toBe(true);
    expect(await withdrawClient(keepingOf(), command)).toBe('withdrawn');
    expect(issued.has(made.clientId)).toBe(false);
    expect(await withdrawClient(keepingOf(), command)).toBe('withdrawn');
  });

  test('are not another institution’s to withdraw', async () => {
    const made = await issueOrFail();
    const command = { institutionId: proposedId, clientId: made.clientId, withdrawnBy: 'omar' };
    expect(await withdrawClient(keepingOf(), command)).toMatchObject({ refused: 'not_found' });
    expect(await findClient(table, made.clientId)).toMatchObject({ status: 'active' });
  });

  test('are listed page by page, oldest first, without secrets', async () => {
    const id = institutionId;
    const all = await listInstitutionClients(keepingOf(), id, { limit: 200 });
    if (isRefusal(all)) throw new Error(all.detail);
    const first = await listInstitutionClients(keepingOf(), id, { limit: 3 });
    if (isRefusal(first) || first.nextCursor === null) throw new Error('there is no second page');
    const after = Buffer.from(first.nextCursor, 'base64url').toString();
    const rest = await listInstitutionClients(keepingOf(), id, { limit: 200, after });
    if (isRefusal(rest)) throw new Error(rest.detail);
    expect([...first.items, ...rest.items]).toEqual(all.items);
    expect(JSON.stringify(all)).not.toContain('secret');
  });
});
