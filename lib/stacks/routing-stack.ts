import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import { grantChannels } from '../constructs/channel-access.ts';
import { LogAlarm } from '../constructs/log-alarm.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import { StreamRelay } from '../constructs/stream-relay.ts';
import type { Stage } from '../stages.ts';
import { addRoutingRoutes } from './api/routing-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface RoutingStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly center: CenterApi;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** What routing learns by: how payments fare at each channel, and what lies there to pay out of. */
export class RoutingStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, center, sandbox, ...props }: RoutingStackProps) {
    super(scope, id, props);
    this.observePayments(stage, data);
    this.refreshReserves(stage, data, sandbox);
    addRoutingRoutes(center.from(this), data, sandbox);
  }

  private observePayments(stage: Stage, { paymentsTable, channelsTable }: DataStack): void {
    const { relay } = new StreamRelay(this, 'ObservePayments', {
      stage,
      table: paymentsTable,
      sortKey: 'PAYMENT',
      entry: 'payments/handlers/observe-payments.ts',
      purpose: 'Counts what came of asking channels, and opens and closes their circuits',
      whenItFails: 'Payments go on being sent to channels that are down, since nobody counts what came of them',
      environment: { CHANNELS_TABLE: channelsTable.tableName },
    });
    channelsTable.grant(relay, 'dynamodb:Query', 'dynamodb:UpdateItem');
    new LogAlarm(this, 'CircuitOpened', {
      handler: relay,
      message: 'channel circuit opened',
      metricName: 'ChannelCircuitsOpened',
      description:
        'The success rate of a channel has collapsed: its payments go to other channels, or are refused without one',
    });
  }

  private refreshReserves(stage: Stage, data: DataStack, sandbox?: SandboxStack): void {
    const refresher = new ServiceFunction(this, 'RefreshReserves', {
      stage,
      entry: 'channels/handlers/refresh-reserves.ts',
      purpose: 'Asks channels what lies there to pay out of, and says where it is little',
      whenItFails: 'Merchant reserves are not brought up to date: payouts may be refused although money lies there',
      timeout: Duration.seconds(55),
    });
    grantChannels(refresher, data, sandbox);
    data.channelsTable.grant(refresher, 'dynamodb:PutItem', 'dynamodb:UpdateItem');
    new Rule(this, 'EachMinute', {
      description: 'Wakes the function that looks at merchant reserves',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(refresher, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
    new LogAlarm(this, 'ReserveLow', {
      handler: refresher,
      message: 'merchant reserve low',
      metricName: 'MerchantReservesLow',
      description: 'Little is left at a channel to pay out of: payouts will be refused unless the reserve is topped up',
    });
  }
}
