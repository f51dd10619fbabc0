import { beforeAll, describe, expect, test } from '@jest/globals';
import { type Found, resourcesOf, type Stack, synthesise } from '../support/synthesised.ts';

let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('staging');
});

const named = (type: string, name: RegExp): Found => {
  const found = resourcesOf(stacks, type).filter(({ id }) => name.test(id));
  const [only] = found;
  if (only === undefined || found.length > 1) throw new Error(`${found.length} of ${type} are named like ${name}`);
  return only;
};
const propertiesOf = (type: string, name: RegExp) => named(type, name).resource.Properties;

describe('the follow-up queue', () => {
  const queues = { main: /FollowUpsQueue[0-9A-F]+$/, dead: /FollowUpsDeadLetters[0-9A-F]+$/ };

  test.each(Object.entries(queues))('(%s) is encrypted, and outlives its stack', (_, name) => {
    const { resource } = named('AWS::SQS::Queue', name);
    expect(resource.Properties).toMatchObject({ SqsManagedSseEnabled: true });
    expect(resource.DeletionPolicy).toBe('Retain');
  });

  test('gives a message up to the dead-letter queue after five failures, and keeps it there for two weeks', () => {
    expect(propertiesOf('AWS::SQS::Queue', queues.main)).toMatchObject({ RedrivePolicy: { maxReceiveCount: 5 } });
    expect(propertiesOf('AWS::SQS::Queue', queues.dead)).toMatchObject({ MessageRetentionPeriod: 14 * 86_400 });
  });

  test('hides a message for six times as long as the function may take', () => {
    const { Timeout: seconds } = propertiesOf('AWS::Lambda::Function', /FollowUpsFunction[0-9A-F]+$/);
    expect(propertiesOf('AWS::SQS::Queue', queues.main)).toMatchObject({ VisibilityTimeout: 6 * Number(seconds) });
  });

  test('takes back only the messages of a batch that failed', () => {
    const mapping = propertiesOf('AWS::Lambda::EventSourceMapping', /FollowUps/);
    expect(mapping).toMatchObject({ FunctionResponseTypes: ['ReportBatchItemFailures'] });
  });

  test.each([
    ['a message is stuck', /FollowUpsStuck/, 'stay open, and members wait'],
    ['a payment is left to its statement', /FollowUpsUnanswered/, 'until a statement shows it'],
  ])('raises an alarm when %s, which says what that means', (_, name, words) => {
    const alarm = propertiesOf('AWS::CloudWatch::Alarm', name);
    expect(alarm).toMatchObject({ Threshold: 1, AlarmDescription: expect.stringContaining(words) });
  });

  test('counts the payments left to their statement by the line that the function logs', () => {
    const filter = propertiesOf('AWS::Logs::MetricFilter', /FollowUps/);
    expect(filter).toMatchObject({ FilterPattern: '{ $.message = "payment left to its statement" }' });
  });
});
