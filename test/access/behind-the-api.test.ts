import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';

// The authorizer lets every request through and says who calls (docs/decisions/0001): what keeps strangers out is that
// each function behind the API is made by `httpHandler`, which answers 401 and 403.

const folder = 'lib/stacks/api';
const served = readdirSync(folder).flatMap((file) =>
  [...readFileSync(`${folder}/${file}`, 'utf8').matchAll(/\.serve\(\s*'(\w+)',\s*(\w+)[\s\S]*?entry: '([^']+)'/g)].map(
    ([, id = '', route = '', entry = '']) => ({ id, route, entry, text: readFileSync(`functions/${entry}`, 'utf8') }),
  ),
);

describe('behind the API', () => {
  test('each call of `serve` names its handler where this test looks for it', () => {
    const calls = readdirSync(folder).flatMap(
      (file) => readFileSync(`${folder}/${file}`, 'utf8').match(/\.serve\(/g) ?? [],
    );
    expect(served).toHaveLength(calls.length);
    expect(served.length).toBeGreaterThan(20);
  });

  test.each(served)('$entry is made by httpHandler, for the very route that it is served under', ({ route, text }) => {
    expect(text).toContain(`export const handler = httpHandler(${route}`);
    expect(text.match(/export /g)).toHaveLength(1);
  });

  test('only functions without anything to protect are there without the authorizer', () => {
    const construct = readFileSync('lib/constructs/center-api.ts', 'utf8');
    const entries = [...construct.matchAll(/entry: '([^']+)'/g)].map(([, entry]) => entry);
    expect(entries.sort()).toEqual([
      'documentation/handlers/answer-unknown-route.ts',
      'documentation/handlers/serve-openapi.ts',
    ]);
  });
});
