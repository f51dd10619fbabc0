import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { AuditStack } from '../../../lib/stacks/audit-stack.ts';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { stageNamed } from '../../../lib/stages.ts';

function template(stageName: string): Template {
  // what the functions hold is proved by the deployed tests: no bundling here
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stage = stageNamed(stageName);
  const data = new DataStack(app, 'Data', { stage });
  return Template.fromStack(new AuditStack(app, 'Audit', { stage, data }));
}

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Error?: string;
  readonly CausePath?: string;
  readonly Retry?: readonly unknown[];
  readonly ItemReader?: unknown;
  readonly ItemProcessor?: Machine & { readonly ProcessorConfig: { readonly Mode: string } };
  readonly Choices?: readonly { readonly StringEquals?: string; readonly Next: string }[];
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

describe('the audit stack', () => {
  const stack = template('production');
  const machine = machineOf(stack);
  const state = (name: string): State => {
    const found = machine.States[name];
    if (!found) throw new Error(`there is no state ${name}`);
    return found;
  };

  test('plans, reads, joins and concludes, and looks a second time before it calls the ledger damaged', () => {
    expect(machine.StartAt).toBe('Plan');
    expect(['Plan', 'ScanParts', 'JoinShards', 'Conclude'].map((name) => state(name).Next)).toEqual([
      'ScanParts',
      'JoinShards',
      'Conclude',
      'What stands?',
    ]);
    expect(state('What stands?').Default).toBe('Damaged');
    expect(state('What stands?').Choices?.map((choice) => [choice.StringEquals, choice.Next])).toEqual([
      ['clean', 'Clean'],
      ['again', 'Look again'],
    ]);
    expect(state('Look again').Next).toBe('ScanParts');
    expect(state('Damaged')).toMatchObject({ Type: 'Fail', Error: 'LedgerDamaged' });
    expect(state('Damaged').CausePath).toBe('States.JsonToString($.concluded)');
  });

  test('reads parts and joins shards in distributed maps over files, and goes on with a part that takes long', () => {
    for (const name of ['ScanParts', 'JoinShards']) {
      expect(state(name).ItemReader).toBeDefined();
      expect(state(name).ItemProcessor?.ProcessorConfig.Mode).toBe('DISTRIBUTED');
    }
    const part = state('ScanParts').ItemProcessor?.States ?? {};
    expect(part['Scan part']?.Next).toBe('Is it at its end?');
    expect(part['Is it at its end?']?.Default).toBe('Scan part');
  });

  test('may only read the tables, and write nothing but its own files', () => {
    const actions = Object.values(stack.findResources('AWS::IAM::Policy'))
      .flatMap(({ Properties }) => Properties.PolicyDocument.Statement)
      .flatMap(({ Action }: { Action: string | string[] }) => Action)
      .filter((action) => /^(dynamodb|s3):/.test(action));
    expect(new Set(actions)).toEqual(
      new Set(['dynamodb:DescribeTable', 'dynamodb:Scan', 'dynamodb:GetItem', 's3:GetObject', 's3:PutObject']),
    );
  });

  test('runs every week in production, and elsewhere when it is asked to', () => {
    stack.hasResourceProperties('AWS::Events::Rule', {
      ScheduleExpression: 'cron(0 18 ? * SUN *)',
      State: 'ENABLED',
    });
    template('staging').hasResourceProperties('AWS::Events::Rule', { State: 'DISABLED' });
  });

  test('calls somebody when an audit ends badly or not at all', () => {
    for (const MetricName of ['ExecutionsFailed', 'ExecutionsTimedOut']) {
      stack.hasResourceProperties('AWS::CloudWatch::Alarm', {
        MetricName,
        Threshold: 1,
        AlarmDescription: Match.stringLikeRegexp('nobody can say that the books are right'),
      });
    }
  });
});
