/** A day of real payments, its statements, and operators who handle what differs. */
import { randomUUID } from 'node:crypto';
import { ulid } from 'ulid';
import { approvalIdOf, findApproval, proposeApprovalWrite } from '../../../functions/access/approval-store.ts';
import { type Deciding, decideApproval } from '../../../functions/access/decide-approval.ts';
import { putEntryWrite } from '../../../functions/channels/configuration/configuration-store.ts';
import type { reconciliationPolicyKind } from '../../../functions/channels/configuration/kinds/reconciliation-policy.ts';
import type { OrderKind } from '../../../functions/channels/index.ts';
import type { Clock } from '../../../functions/kernel/clock.ts';
import type { ApprovalId } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { createTopUp, createWithdrawal } from '../../../functions/payments/create-payment.ts';
import { createRefund } from '../../../functions/payments/create-refund.ts';
import type { Payment } from '../../../functions/payments/payment.ts';
import type { Difference } from '../../../functions/reconciliation/cases/case.ts';
import type { Cases } from '../../../functions/reconciliation/cases/cases.ts';
import {
  approveReopening,
  approveResolution,
  rejectProposal,
} from '../../../functions/reconciliation/cases/decide-case.ts';
import { proposeReopening, proposeResolution } from '../../../functions/reconciliation/cases/propose.ts';
import type { Resolution } from '../../../functions/reconciliation/cases/resolution.ts';
import { differencesOfDay } from '../../../functions/reconciliation/difference-store.ts';
import type { Manner } from '../../payments/fake-channel.ts';
import { made } from '../../payments/made.ts';
import { createTable } from '../../support/engines.ts';
import { createTables as createDayTables, openPaidDay } from '../paid-day.ts';
import { type Death, dyingAt } from './dying-commits.ts';

export async function createTables(client: Parameters<typeof createDayTables>[0]) {
  const [day, access] = await Promise.all([createDayTables(client), createTable(client, 'access')]);
  return { ...day, access };
}

export type Tables = Awaited<ReturnType<typeof createTables>>;
export type CaseDay = Awaited<ReturnType<typeof openCaseDay>>;

export async function openCaseDay(
  tables: Tables,
  mannerOf: (kind: OrderKind) => Manner = () => 'accepts',
  clock?: Clock,
) {
  const day = await openPaidDay(tables, mannerOf, 'sandbox-bank', clock);
  const access: Table = { client: day.dependencies.table.client, name: tables.access.name };
  const cases: Cases = {
    ...day.dependencies,
    propose: ({ operationId, ...proposal }) => {
      const approvalId = approvalIdOf(operationId);
      return { approvalId, write: proposeApprovalWrite(access, { id: approvalId, ...proposal }) };
    },
  };
  const decidingBy = (worker: Cases): Deciding => {
    const carrying =
      (decide: typeof approveResolution): Deciding['executors']['resolve_difference']['approve'] =>
      ({ id: approvalId, subjectId }, { decidedBy, reason }) =>
      (write) =>
        decide(worker, { approvalId, differenceId: subjectId as Difference['id'], decidedBy, reason, write }); // our own approval names one
    const nothing = { approve: () => [], reject: () => [] };
    return {
      table: access,
      commit: worker.commit,
      clock: worker.clock,
      executors: {
        open_institution: nothing,
        open_institution_account: nothing,
        resolve_difference: { approve: carrying(approveResolution), reject: carrying(rejectProposal) },
        reopen_difference: { approve: carrying(approveReopening), reject: carrying(rejectProposal) },
      },
    };
  };
  /** What operators do, through a worker that may die at it. */
  const actions = (worker: Cases) => ({
    propose: ({ id }: Pick<Difference, 'id'>, resolution: Resolution, operationId = ulid()) =>
      proposeResolution(worker, { id, resolution, reason: 'looked into', by: 'olga', operationId }),
    proposeReopening: ({ id }: Pick<Difference, 'id'>, operationId = ulid()) =>
      proposeReopening(worker, { id, reason: 'too soon', by: 'olga', operationId }),
    approve: (id: ApprovalId, { by = 'omar', operationId = ulid() } = {}) =>
      decideApproval(decidingBy(worker), { id, decision: 'approve', decidedBy: by, operationId }),
    reject: (id: ApprovalId, { by = 'omar', operationId = ulid() } = {}) =>
      decideApproval(decidingBy(worker), { id, decision: 'reject', decidedBy: by, operationId, reason: 'not so' }),
  });
  const live = async () =>
    (await differencesOfDay(cases.table, day.statement)).filter(({ state }) => state !== 'superseded');

  return {
    ...day,
    cases,
    live,
    async one(): Promise<Difference> {
      const [difference, ...others] = await live();
      if (!difference || others.length > 0)
        throw new Error(`there are ${others.length + (difference ? 1 : 0)} of them`);
      return difference;
    },
    topUp: () => made(createTopUp(day.payments, { ...day.command, reference: randomUUID(), product: 'withholding' })),
    withdraw: () => made(createWithdrawal(day.payments, { ...day.command, reference: randomUUID() })),
    ...actions(cases),
    dyingAt: (death: Death) => actions(dyingAt(cases, death)),
    refund: ({ id: paymentId }: Payment, part: bigint) => {
      const { institutionId } = day.command;
      const named = { reference: randomUUID(), operationId: randomUUID() };
      return made(createRefund(day.payments, { institutionId, paymentId, ...named, amount: money(part, 'CNY') }));
    },
    approval: (id: ApprovalId) => findApproval(access, id),
    async decided(value: Parameters<typeof reconciliationPolicyKind.schema.parse>[0] & object): Promise<void> {
      const { channel, merchantNo } = day.statement;
      const entry = { kind: 'reconciliation-policies', id: `p-${randomUUID()}`, version: 3 } as const;
      const facts = { changedBy: 'olga', changedAt: new Date(0).toISOString() };
      const put = { ...entry, ...facts, value: { channel, merchantNo, ...value } };
      const { committed } = await cases.commit([putEntryWrite(cases.channels.table, put, undefined)]);
      if (!committed) throw new Error('the policy is there already');
    },
  };
}

/** Whatever was proposed, as the approval that waits for another operator. */
export function approvalOf(difference: Difference | { readonly refused: string }): ApprovalId {
  const approvalId = 'refused' in difference ? undefined : difference.proposal?.approvalId;
  if (!approvalId) throw new Error(`nothing is proposed: ${JSON.stringify(difference, (_, each) => `${each}`)}`);
  return approvalId;
}

export type { Payment };
