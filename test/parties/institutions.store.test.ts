import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { findApproval } from '../../functions/access/approval-store.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { readAccount, settlementCompanions } from '../../functions/ledger/index.ts';
import {
  findInstitution,
  listInstitutionAccounts,
  listInstitutions,
} from '../../functions/parties/institution-store.ts';
import { institutionExecutor, proposeInstitution } from '../../functions/parties/open-institution.ts';
import {
  institutionAccountExecutor,
  proposeInstitutionAccount,
} from '../../functions/parties/open-institution-account.ts';
import { listSettlementAccounts, registerSettlementAccount } from '../../functions/parties/settlement-accounts.ts';
import { startProcess } from '../payments/crash.ts';
import { engines } from '../support/engines.ts';
import {
  activeInstitution,
  Counterparty,
  createTables,
  granted,
  type Tables,
  type World,
  worldOf,
} from './parties-world.ts';

describe.each(engines)('on $name', ({ client }) => {
  let tables: Tables;
  let world: World;
  beforeAll(async () => {
    tables = await createTables(client());
    world = worldOf(tables, new Counterparty());
  });

  const proposed = (operationId = ulid()) =>
    proposeInstitution(world, { name: 'Harbour', proposedBy: 'olga', operationId });

  describe('an institution', () => {
    test('is proposed together with the approval that it waits for', async () => {
      const institution = await proposed();
      expect(await findInstitution(world, institution.id)).toEqual(institution);
      expect(await findApproval(tables.access, institution.approvalId)).toMatchObject({
        kind: 'open_institution',
        subjectId: institution.id,
        status: 'proposed',
        proposedBy: 'olga',
      });
    });

    test('is proposed once, wherever the process dies', async () => {
      for (const call of [1, 2]) {
        for (const blow of ['dies_before', 'dies_after'] as const) {
          const operationId = ulid();
          const command = { name: 'Harbour', proposedBy: 'olga', operationId };
          const dying = worldOf(tables, new Counterparty(), { process: startProcess({ call, blow }) });
          await proposeInstitution(dying, command).catch(() => undefined);
          const before = (await listInstitutions(world, { limit: 200 })).items.length;
          const again = await proposeInstitution(world, command);
          expect(await proposeInstitution(world, command)).toEqual(again);
          expect((await listInstitutions(world, { limit: 200 })).items.length - before).toBeLessThanOrEqual(1);
        }
      }
    });

    test.each([
      ['approve', 'active'],
      ['reject', 'rejected'],
    ] as const)('becomes, on %s, %s, and then nothing else', async (decision, status) => {
      const { id } = await proposed();
      const executor = institutionExecutor(world);
      const decided = { subjectId: id, payload: {} };
      expect(await world.commit(await executor[decision](decided))).toEqual({ committed: true });
      expect(await findInstitution(world, id)).toMatchObject({ status });
      expect(await world.commit(await executor.approve(decided))).toMatchObject({ committed: false });
      expect(await world.commit(executor.reject(decided))).toMatchObject({ committed: false });
    });
  });

  describe('an account of an institution', () => {
    test('is opened in the ledger by its approval and not before', async () => {
      const institutionId = await activeInstitution(world, []);
      const facts = { institutionId, currency: 'CNY', proposedBy: 'olga', operationId: ulid() } as const;
      const account = granted(await proposeInstitutionAccount(world, facts));
      expect(account).toMatchObject({ status: 'proposed', institutionId });
      expect(await readAccount(world.ledger, account.id)).toBeUndefined();

      const approval = await findApproval(tables.access, account.approvalId);
      if (!approval) throw new Error('there is no approval');
      await world.commit(await institutionAccountExecutor(world).approve(approval));
      const opened = { kind: 'institution', institutionId, currency: 'CNY', floor: 0n, status: 'active' };
      expect(await readAccount(world.ledger, account.id)).toMatchObject(opened);
      const { items } = await listInstitutionAccounts(world, institutionId, { limit: 10 });
      expect(items).toMatchObject([{ id: account.id, status: 'active' }]);
    });

    test('is not opened when it is rejected', async () => {
      const institutionId = await activeInstitution(world, []);
      const facts = { institutionId, currency: 'CNY', proposedBy: 'olga', operationId: ulid() } as const;
      const account = granted(await proposeInstitutionAccount(world, facts));
      const decided = { subjectId: account.id, payload: { institutionId, currency: 'CNY' } };
      await world.commit(institutionAccountExecutor(world).reject(decided));
      expect(await readAccount(world.ledger, account.id)).toBeUndefined();
    });

    test('is not proposed for an institution that is not active', async () => {
      const { id, approvalId } = await proposed();
      const facts = { currency: 'CNY', proposedBy: 'olga', operationId: ulid() } as const;
      const refused = { refused: 'institution_not_active', detail: expect.stringContaining(approvalId) };
      expect(await proposeInstitutionAccount(world, { ...facts, institutionId: id })).toEqual(refused);
      const unknown = { ...facts, institutionId: idFrom('inst', 'nobody') };
      expect(await proposeInstitutionAccount(world, unknown)).toMatchObject({ refused: 'not_found' });
    });
  });

  describe('a settlement account', () => {
    const register = (facts: Partial<Parameters<typeof registerSettlementAccount>[1]>, by = world) =>
      registerSettlementAccount(by, {
        institutionId: idFrom('inst', 'nobody'),
        channel: 'sandbox-bank',
        merchantNo: ulid(),
        currency: 'CNY',
        priority: 100,
        operationId: ulid(),
        ...facts,
      });

    test('is opened with all that belongs to it, in one go with the merchant number', async () => {
      const institutionId = await activeInstitution(world, []);
      const { accountId } = granted(await register({ institutionId }));
      const { pending, reconciled, suspense } = settlementCompanions(accountId);
      const accounts = [pending, reconciled, ...Object.values(suspense)];
      const opened = await Promise.all(accounts.map((id) => readAccount(world.ledger, id)));
      expect(opened.map((account) => account?.institutionId)).toEqual(accounts.map(() => institutionId));
    });

    test('belongs to the one who came first, of many who register the same merchant number at once', async () => {
      const institutions = await Promise.all([1, 2, 3].map(() => activeInstitution(world, [])));
      const merchantNo = ulid();
      const outcomes = await Promise.all(institutions.map((institutionId) => register({ institutionId, merchantNo })));
      expect(outcomes.filter((outcome) => 'accountId' in outcome)).toHaveLength(1);
      const refusals = outcomes.filter((outcome) => 'refused' in outcome);
      expect(refusals).toEqual([1, 2].map(() => expect.objectContaining({ refused: 'merchant_taken' })));
    });

    test('is registered once, wherever the process dies, and its retry answers what is stored', async () => {
      const institutionId = await activeInstitution(world, []);
      const undisturbed = startProcess();
      granted(await register({ institutionId }, worldOf(tables, new Counterparty(), { process: undisturbed })));
      for (let call = 1; call <= undisturbed.calls(); call++) {
        for (const blow of ['dies_before', 'dies_after'] as const) {
          const facts = { institutionId, merchantNo: ulid(), operationId: ulid() };
          const dying = worldOf(tables, new Counterparty(), { process: startProcess({ call, blow }) });
          await expect(register(facts, dying)).rejects.toThrow(/died/);
          const made = granted(await register(facts));
          expect(granted(await register(facts))).toEqual(made);
        }
      }
    });

    test('is not opened at a channel that there is not, nor for an institution that is not active', async () => {
      const institutionId = await activeInstitution(world, []);
      const unknown = { refused: 'unknown_channel', detail: expect.stringContaining('sandbox-bank') };
      expect(await register({ institutionId, channel: 'no-bank' })).toEqual(unknown);
      expect(await register({})).toMatchObject({ refused: 'not_found' });
      expect(await register({ institutionId: (await proposed()).id })).toMatchObject({
        refused: 'institution_not_active',
      });
    });

    test('is listed in the order in which merchant numbers are tried, page by page', async () => {
      const institutionId = await activeInstitution(world, []);
      for (const priority of [30, 10, 20]) granted(await register({ institutionId, priority }));
      const first = granted(await listSettlementAccounts(world, institutionId, { limit: 2 }));
      expect(first.items.map(({ priority }) => priority)).toEqual([10, 20]);
      const after = Buffer.from(first.nextCursor ?? '', 'base64url').toString();
      const second = granted(await listSettlementAccounts(world, institutionId, { limit: 2, after }));
      expect(second.items.map(({ priority }) => priority)).toEqual([30]);
      expect(second.nextCursor).toBeNull();
    });
  });
});
