import { Duration } from 'aws-cdk-lib';
import type { Function as LambdaFunction } from 'aws-cdk-lib/aws-lambda';
import type { Construct } from 'constructs';
import {
  confirmTopUpRoute,
  createRefundRoute,
  createTopUpRoute,
  createWithdrawalRoute,
} from '../../../functions/payments/routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannels } from '../../constructs/channel-access.ts';
import { FollowUpQueue } from '../../constructs/follow-up-queue.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** Three channels at most are asked, three seconds each; the record of an Idempotency-Key is held for longer. */
const createTimeout = Duration.seconds(20);

/** The routes of the context `payments`, each with the least that its function may do, and the follow-up queue, which it answers. */
export function addPaymentsRoutes(
  home: Construct,
  api: RouteAdder,
  data: DataStack,
  sandbox?: SandboxStack,
): FollowUpQueue {
  const followUps = new FollowUpQueue(home, 'FollowUps', { stage: api.stage });
  grantAsking(followUps.worker, { api, data, sandbox });

  const topUp = api.serve('CreateTopUp', createTopUpRoute, {
    entry: 'payments/handlers/create-top-up.ts',
    whenItFails: 'Members cannot top up',
    timeout: createTimeout,
  });
  const withdrawal = api.serve('CreateWithdrawal', createWithdrawalRoute, {
    entry: 'payments/handlers/create-withdrawal.ts',
    whenItFails: 'Members cannot withdraw',
    timeout: createTimeout,
  });
  const confirm = api.serve('ConfirmTopUp', confirmTopUpRoute, {
    entry: 'payments/handlers/confirm-top-up.ts',
    whenItFails: 'Members cannot confirm a top-up with the code that they got',
    timeout: createTimeout,
  });
  const refund = api.serve('CreateRefund', createRefundRoute, {
    entry: 'payments/handlers/create-refund.ts',
    whenItFails: 'Business apps cannot pay top-ups back',
    timeout: createTimeout,
  });
  for (const handler of [topUp, withdrawal, confirm, refund]) grantAsking(handler, { api, data, sandbox });
  for (const handler of [topUp, withdrawal]) {
    handler.addEnvironment('PARTIES_TABLE', data.partiesTable.tableName);
    data.partiesTable.grant(handler, 'dynamodb:GetItem');
  }
  for (const handler of [topUp, withdrawal, refund]) followUps.letSend(handler);
  return followUps;
}

/** Asking channels about payments, and booking what they say. */
export function grantAsking(
  handler: LambdaFunction,
  {
    api,
    data,
    sandbox,
  }: { readonly api: RouteAdder; readonly data: DataStack; readonly sandbox: SandboxStack | undefined },
): void {
  grantBooking(handler, data);
  grantChannels(handler, data, sandbox);
  handler.addEnvironment('CALLBACK_BASE_URL', api.url);
}

/** Changing payments together with their postings, which are only ever added. */
export function grantBooking(handler: LambdaFunction, data: DataStack): void {
  grantPayments(handler, data, 'dynamodb:GetItem', 'dynamodb:PutItem');
  handler.addEnvironment('LEDGER_TABLE', data.ledgerTable.tableName);
  data.ledgerTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  // what payments take under limits and of reserves, and give back
  handler.addEnvironment('CHANNELS_TABLE', data.channelsTable.tableName);
  data.channelsTable.grant(handler, 'dynamodb:UpdateItem');
}

export function grantPayments(handler: LambdaFunction, data: DataStack, ...actions: readonly string[]): void {
  handler.addEnvironment('PAYMENTS_TABLE', data.paymentsTable.tableName);
  data.paymentsTable.grant(handler, ...actions);
}
