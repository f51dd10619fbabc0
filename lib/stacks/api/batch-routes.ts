import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import {
  createWithdrawalBatchRoute,
  getWithdrawalBatchRoute,
} from '../../../functions/payments/batches/batch-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { FollowUpQueue } from '../../constructs/follow-up-queue.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';
import { grantAsking, grantPayments } from './payments-routes.ts';

export interface BatchRoutesProps {
  readonly data: DataStack;
  readonly followUps: FollowUpQueue;
  readonly sandbox?: SandboxStack | undefined;
}

/** Batches of withdrawals, and the queue that carries them on, which it answers. */
export function addBatchRoutes(home: Construct, api: RouteAdder, props: BatchRoutesProps): WorkQueue {
  const { data, followUps, sandbox } = props;
  const queue = new WorkQueue(home, 'Batches', {
    stage: api.stage,
    entry: 'payments/handlers/carry-batches-on.ts',
    purpose: 'Sends the lines of batches to their channels, one order for each',
    whenItFails:
      'Batches of withdrawals are stored and not sent: their lines fail one by one and the money is released',
    urlVariable: 'BATCH_QUEUE_URL',
    // `carrySeconds`, within which nobody else takes the batch
    timeout: Duration.seconds(180),
    batchSize: 1,
    environment: { TIME_ZONE: api.stage.timeZone },
  });
  const create = api.serve('CreateWithdrawalBatch', createWithdrawalBatchRoute, {
    entry: 'payments/handlers/create-withdrawal-batch.ts',
    whenItFails: 'Business apps cannot pay out in batches',
    // it stores for twelve seconds at most
    timeout: Duration.seconds(20),
    memoryMegabytes: 1769,
  });
  queue.letSend(create);
  for (const handler of [create, queue.worker]) {
    grantAsking(handler, { api, data, sandbox });
    grantPayments(handler, data, 'dynamodb:Query');
    followUps.letSend(handler);
    handler.addEnvironment('PARTIES_TABLE', data.partiesTable.tableName);
    data.partiesTable.grant(handler, 'dynamodb:GetItem');
  }
  const get = api.serve('GetWithdrawalBatch', getWithdrawalBatchRoute, {
    entry: 'payments/handlers/get-withdrawal-batch.ts',
    whenItFails: 'Business apps cannot see what became of a batch',
  });
  grantPayments(get, data, 'dynamodb:GetItem', 'dynamodb:Query');
  return queue;
}
