import { beforeAll, describe, expect, test } from '@jest/globals';
import { resourcesOf, type Stack, synthesise } from '../../support/synthesised.ts';

let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('staging');
});

/** Of the functions whose names begin so, what their policies say. */
const policiesOf = (name: string): string[] =>
  resourcesOf(stacks, 'AWS::IAM::Policy')
    .filter(({ id }) => id.includes(name))
    .map(({ resource }) => JSON.stringify(resource.Properties['PolicyDocument']));

describe('the credentials of merchant numbers', () => {
  const secrets = 'secret:fund-center/staging/merchants/*';

  test('are put by one function, which can not read them', () => {
    const putting = resourcesOf(stacks, 'AWS::IAM::Policy')
      .filter(({ resource }) => /secretsmanager:(Put|Create)/.test(JSON.stringify(resource.Properties)))
      .map(({ id }) => id.replace(/ServiceRole.*/, ''));
    expect(putting).toEqual(['PutCredentials']);
    const [policy = ''] = policiesOf('PutCredentials');
    expect(policy).toContain(secrets);
    expect(policy).not.toContain('secretsmanager:GetSecretValue');
  });

  test('are read by those who call channels, under their prefix alone', () => {
    const [policy = ''] = policiesOf('CreateTopUp');
    expect(policy).toContain('secretsmanager:GetSecretValue');
    expect(policy).toContain(secrets);
  });

  test('are opened to no other function of operators', () => {
    for (const name of ['ListMerchants', 'GetMerchant', 'PutMerchant', 'PutConfiguration', 'ListChanges']) {
      const [policy = ''] = policiesOf(name);
      expect([name, policy]).toEqual([name, expect.stringContaining('dynamodb:')]);
      expect(policy).not.toContain('secretsmanager');
    }
  });
});

test('no stack comes near the 500 resources that CloudFormation lets it hold', () => {
  const full = stacks.filter(({ resources }) => Object.keys(resources).length > 480).map(({ name }) => name);
  expect(full).toEqual([]);
});
