import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import { Rule, Schedule } from 'aws-cdk-lib/aws-events';
import { LambdaFunction } from 'aws-cdk-lib/aws-events-targets';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import { grantChannels } from '../constructs/channel-access.ts';
import { ServiceFunction } from '../constructs/service-function.ts';
import type { Stage } from '../stages.ts';
import { addPartiesRoutes } from './api/parties-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface PartiesStackProps extends StackProps {
  readonly stage: Stage;
  readonly center: CenterApi;
  readonly data: DataStack;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** Institutions, members, bindings and verifications: their routes, and what looks after them when nobody asks. */
export class PartiesStack extends Stack {
  constructor(scope: Construct, id: string, { stage, center, data, sandbox, ...props }: PartiesStackProps) {
    super(scope, id, props);
    addPartiesRoutes(center.from(this), data, sandbox);
    this.sweep(stage, data, sandbox);
    this.resealing(stage, data);
  }

  private sweep(stage: Stage, data: DataStack, sandbox?: SandboxStack): void {
    const sweeper = new ServiceFunction(this, 'Sweep', {
      stage,
      entry: 'parties/handlers/sweep-parties.ts',
      purpose:
        'Asks what became of verifications without a verdict, and ends what waited too long for a code or amount',
      whenItFails: 'Verifications whose channel fell silent stay without a verdict',
      timeout: Duration.seconds(55),
      environment: {
        PARTIES_TABLE: data.partiesTable.tableName,
        LEDGER_TABLE: data.ledgerTable.tableName,
        TIME_ZONE: stage.timeZone,
      },
    });
    data.partiesTable.grant(
      sweeper,
      'dynamodb:GetItem',
      'dynamodb:Query',
      'dynamodb:PutItem',
      'dynamodb:UpdateItem',
      'dynamodb:DeleteItem',
    );
    data.ledgerTable.grant(sweeper, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    grantChannels(sweeper, data, sandbox);
    new Rule(this, 'EachMinute', {
      description: 'Wakes the function that looks after verifications and bindings',
      schedule: Schedule.rate(Duration.minutes(1)),
      targets: [new LambdaFunction(sweeper, { retryAttempts: 0, maxEventAge: Duration.minutes(1) })],
    });
  }

  /** Called by hand when the key for personal data was replaced or rotated: functions/parties/README.md tells how. */
  private resealing(stage: Stage, data: DataStack): void {
    const reseal = new ServiceFunction(this, 'ResealNumbers', {
      stage,
      entry: 'parties/handlers/reseal-numbers.ts',
      purpose: 'Seals card and identity numbers anew under the key in force',
      whenItFails: 'An old key for personal data cannot be retired yet',
      timeout: Duration.minutes(15),
      environment: {
        PARTIES_TABLE: data.partiesTable.tableName,
        PERSONAL_DATA_KEY_ARN: data.personalDataKey.keyArn,
      },
    });
    data.partiesTable.grant(reseal, 'dynamodb:Scan', 'dynamodb:UpdateItem');
    data.personalDataKey.grant(reseal, 'kms:Decrypt', 'kms:GenerateDataKey');
  }
}
