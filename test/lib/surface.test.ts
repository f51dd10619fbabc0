import { beforeAll, describe, expect, test } from '@jest/globals';
import { resourcesOf, type Stack, synthesise } from '../support/synthesised.ts';

let production: readonly Stack[];
let local: readonly Stack[];

beforeAll(() => {
  production = synthesise('production');
  local = synthesise('local', 'http://localhost:4566');
});

const stacksWith = (stacks: readonly Stack[], output: string): string[] =>
  stacks.filter(({ outputs }) => output in outputs).map(({ name }) => name);

describe('the outputs that others rely on', () => {
  test.each([
    'ApiUrl',
    'TokenUrl',
    'StatementBucketName',
    'ReconciliationStateMachineArn',
    'OperatorClientId',
    'OperatorClientSecretArn',
    'ApproverClientId',
    'ApproverClientSecretArn',
    'CloseDaysStateMachineArn',
    'LedgerTableName',
    'ReconciliationTableName',
    'PaymentsTableName',
    'PartiesTableName',
    'AuditStateMachineArn',
    'AuditBucketName',
    'ConsoleUrl',
  ])('%s is there exactly once, on AWS and on an emulator', (output) => {
    expect(stacksWith(production, output)).toHaveLength(1);
    expect(stacksWith(local, output)).toHaveLength(1);
  });

  test('the sandbox channel is deployed everywhere but in production', () => {
    expect(stacksWith(local, 'SandboxChannelUrl')).toEqual(['Sandbox']);
    expect(stacksWith(production, 'SandboxChannelUrl')).toEqual([]);
    expect(production.map(({ name }) => name)).not.toContain('Sandbox');
  });
});

describe('the API', () => {
  test('asks who calls on every route but the description of itself, the answer to unknown paths and the ear for channels', () => {
    const open = resourcesOf(production, 'AWS::ApiGatewayV2::Route')
      .filter(({ resource }) => resource.Properties['AuthorizationType'] !== 'CUSTOM')
      .map(({ resource }) => resource.Properties['RouteKey']);
    expect(open.sort()).toEqual(['$default', 'GET /openapi.json', 'POST /v1/channels/{channel}/callbacks']);
  });

  test('is throttled and keeps access logs', () => {
    const stages = resourcesOf(production, 'AWS::ApiGatewayV2::Stage');
    expect(stages).toHaveLength(1);
    expect(stages[0]?.resource.Properties).toMatchObject({
      DefaultRouteSettings: { ThrottlingRateLimit: expect.any(Number) },
      AccessLogSettings: { DestinationArn: expect.anything() },
    });
  });
});

test('state machines are traced and keep logs', () => {
  const machines = resourcesOf(production, 'AWS::StepFunctions::StateMachine');
  expect(machines.length).toBeGreaterThan(0);
  for (const { resource } of machines) {
    expect(resource.Properties).toMatchObject({
      TracingConfiguration: { Enabled: true },
      LoggingConfiguration: { Level: expect.stringMatching(/ALL|ERROR|FATAL/) },
    });
  }
});

test('no stack needs a custom resource', () => {
  const custom = production.flatMap(({ name, resources }) =>
    Object.entries(resources)
      .filter(([, { Type }]) => Type.startsWith('Custom::'))
      .map(([id]) => `${name}/${id}`),
  );
  expect(custom).toEqual([]);
});
