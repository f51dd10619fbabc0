import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { leaseMs } from '../../../functions/ledger/business-date-store.ts';
import { stageNamed } from '../../../lib/stages.ts';
import { resourcesOf, type Stack, synthesise } from '../../support/synthesised.ts';

let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('production');
});

const inClosing = (type: string) => resourcesOf(stacks, type).filter(({ stack }) => stack === 'Closing');

interface State {
  readonly Type: string;
  readonly Next?: string;
  readonly Default?: string;
  readonly Choices?: readonly { readonly Next: string }[];
  readonly Branches?: readonly Machine[];
  readonly Retry?: readonly { readonly ErrorEquals: readonly string[] }[];
  readonly TimestampPath?: string;
}

interface Machine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
}

/** The definition as Step Functions gets it; references are left out. */
function machine(): Machine {
  const [found] = inClosing('AWS::StepFunctions::StateMachine');
  const definition = z
    .object({ 'Fn::Join': z.tuple([z.string(), z.array(z.unknown())]) })
    .parse(found?.resource.Properties['DefinitionString']);
  const parts = definition['Fn::Join'][1];
  return JSON.parse(parts.map((part) => (typeof part === 'string' ? part : 'reference')).join(''));
}

const pathOf = ({ StartAt, States }: Machine, until?: string): string[] => {
  const path: string[] = [];
  for (let name: string | undefined = StartAt; name && !path.includes(name); ) {
    path.push(name);
    const state: State | undefined = States[name];
    name = state?.Choices?.[0]?.Next ?? state?.Next;
    if (name === until) break;
  }
  return path;
};

describe('the close of business days', () => {
  test('goes through the steps by the names that operators know, and on to the next day', () => {
    const { States } = machine();
    expect(pathOf(machine())).toEqual(['NextDay', 'Is a day to be closed?', 'Wait', 'CloseDay']);
    expect(States['CloseDay']?.Next).toBe('NextDay');
    expect(States['Is a day to be closed?']?.Default).toBe('Closed');
    const [branch] = States['CloseDay']?.Branches ?? [];
    expect(branch && pathOf(branch)).toEqual(['Close shards', 'Plan institutions', 'Close institutions', 'Conclude']);
  });

  test('does a whole day again while the index is behind', () => {
    expect(machine().States['CloseDay']?.Retry?.map(({ ErrorEquals }) => ErrorEquals)).toEqual([['IndexBehind']]);
  });

  test('waits longer than any function that posts can go by a date that it has read', () => {
    const posting = z.object({ Environment: z.object({ Variables: z.record(z.string(), z.unknown()) }) });
    const timeouts = resourcesOf(stacks, 'AWS::Lambda::Function')
      .filter(({ stack, resource }) => {
        const variables = posting.safeParse(resource.Properties).data?.Environment.Variables ?? {};
        return stack !== 'Closing' && stack !== 'Audit' && 'LEDGER_TABLE' in variables;
      })
      .map(({ resource }) => Number(resource.Properties['Timeout']));
    expect(timeouts.length).toBeGreaterThan(5);
    const longest = Math.max(...timeouts) + leaseMs / 1_000;
    expect(stageNamed('production').closeGraceSeconds).toBeGreaterThan(longest);
    expect(stageNamed('local', 'http://localhost:4566').closeGraceSeconds * 1_000).toBeGreaterThan(leaseMs);
    expect(machine().States['Wait']?.TimestampPath).toBe('$.next.readyAt');
  });

  test('is started at midnight of the time zone, and watched every hour', () => {
    const schedules = inClosing('AWS::Scheduler::Schedule').map(({ resource }) => [
      resource.Properties['ScheduleExpression'],
      resource.Properties['ScheduleExpressionTimezone'],
    ]);
    expect(schedules.sort()).toEqual([
      ['cron(0 0 * * ? *)', 'Asia/Shanghai'],
      ['cron(5 * * * ? *)', 'Asia/Shanghai'],
    ]);
  });

  test('raises an alarm that says what is missing when it fails', () => {
    const [alarm] = inClosing('AWS::CloudWatch::Alarm').filter(
      ({ resource }) => resource.Properties['MetricName'] === 'ExecutionsFailed',
    );
    expect(alarm?.resource.Properties['AlarmDescription']).toContain('finance has no figures');
  });

  test('keeps its files private, versioned and encrypted, for ten years where it counts', () => {
    const [books] = resourcesOf(stacks, 'AWS::S3::Bucket').filter(({ id }) => id.startsWith('Books'));
    expect(books?.resource.Properties).toMatchObject({
      VersioningConfiguration: { Status: 'Enabled' },
      BucketEncryption: {},
      PublicAccessBlockConfiguration: { BlockPublicAcls: true, RestrictPublicBuckets: true },
      LifecycleConfiguration: {
        Rules: expect.arrayContaining([
          expect.objectContaining({ Prefix: 'general-ledger/', ExpirationInDays: 3_650 }),
          expect.objectContaining({ Prefix: 'balances/', ExpirationInDays: 3_650 }),
          expect.objectContaining({ Prefix: 'work/', ExpirationInDays: 30 }),
        ]),
      },
    });
  });
});
