import { expect, test } from '@jest/globals';
import { Validator } from '@seriousme/openapi-schema-validator';
import { openApiDocument } from '../../functions/documentation/openapi.ts';
import { allRoutes } from '../../functions/documentation/routes.ts';
import { refusalStatus } from '../../functions/runtime/refusal-status.ts';

const document = openApiDocument({
  routes: allRoutes,
  serverUrl: 'https://api.example.com',
  tokenUrl: 'https://auth.example.com/oauth2/token',
});

test('the document is valid OpenAPI 3.1', async () => {
  const result = await new Validator().validate(JSON.parse(JSON.stringify(document)));
  expect(result).toMatchObject({ valid: true });
});

test('it describes every route with a summary of its own, and every write with its Idempotency-Key', () => {
  const operations = Object.values(document.paths ?? {}).flatMap((path) => [
    path.get,
    path.post,
    path.put,
    path.delete,
  ]);
  const described = operations.flatMap((operation) => (operation ? [operation] : []));
  expect(described).toHaveLength(allRoutes.length);
  expect(new Set(described.map((operation) => operation.summary)).size).toBe(allRoutes.length);
  for (const path of Object.values(document.paths ?? {})) {
    for (const write of [path.post, path.put, path.delete]) {
      if (write) expect(write.parameters).toContainEqual(expect.objectContaining({ name: 'Idempotency-Key' }));
    }
  }
});

const ofReconciliation = allRoutes.filter(({ path }) =>
  /^\/v1\/(reconciliation|differences|carried-items|arrivals|statement-|admin\/(statement-|expected-)|.*\/suspense)/.test(
    path,
  ),
);

test.each(ofReconciliation.map((route) => [`${route.method} ${route.path}`, route] as const))(
  '%s says when it is used, and each refusal of its own once, at its status',
  (_, { method, path, description = '', refusals = {} }) => {
    const item = document.paths?.[path];
    const operation = { GET: item?.get, POST: item?.post, PUT: item?.put, DELETE: item?.delete }[method];
    expect(description).toMatch(/^\p{L}.{20,}\.$/u);
    expect(operation?.description).toContain(description);
    const responses: Record<string, unknown> = { ...operation?.responses };
    const told = JSON.stringify(responses);
    for (const code of Object.keys(refusals)) {
      expect(JSON.stringify(responses[`${refusalStatus(code)}`])).toContain(`- \`${code}\`: `);
      expect(told.split(`\`${code}\``)).toHaveLength(2);
    }
  },
);

test('a body that names things by their ids may be answered 404, whichever form it takes', () => {
  for (const path of ['/v1/top-ups', '/v1/withdrawals', '/v1/verifications']) {
    expect(Object.keys(document.paths?.[path]?.post?.responses ?? {})).toContain('404');
  }
});

test('path parameters in braces are the ones that the schemas name', () => {
  for (const route of allRoutes) {
    const inBraces = [...route.path.matchAll(/\{(\w+)\}/g)].map(([, name]) => name);
    const named = route.params && 'shape' in route.params ? Object.keys(route.params.shape as object) : [];
    expect([route.path, ...named]).toEqual([route.path, ...inBraces]);
  }
});

test('what operators configure is described kind by kind', () => {
  const put = document.paths?.['/v1/admin/{kind}/{id}']?.put?.requestBody;
  const schema = put && 'content' in put ? put.content?.['application/json']?.schema : undefined;
  expect(schema).toMatchObject({
    oneOf: expect.arrayContaining([{ $ref: '#/components/schemas/PutBankSwitch' }]),
    discriminator: { propertyName: 'kind', mapping: { 'card-bins': '#/components/schemas/PutCardBin' } },
  });
  expect(document.components?.schemas?.['PutLimit']).toMatchObject({ examples: [{ kind: 'limits' }] });
});
