import { Duration } from 'aws-cdk-lib';
import { Alarm, ComparisonOperator, TreatMissingData } from 'aws-cdk-lib/aws-cloudwatch';
import { Architecture, Function as LambdaFunction, LoggingFormat, Runtime, Tracing } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import type { Construct } from 'constructs';
import { nodeOptions } from '../node-options.ts';
import type { Stage } from '../stages.ts';
import { bundledHandler } from './bundled-handler.ts';

export interface ServiceFunctionProps {
  readonly stage: Stage;
  /** the handler's file under `functions/`, such as `payments/handlers/create-top-up.ts` */
  readonly entry: string;
  /** what the function does, shown in the console */
  readonly purpose: string;
  /** what breaks for whom when it fails: the text of its alarm */
  readonly whenItFails: string;
  readonly environment?: Record<string, string>;
  /** default 20 s; API Gateway waits 30 s at most */
  readonly timeout?: Duration;
  /** default 512 MB */
  readonly memoryMegabytes?: number;
}

/** A Lambda function with the house's defaults: Node 24 on arm64, ESM bundle, JSON logs with retention, tracing, alarm. */
export class ServiceFunction extends LambdaFunction {
  readonly errorAlarm: Alarm;

  constructor(scope: Construct, id: string, props: ServiceFunctionProps) {
    super(scope, id, {
      code: bundledHandler(scope, props.entry),
      handler: 'index.handler',
      description: props.purpose,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      memorySize: props.memoryMegabytes ?? 512,
      timeout: props.timeout ?? Duration.seconds(20),
      tracing: Tracing.ACTIVE,
      loggingFormat: LoggingFormat.JSON,
      logGroup: new LogGroup(scope, `${id}Logs`, { retention: props.stage.logRetention }),
      environment: { NODE_OPTIONS: nodeOptions.join(' '), ...props.environment },
    });
    this.errorAlarm = new Alarm(this, 'Errors', {
      alarmDescription: props.whenItFails,
      metric: this.metricErrors({ period: Duration.minutes(5) }),
      threshold: 1,
      evaluationPeriods: 1,
      comparisonOperator: ComparisonOperator.GREATER_THAN_OR_EQUAL_TO_THRESHOLD,
      treatMissingData: TreatMissingData.NOT_BREACHING,
    });
  }
}
