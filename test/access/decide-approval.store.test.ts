import { beforeAll, describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import {
  approvalIdOf,
  findApproval,
  listApprovals,
  type Proposal,
  proposeApprovalWrite,
} from '../../functions/access/approval-store.ts';
import { type Deciding, decideApproval } from '../../functions/access/decide-approval.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { isRefusal, refuse } from '../../functions/kernel/refusal.ts';
import { getItem, type Table, toItem } from '../../functions/kernel/table.ts';
import { committer, type Write, write } from '../../functions/kernel/write.ts';
import { createTable, engines } from '../support/engines.ts';

const approvalsByStatus = { name: 'approvals-by-status', partitionKey: 'status', sortKey: 'approvalId' };

describe.each(engines)('a proposal on $name', ({ client }) => {
  let table: Table;
  let deciding: Deciding;

  beforeAll(async () => {
    table = await createTable(client(), 'access', { indexes: [approvalsByStatus] });
    const commit = committer(table.client, { random: Math.random, sleepMs: async () => {} });
    // what is proposed: a mark in the same table that may be set once
    const mark = (outcome: string) => (approval: { readonly subjectId: string }) => [
      write({
        Put: {
          TableName: table.name,
          Item: toItem({ pk: approval.subjectId, sk: 'MARK', outcome }),
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      }),
    ];
    const executor = { approve: mark('done'), reject: mark('dropped') };
    // what commits the decision itself, or refuses to
    const carrier = (approval: { readonly subjectId: string; readonly payload: object }) => async (decision: Write) => {
      if ('refuses' in approval.payload) return refuse('case_changed', 'It is gone.');
      return (await commit([decision, ...mark('carried')(approval)])).committed ? 'committed' : 'overtaken';
    };
    const carrying = { approve: carrier, reject: mark('dropped') };
    const executors = {
      open_institution: executor,
      open_institution_account: executor,
      resolve_difference: carrying,
      reopen_difference: carrying,
    };
    deciding = { table, commit, clock: () => new Date('2026-03-01T08:00:00Z'), executors };
  });

  const markOf = (proposal: Proposal) => getItem(table, { pk: proposal.subjectId, sk: 'MARK' });

  async function propose(facts: Partial<Proposal> = {}): Promise<Proposal> {
    const id = approvalIdOf(ulid());
    const proposal: Proposal = {
      id,
      kind: 'open_institution',
      subjectId: idFrom('inst', id),
      proposedBy: 'olga',
      proposedAt: new Date(),
      payload: { name: 'Harbour', amount: 12 },
      ...facts,
    };
    await deciding.commit([proposeApprovalWrite(table, proposal)]);
    return proposal;
  }

  const decide = (proposal: Proposal, by: string, decision: 'approve' | 'reject' = 'approve', operationId = ulid()) =>
    decideApproval(deciding, { id: proposal.id, decision, decidedBy: by, operationId });

  test('happens in the same transaction in which another operator approves it', async () => {
    const proposal = await propose();
    expect(await decide(proposal, 'omar')).toMatchObject({
      status: 'approved',
      decidedBy: 'omar',
      payload: proposal.payload,
    });
    expect(await findApproval(table, proposal.id)).toMatchObject({ status: 'approved', proposedBy: 'olga' });
    expect(await markOf(proposal)).toMatchObject({ outcome: 'done' });
  });

  test('is rejected with a reason', async () => {
    const proposal = await propose();
    const command = {
      id: proposal.id,
      decision: 'reject',
      decidedBy: 'omar',
      operationId: ulid(),
      reason: 'unknown',
    } as const;
    expect(await decideApproval(deciding, command)).toMatchObject({ status: 'rejected', reason: 'unknown' });
    expect(await markOf(proposal)).toMatchObject({ outcome: 'dropped' });
  });

  test.each(['approve', 'reject'] as const)('is not for its proposer to %s', async (decision) => {
    const proposal = await propose();
    expect(await decide(proposal, 'olga', decision)).toMatchObject({ refused: 'four_eyes_required' });
    expect(await findApproval(table, proposal.id)).toMatchObject({ status: 'proposed' });
    expect(await markOf(proposal)).toBeUndefined();
  });

  test('is decided by one of ten who decide at once, and the others are told so', async () => {
    const proposal = await propose();
    const decisions = Array.from({ length: 10 }, (_, n) =>
      decide(proposal, `operator-${n}`, n % 2 ? 'approve' : 'reject'),
    );
    const outcomes = await Promise.all(decisions);
    expect(outcomes.filter((outcome) => !isRefusal(outcome))).toHaveLength(1);
    for (const outcome of outcomes) {
      if (isRefusal(outcome)) expect(outcome.refused).toBe('already_decided');
    }
    const decided = await findApproval(table, proposal.id);
    expect(await markOf(proposal)).toMatchObject({ outcome: decided?.status === 'approved' ? 'done' : 'dropped' });
  });

  test('that was decided is not decided again, by whomever', async () => {
    const proposal = await propose();
    await decide(proposal, 'omar');
    expect(await decide(proposal, 'omar', 'reject')).toMatchObject({ refused: 'already_decided' });
    expect(await decide(proposal, 'nina')).toMatchObject({ refused: 'already_decided' });
  });

  test('gives the deciding operation its own decision back when it is retried', async () => {
    const proposal = await propose();
    const operationId = ulid();
    const first = await decide(proposal, 'omar', 'approve', operationId);
    expect(await decide(proposal, 'omar', 'approve', operationId)).toEqual({ ...first });
  });

  test('whose effect cannot be written stays open, and says so loudly', async () => {
    const proposal = await propose();
    const approval = { ...proposal, proposedAt: '', status: 'proposed' } as const;
    const writes = await deciding.executors.open_institution.approve(approval, { decidedBy: 'omar' });
    if (typeof writes === 'function') throw new Error('it carries nothing out itself');
    await deciding.commit(writes);
    await expect(decide(proposal, 'omar')).rejects.toThrow(/still open/);
    expect(await findApproval(table, proposal.id)).toMatchObject({ status: 'proposed' });
  });

  test('whose executor commits it happens once, whoever else approves it at the same moment', async () => {
    const proposal = await propose({ kind: 'resolve_difference' });
    const answers = await Promise.all(['omar', 'nina', 'pete'].map((by) => decide(proposal, by)));
    expect(answers.filter((answer) => !isRefusal(answer))).toMatchObject([{ status: 'approved' }]);
    expect(await markOf(proposal)).toMatchObject({ outcome: 'carried' });
  });

  test('whose executor refuses stays open, and can be rejected', async () => {
    const proposal = await propose({ kind: 'resolve_difference', payload: { refuses: true } });
    expect(await decide(proposal, 'omar')).toMatchObject({ refused: 'case_changed' });
    expect(await findApproval(table, proposal.id)).toMatchObject({ status: 'proposed' });
    expect(await decide(proposal, 'omar', 'reject')).toMatchObject({ status: 'rejected' });
  });

  test('that does not exist is not found', async () => {
    const command = { id: approvalIdOf(ulid()), decision: 'approve', decidedBy: 'omar', operationId: ulid() } as const;
    expect(await decideApproval(deciding, command)).toMatchObject({ refused: 'not_found' });
  });
});

describe.each(engines)('the list of approvals on $name', ({ client }) => {
  test('goes from page to page, newest first, of one status or of all', async () => {
    const table = await createTable(client(), 'access', { indexes: [approvalsByStatus] });
    const commit = committer(table.client, { random: Math.random, sleepMs: async () => {} });
    const executor = { approve: () => [], reject: () => [] };
    const executors = {
      open_institution: executor,
      open_institution_account: executor,
      resolve_difference: executor,
      reopen_difference: executor,
    };
    const ids = Array.from({ length: 7 }, (_, n) => approvalIdOf(ulid(1_700_000_000_000 + n)));
    for (const id of ids) {
      const proposal = {
        id,
        kind: 'open_institution',
        subjectId: id,
        proposedBy: 'olga',
        proposedAt: new Date(),
      } as const;
      await commit([proposeApprovalWrite(table, { ...proposal, payload: {} })]);
    }
    const decided = ids.filter((_, n) => n % 3 === 0);
    for (const id of decided) {
      const command = { id, decision: 'approve', decidedBy: 'omar', operationId: ulid() } as const;
      await decideApproval({ table, commit, clock: () => new Date(), executors }, command);
    }

    const walk = async (status?: 'proposed' | 'approved' | 'rejected') => {
      const seen: string[] = [];
      let after: string | undefined;
      do {
        const page = await listApprovals(table, { status, limit: 2, ...(after !== undefined && { after }) });
        expect(page.items.length).toBeLessThanOrEqual(2);
        seen.push(...page.items.map(({ id }) => id));
        after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, 'base64url').toString();
      } while (after !== undefined);
      return seen;
    };
    expect(await walk()).toEqual(ids.toReversed());
    expect(await walk('approved')).toEqual(decided.toReversed());
    expect(await walk('proposed')).toEqual(ids.filter((id) => !decided.includes(id)).toReversed());
    expect(await walk('rejected')).toEqual([]);
  });
});
