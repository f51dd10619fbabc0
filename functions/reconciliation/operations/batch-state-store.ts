/**
 * What an execution's end and an operator's hand do to a batch. Each is a compare-and-set on the status and, where executions
 * are concerned, on which one: news of an earlier attempt changes nothing. 1 write unit, and 1 for each of the two indexes.
 */
import { UpdateItemCommand } from '@aws-sdk/client-dynamodb';
import type { ReconciliationId } from '../../kernel/ids.ts';
import { conditionHolds, type Table, toItem } from '../../kernel/table.ts';
import { type Write, write } from '../../kernel/write.ts';
import type { Cancellation } from '../batch.ts';
import type { BatchStatus } from '../batch-status.ts';
import { batchKey } from '../batch-store.ts';

/** What Step Functions tells of an execution: which one, and how often it has been redriven. */
export interface ExecutionNews {
  readonly executionName: string;
  readonly redrives: number;
}

/** @returns whether the batch was at work in this execution; one that has ended keeps its end. */
export const noteFault = (table: Table, id: ReconciliationId, news: ExecutionNews): Promise<boolean> =>
  change(table, id, {
    update: 'SET #status = :failed, redrives = :redrives',
    condition:
      '#status = :running AND executionName = :executionName AND (attribute_not_exists(redrives) OR redrives <= :redrives)',
    values: { ':failed': 'failed', ':running': 'running', ...newsValues(news) },
  });

/** Somebody has redriven the execution, perhaps in the console. News come in any order: the count tells which are old. */
export const noteRedriven = (table: Table, id: ReconciliationId, news: ExecutionNews): Promise<boolean> =>
  change(table, id, {
    update: 'SET #status = :running, redrives = :redrives',
    condition:
      '#status IN (:failed, :running) AND executionName = :executionName AND (attribute_not_exists(redrives) OR redrives < :redrives)',
    values: { ':failed': 'failed', ':running': 'running', ...newsValues(news) },
  });

const newsValues = ({ executionName, redrives }: ExecutionNews) => ({
  ':executionName': executionName,
  ':redrives': redrives,
});

/** Before the execution is redriven, so that its own end is never overwritten. */
export const takeUpAgain = (table: Table, id: ReconciliationId, executionName: string): Promise<boolean> =>
  change(table, id, {
    update: 'SET #status = :running',
    condition: '#status = :failed AND executionName = :executionName',
    values: { ':failed': 'failed', ':running': 'running', ':executionName': executionName },
  });

export interface Attempt {
  readonly attempt: number;
  readonly executionName: string;
  /** the execution in whose place it comes */
  readonly after: string;
  /** as it was read: it stays */
  readonly status: BatchStatus;
}

export const beginAttempt = (table: Table, id: ReconciliationId, begun: Attempt): Promise<boolean> =>
  change(table, id, {
    update: 'SET attempt = :attempt, executionName = :executionName REMOVE redrives',
    condition: '#status = :status AND executionName = :after',
    values: {
      ':attempt': begun.attempt,
      ':executionName': begun.executionName,
      ':after': begun.after,
      ':status': begun.status,
    },
  });

/** From here on the batch can't be cancelled. @returns false where it was cancelled before */
export const beginPosting = (table: Table, id: ReconciliationId, at: Date): Promise<boolean> =>
  change(table, id, begunPosting(at));

/** The same as part of a transaction; broken where it was cancelled before. */
export const beginPostingWrite = (table: Table, id: ReconciliationId, at: Date): Write =>
  write({ Update: updateOf(table, id, begunPosting(at)) });

const begunPosting = (at: Date): Change => ({
  update: 'SET postingSince = if_not_exists(postingSince, :at)',
  condition: 'attribute_exists(pk) AND #status <> :cancelled',
  values: { ':cancelled': 'cancelled', ':at': at.toISOString() },
});

/** @returns false where it has begun to post, or has ended */
export const cancelBatch = (table: Table, id: ReconciliationId, cancellation: Cancellation): Promise<boolean> => {
  const at = cancellation.at.toISOString();
  return change(table, id, {
    update: 'SET #status = :cancelled, cancellation = :cancellation, finishedAt = :at',
    condition: '#status IN (:failed, :running) AND attribute_not_exists(postingSince)',
    values: {
      ':failed': 'failed',
      ':running': 'running',
      ':cancelled': 'cancelled',
      ':cancellation': { ...cancellation, at },
      ':at': at,
    },
  });
};

interface Change {
  readonly update: string;
  readonly condition: string;
  readonly values: object;
}

const change = (table: Table, id: ReconciliationId, made: Change): Promise<boolean> =>
  conditionHolds(table.client.send(new UpdateItemCommand(updateOf(table, id, made))));

const updateOf = (table: Table, id: ReconciliationId, { update, condition, values }: Change) => ({
  TableName: table.name,
  Key: toItem(batchKey(id)),
  UpdateExpression: update,
  ConditionExpression: condition,
  ExpressionAttributeNames: { '#status': 'status' },
  ExpressionAttributeValues: toItem(values),
});
