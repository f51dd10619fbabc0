/**
 * Approvals (maker-checker). All lie in one partition: people decide them, so they are few (a thousand writes a second
 * would fit), and the ids sort by time.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `APPROVALS` | `<approvalId>` | approvalId, kind, subjectId, payload (JSON text), status, proposedBy, proposedAt, decidedBy, decidedAt, reason, operationId (of the decision) |
 *
 * Index `approvals-by-status`: status, approvalId.
 */
import * as z from 'zod';
import { type ApprovalId, idOfOperation } from '../kernel/ids.ts';
import { type Page, type PageRequest, pageOf } from '../kernel/page.ts';
import { getItem, type Item, queryItems, type Table, toItem } from '../kernel/table.ts';
import { type Write, write } from '../kernel/write.ts';
import type { ApprovalStatus } from './approval-states.ts';

export const approvalKinds = [
  'open_institution',
  'open_institution_account',
  'resolve_difference',
  'reopen_difference',
] as const;
export type ApprovalKind = (typeof approvalKinds)[number];

export interface Proposal {
  readonly id: ApprovalId;
  readonly kind: ApprovalKind;
  /** the id of what is proposed */
  readonly subjectId: string;
  /** client id of the operator */
  readonly proposedBy: string;
  readonly proposedAt: Date;
  /** what the other operator needs to see, and what the executor needs to know */
  readonly payload: Readonly<Record<string, unknown>>;
}

export interface Approval extends Omit<Proposal, 'proposedAt'> {
  readonly proposedAt: string;
  readonly status: ApprovalStatus;
  readonly decidedBy?: string | undefined;
  readonly decidedAt?: string | undefined;
  readonly reason?: string | undefined;
  /** the operation that decided: a retry of it recognises its own work */
  readonly operationId?: string | undefined;
}

const recordSchema = z.object({
  approvalId: z.string().transform((id) => id as ApprovalId), // written by this store
  kind: z.enum(approvalKinds),
  subjectId: z.string(),
  payload: z.string().transform((text) => z.record(z.string(), z.unknown()).parse(JSON.parse(text))),
  status: z.enum(['proposed', 'approved', 'rejected']),
  proposedBy: z.string(),
  proposedAt: z.string(),
  decidedBy: z.string().optional(),
  decidedAt: z.string().optional(),
  reason: z.string().optional(),
  operationId: z.string().optional(),
});

const pk = 'APPROVALS';
const statusIndex = 'approvals-by-status';

function fromRecord(item: Item): Approval {
  const { approvalId: id, ...approval } = recordSchema.parse(item);
  return { id, ...approval };
}

/** The approval that a proposing operation makes. */
export const approvalIdOf = (operationId: string): ApprovalId => idOfOperation('appr', operationId);

/** 1 read unit. */
export async function findApproval(table: Table, id: ApprovalId): Promise<Approval | undefined> {
  const item = await getItem(table, { pk, sk: id });
  return item && fromRecord(item);
}

/**
 * Newest first. 1 read unit per 8 approvals or so. With a status it asks the index, which lags behind by some
 * milliseconds: the decision itself never relies on it.
 */
export async function listApprovals(
  table: Table,
  { status, limit, after }: PageRequest & { readonly status?: ApprovalStatus | undefined },
): Promise<Page<Approval>> {
  const behind = after !== undefined && { ':after': after };
  const items = await queryItems(table, {
    ...(status === undefined
      ? { keys: after === undefined ? 'pk = :pk' : 'pk = :pk AND sk < :after', values: { ':pk': pk, ...behind } }
      : {
          index: statusIndex,
          keys: after === undefined ? '#status = :status' : '#status = :status AND approvalId < :after',
          names: { '#status': 'status' },
          values: { ':status': status, ...behind },
        }),
    limit: limit + 1,
    newestFirst: true,
  });
  return pageOf(items.map(fromRecord), limit, ({ id }) => id);
}

/** Refused where an approval of that id exists. */
export const proposeApprovalWrite = (table: Table, { id, proposedAt, payload, ...proposal }: Proposal): Write =>
  write({
    Put: {
      TableName: table.name,
      Item: toItem({
        pk,
        sk: id,
        approvalId: id,
        ...proposal,
        payload: JSON.stringify(payload),
        proposedAt: proposedAt.toISOString(),
        status: 'proposed',
      }),
      ConditionExpression: 'attribute_not_exists(pk)',
    },
  });

export interface DecidedApproval {
  readonly id: ApprovalId;
  readonly from: ApprovalStatus;
  readonly to: ApprovalStatus;
  readonly decidedBy: string;
  readonly decidedAt: string;
  readonly operationId: string;
  readonly reason?: string | undefined;
}

/** Compare-and-set on the state, and four eyes once more as a condition: the decider is not the proposer. */
export const decideApprovalWrite = (table: Table, decided: DecidedApproval): Write =>
  write({
    Update: {
      TableName: table.name,
      Key: toItem({ pk, sk: decided.id }),
      UpdateExpression:
        'SET #status = :to, decidedBy = :by, decidedAt = :at, operationId = :operation' +
        (decided.reason === undefined ? '' : ', reason = :reason'),
      ConditionExpression: '#status = :from AND proposedBy <> :by',
      ExpressionAttributeNames: { '#status': 'status' },
      ExpressionAttributeValues: toItem({
        ':from': decided.from,
        ':to': decided.to,
        ':by': decided.decidedBy,
        ':at': decided.decidedAt,
        ':operation': decided.operationId,
        ':reason': decided.reason,
      }),
    },
  });
