/** What the state machines of the center have in common. */
import { Duration } from 'aws-cdk-lib';
import type { IFunction } from 'aws-cdk-lib/aws-lambda';
import { LogGroup } from 'aws-cdk-lib/aws-logs';
import {
  DefinitionBody,
  type IChainable,
  LogLevel,
  type RetryProps,
  StateMachine,
  StateMachineType,
  type TaskInput,
} from 'aws-cdk-lib/aws-stepfunctions';
import { LambdaInvoke } from 'aws-cdk-lib/aws-stepfunctions-tasks';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';

export interface WorkflowStepProps {
  /** what an operator reads beside the step */
  readonly comment: string;
  readonly payload?: TaskInput;
  readonly inputPath?: string;
  readonly resultPath?: string;
  /** what is to be waited for, before the retries of faults */
  readonly retry?: RetryProps;
}

/** A function as a step that may be repeated: it overwrites its own files and finds its own writes. */
export function workflowStep(
  scope: Construct,
  name: string,
  handler: IFunction,
  { retry, ...props }: WorkflowStepProps,
): LambdaInvoke {
  const task = new LambdaInvoke(scope, name, {
    ...props,
    lambdaFunction: handler,
    payloadResponseOnly: true,
    // retried below, in the order that we want
    retryOnServiceExceptions: false,
  });
  if (retry) task.addRetry(retry);
  task.addRetry({
    errors: ['Lambda.TooManyRequestsException', 'Lambda.ServiceException', 'Lambda.AWSLambdaException'],
    interval: Duration.seconds(2),
    backoffRate: 2,
    maxDelay: Duration.minutes(1),
    maxAttempts: 8,
  });
  task.addRetry({
    errors: ['Lambda.SdkClientException', 'Lambda.Unknown', 'States.Timeout', 'States.TaskFailed'],
    interval: Duration.seconds(3),
    backoffRate: 2,
    maxAttempts: 3,
  });
  return task;
}

export interface WorkflowProps {
  readonly stage: Stage;
  /** the machine is called `<name>-<stage>` */
  readonly name: string;
  readonly comment: string;
  readonly start: IChainable;
  readonly timeout: Duration;
}

/** A standard state machine that is traced and logs every step, without the data. */
export const workflowMachine = (
  scope: Construct,
  { stage, name, comment, start, timeout }: WorkflowProps,
): StateMachine =>
  new StateMachine(scope, 'StateMachine', {
    stateMachineName: `${name}-${stage.name}`,
    stateMachineType: StateMachineType.STANDARD,
    comment,
    definitionBody: DefinitionBody.fromChainable(start),
    timeout,
    tracingEnabled: true,
    logs: {
      destination: new LogGroup(scope, 'Logs', { retention: stage.logRetention }),
      level: LogLevel.ALL,
      includeExecutionData: false,
    },
  });
