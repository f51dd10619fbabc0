import { Duration } from 'aws-cdk-lib';
import {
  getCallbackRoute,
  listCallbacksRoute,
  receiveCallbackPath,
} from '../../../functions/payments/callbacks/callback-routes.ts';
import type { CenterApi, RouteAdder } from '../../constructs/center-api.ts';
import { grantChannels } from '../../constructs/channel-access.ts';
import { LogAlarm } from '../../constructs/log-alarm.ts';
import type { ServiceFunction } from '../../constructs/service-function.ts';
import { WorkQueue } from '../../constructs/work-queue.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';
import { grantBooking, grantPayments } from './payments-routes.ts';

/**
 * Where channels call, and the queue of those messages whose payment is not there yet.
 *
 * @returns the queue, for the sweep to send to
 */
export function addCallbackReception(api: CenterApi, data: DataStack, sandbox?: SandboxStack): WorkQueue {
  const looks = new WorkQueue(api, 'CallbackLooks', {
    stage: api.stage,
    entry: 'payments/handlers/look-at-callbacks.ts',
    purpose: 'Looks again at messages of channels whose payment was not there',
    whenItFails: 'What channels told of payments is kept and is not in the books: members wait for their money',
    urlVariable: 'LOOK_QUEUE_URL',
    timeout: Duration.seconds(30),
    batchSize: 10,
    environment: { TIME_ZONE: api.stage.timeZone },
  });
  const receive = api.receive('ReceiveCallback', receiveCallbackPath, {
    entry: 'payments/handlers/receive-callback.ts',
    whenItFails:
      'Channels call and are not heard: payments wait for their follow-up, returned payouts for the statement',
    // a busy day has a few hundred payments a second; whoever floods the route leaves the others alone
    throttle: { rateLimit: 500, burstLimit: 500 },
  });
  looks.letSend(receive);
  for (const handler of [receive, looks.worker]) {
    grantBooking(handler, data);
    grantChannels(handler, data, sandbox);
    grantDifferences(handler, data);
    alarmFor(handler);
  }
  new LogAlarm(receive, 'Rejected', {
    handler: receive,
    message: 'callback rejected',
    metricName: 'CallbacksRejected',
    threshold: 20,
    description:
      'Many messages in the name of a channel are not signed by it: its key has changed, or somebody tries to forge',
  });
  new LogAlarm(receive, 'Unreadable', {
    handler: receive,
    message: 'callback unreadable',
    metricName: 'CallbacksUnreadable',
    description:
      'A channel sends signed messages that its adapter does not understand: what they say is not in the books',
  });
  return looks;
}

/** A contradiction is a difference at once: it is written with its posting, and stands where the statement will look for it. */
export function grantDifferences(handler: ServiceFunction, data: DataStack): void {
  handler.addEnvironment('RECONCILIATION_TABLE', data.reconciliationTable.tableName);
  data.reconciliationTable.grant(
    handler,
    'dynamodb:GetItem',
    'dynamodb:Query',
    'dynamodb:PutItem',
    'dynamodb:ConditionCheckItem',
  );
}

function alarmFor(handler: ServiceFunction): void {
  new LogAlarm(handler, 'Contradicting', {
    handler,
    message: 'callback contradicts the books',
    metricName: 'CallbacksContradicting',
    description: 'A channel says the opposite of what the books say: money may have moved that is not booked',
  });
  new LogAlarm(handler, 'Unmatched', {
    handler,
    message: 'callback belongs to no payment',
    metricName: 'CallbacksUnmatched',
    description: 'A channel tells of an order that is not ours: money may have moved that is not booked',
  });
}

/** What operators see of the messages of channels. */
export function addCallbackRoutes(api: RouteAdder, data: DataStack): void {
  const list = api.serve('ListCallbacks', listCallbacksRoute, {
    entry: 'payments/handlers/list-callbacks.ts',
    whenItFails: 'Operators cannot see which messages of channels are not in the books',
  });
  const get = api.serve('GetCallback', getCallbackRoute, {
    entry: 'payments/handlers/get-callback.ts',
    whenItFails: 'Operators cannot look a message of a channel up',
  });
  grantPayments(list, data, 'dynamodb:GetItem', 'dynamodb:Query');
  grantPayments(get, data, 'dynamodb:GetItem');
}
