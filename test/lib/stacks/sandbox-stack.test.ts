import { describe, expect, test } from '@jest/globals';
import { App } from 'aws-cdk-lib';
import { Match, Template } from 'aws-cdk-lib/assertions';
import { DataStack } from '../../../lib/stacks/data-stack.ts';
import { SandboxStack } from '../../../lib/stacks/sandbox-stack.ts';
import { stageNamed } from '../../../lib/stages.ts';

function template(): Template {
  // what the functions hold is proved by the deployed tests: no bundling here
  const app = new App({ context: { 'aws:cdk:bundling-stacks': [] } });
  const stage = stageNamed('check');
  const data = new DataStack(app, 'Data', { stage });
  return Template.fromStack(new SandboxStack(app, 'Sandbox', { stage, data }));
}

describe('the sandbox stack', () => {
  const stack = template();

  test('lets one function, the control side, write statements of its own channels and nothing else of the bucket', () => {
    const policies = Object.values(stack.findResources('AWS::IAM::Policy'));
    const statements = policies.flatMap((policy) => policy['Properties'].PolicyDocument.Statement);
    const onBucket = statements.filter((statement) => JSON.stringify(statement.Action).includes('s3:'));
    expect(onBucket).toEqual([
      {
        Action: 's3:PutObject',
        Effect: 'Allow',
        Resource: { 'Fn::Join': ['', [expect.anything(), '/statements/sandbox-*']] },
      },
    ]);
  });

  test('opens no table and no secret but its own', () => {
    stack.resourceCountIs('AWS::DynamoDB::Table', 1);
    stack.resourceCountIs('AWS::SecretsManager::Secret', 1);
    expect(JSON.stringify(stack.toJSON())).not.toMatch(/ImportValue[^}]*(Table|Ledger|Payments|Parties|Access)/);
  });

  test('makes a secret that is long and random', () => {
    stack.hasResourceProperties('AWS::SecretsManager::Secret', {
      GenerateSecretString: { PasswordLength: 48, ExcludePunctuation: true },
    });
  });

  test('takes signed POSTs, and browsers at the cashier, and not too many', () => {
    const routes = Object.values(stack.findResources('AWS::ApiGatewayV2::Route'));
    expect(routes.map((route) => route['Properties'].RouteKey).toSorted()).toEqual([
      'GET /cashier',
      'POST /cashier',
      'POST /cashier/decide',
      'POST /control/{operation+}',
      'POST /v1/{operation+}',
    ]);
    stack.hasResourceProperties('AWS::ApiGatewayV2::Stage', {
      DefaultRouteSettings: { ThrottlingRateLimit: Match.anyValue(), ThrottlingBurstLimit: Match.anyValue() },
    });
  });

  test('forgets used nonces by itself', () => {
    stack.hasResourceProperties('AWS::DynamoDB::Table', {
      TimeToLiveSpecification: { AttributeName: 'expiresAt', Enabled: true },
    });
  });

  test('tells its URL and where its secret lies', () => {
    expect(Object.keys(stack.findOutputs('*')).filter((name) => name.startsWith('Sandbox'))).toEqual([
      'SandboxChannelUrl',
      'SandboxControlSecretArn',
    ]);
  });
});
