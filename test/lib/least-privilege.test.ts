import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { resourcesOf, type Stack, synthesise } from '../support/synthesised.ts';

const listed = z.union([z.string(), z.array(z.string())]).transform((value) => [value].flat());
const statementSchema = z.looseObject({
  Effect: z.enum(['Allow', 'Deny']),
  Action: listed,
  Resource: z.unknown(),
});
const policySchema = z.object({ PolicyDocument: z.object({ Statement: z.array(statementSchema) }) });

let allowed: { readonly policy: string; readonly actions: string[]; readonly resources: unknown[] }[];
let stacks: readonly Stack[];

beforeAll(() => {
  stacks = synthesise('staging');
  allowed = resourcesOf(stacks, 'AWS::IAM::Policy').flatMap(({ stack, id, resource }) =>
    policySchema
      .parse(resource.Properties)
      .PolicyDocument.Statement.filter(({ Effect }) => Effect === 'Allow')
      .map(({ Action, Resource }) => ({ policy: `${stack}/${id}`, actions: Action, resources: [Resource].flat() })),
  );
});

/** AWS offers no narrower resource for these. */
const withoutResource = /^(xray:(PutT|GetSampling)|logs:(\w+LogDeliver|DescribeLogGroups|\w+ResourcePolic))/;

describe('a policy', () => {
  test('names its actions one by one', () => {
    const wide = allowed.filter(({ actions }) => actions.some((action) => action.includes('*')));
    expect(wide).toEqual([]);
  });

  test('names what it opens, except for tracing and the delivery of logs', () => {
    const wide = allowed.filter(
      ({ actions, resources }) => resources.includes('*') && !actions.every((action) => withoutResource.test(action)),
    );
    expect(wide).toEqual([]);
  });

  test('of a function that only reads lets it write nothing', () => {
    const readers = allowed.filter(({ policy }) => /(Get|List|Find)[A-Z]\w*ServiceRole/.test(policy));
    expect(readers.length).toBeGreaterThan(3);
    const writing = readers.filter(({ actions }) =>
      actions.some((action) => /:(Put|Update|Delete|Send|BatchWrite)/.test(action) && !action.startsWith('xray:')),
    );
    expect(writing).toEqual([]);
  });

  test('lets no function scan a table but the one that reads for the audit, and the one that retires a key', () => {
    const scanning = allowed.filter(({ actions }) => actions.includes('dynamodb:Scan')).map(({ policy }) => policy);
    expect(new Set(scanning.map((policy) => policy.replace(/ServiceRole.*/, '')))).toEqual(
      new Set(['Audit/ScanPart', 'Parties/ResealNumbers']),
    );
  });
});
