import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { resumableSteps } from '../../../functions/reconciliation/operations/resumption.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { ReconciliationStack } from '../../../lib/stacks/reconciliation-stack.ts';
import { stageNamed } from '../../../lib/stages.ts';

function template(emulatorOrigin?: string): Template {
  // what the functions hold is proved by the deployed tests: no bundling here
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stage = stageNamed('check', emulatorOrigin);
  const data = new DataStack(app, 'Data', { stage });
  return Template.fromStack(new ReconciliationStack(app, 'Reconciliation', { stage, data }));
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly Branches?: readonly Machine[];
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig: { readonly Mode: string } };
  readonly ItemReader?: unknown;
  readonly MaxConcurrency?: number;
  readonly Error?: string;
  readonly CausePath?: string;
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The definition as Step Functions gets it; references are left out. */
function machineOf(stack: Template): Machine {
  const [found] = Object.values(stack.findResources('AWS::StepFunctions::StateMachine'));
  const parts: unknown[] = found?.['Properties'].DefinitionString['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(''));
}

const statesOf = ({ States }: Machine): [string, State][] =>
  Object.entries(States).flatMap(([name, state]): [string, State][] => [
    [name, state],
    ...(state.Branches ?? []).flatMap(statesOf),
    ...(state.ItemProcessor ? statesOf(state.ItemProcessor) : []),
  ]);

describe('the reconciliation stack', () => {
  const stack = template();
  const machine = machineOf(stack);
  const states = new Map(statesOf(machine));

  test('goes through the steps by the names that operators know', () => {
    const path: string[] = [];
    for (let name: string | undefined = machine.StartAt; name; ) {
      path.push(name);
      const state: State | undefined = machine.States[name];
      name = state?.Type === 'Choice' ? (state as { Default?: string }).Default : state?.Next;
    }
    expect(path.filter((name) => !name.endsWith('?'))).toEqual([
      'Identify',
      'Plan',
      'Stage',
      'Match',
      'Conclude',
      'Handle',
      'Settle',
      'Report',
      'Differing',
    ]);
    expect(states.get('Balanced')?.Type).toBe('Succeed');
    expect(states.get('Rejected')).toMatchObject({
      Type: 'Fail',
      Error: 'StatementRejected',
      CausePath: 'States.JsonToString($.quarantined)',
    });
  });

  test('can begin at each step at which an attempt may have failed', () => {
    const { Choices = [], Default } = machine.States['Where does it begin?'] as {
      Choices?: { And: { StringEquals?: string }[]; Next: string }[];
      Default?: string;
    };
    const ways = Choices.map(({ And, Next }) => [And.find((each) => each.StringEquals)?.StringEquals, Next]);
    expect([...ways.map(([step]) => step), Default].sort()).toEqual([...resumableSteps].sort());
    expect(ways.every(([step, next]) => step === next)).toBe(true);
  });

  test('works on both sides and on shards in distributed maps that read their items from S3, so many at a time', () => {
    const maps = [...states].filter(([, { Type }]) => Type === 'Map');
    expect(maps.map(([name]) => name)).toEqual(['Stage channel rows', 'Stage own payments', 'Match']);
    for (const [, map] of maps) {
      expect(map.ItemProcessor?.ProcessorConfig.Mode).toBe('DISTRIBUTED');
      expect(map.ItemReader).toMatchObject({ ReaderConfig: { InputType: 'JSON' } });
      expect(map.MaxConcurrency).toBe(40);
    }
  });

  test('repeats every task after a fault, and Conclude while an earlier version is at work', () => {
    const tasks = [...states].filter(([, { Type }]) => Type === 'Task');
    expect(tasks).toHaveLength(10);
    for (const [, { Retry = [] }] of tasks) {
      const errors = Retry.flatMap(({ ErrorEquals }) => ErrorEquals);
      expect(errors).toEqual(expect.arrayContaining(['Lambda.TooManyRequestsException', 'States.TaskFailed']));
    }
    expect(states.get('Conclude')?.Retry?.[0]?.ErrorEquals).toEqual(['EarlierVersionRunning']);
  });

  test('is logged without the data that it carries, traced, and raises an alarm when an execution fails', () => {
    stack.hasResourceProperties('AWS::StepFunctions::StateMachine', {
      LoggingConfiguration: { IncludeExecutionData: false, Level: 'ALL' },
      TracingConfiguration: { Enabled: true },
    });
    stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
      MetricName: 'ExecutionsFailed',
      AlarmDescription: Match.stringLikeRegexp('not settled'),
    });
  });

  test('may start executions of itself for its maps', () => {
    stack.hasResourceProperties('AWS::IAM::Policy', {
      PolicyDocument: {
        Statement: Match.arrayWith([Match.objectLike({ Action: 'states:StartExecution', Effect: 'Allow' })]),
      },
    });
  });

  test('hears of objects under statements/ alone, so that quarantined copies and reports start nothing', () => {
    stack.hasResourceProperties('AWS::Events::Rule', {
      EventPattern: {
        source: ['aws.s3'],
        'detail-type': ['Object Created'],
        detail: { object: { key: [{ prefix: 'statements/' }] } },
      },
    });
  });

  test('forgets working files after a month and keeps them to itself', () => {
    stack.hasResourceProperties('AWS::S3::Bucket', {
      LifecycleConfiguration: {
        Rules: [Match.objectLike({ ExpirationInDays: 30, AbortIncompleteMultipartUpload: { DaysAfterInitiation: 1 } })],
      },
      PublicAccessBlockConfiguration: Match.objectLike({ BlockPublicPolicy: true }),
    });
  });

  test('writes nothing under statements/', () => {
    const policies = Object.values(stack.findResources('AWS::IAM::Policy'));
    const writing = policies
      .flatMap((policy) => policy['Properties'].PolicyDocument.Statement)
      .filter(({ Action }) => [Action].flat().includes('s3:PutObject'));
    expect(writing.length).toBeGreaterThan(0);
    expect(JSON.stringify(writing)).not.toContain('/statements/');
  });

  test('tells operators where to look', () => {
    const url = (each: Template) => JSON.stringify(Object.values(each.findOutputs('ConsoleUrl'))[0]?.['Value']);
    expect(url(stack)).toContain('.console.aws.amazon.com/states/home?region=');
    expect(url(template('http://localhost:4566'))).toContain('http://localhost:4566/');
  });
});
