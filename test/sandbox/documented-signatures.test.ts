import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { hmacKey, rsaSigner, signRequest } from '../../functions/kernel/message-signature.ts';
import { samplePrivateKey } from '../kernel/sample-keys.ts';

const readme = readFileSync(new URL('../../functions/sandbox/README.md', import.meta.url), 'utf8');
const section = readme.slice(readme.indexOf('## Two dialects'), readme.indexOf('## Where to change what'));
const blocks = (language: string) =>
  [...section.matchAll(new RegExp(`\`\`\`${language}\n([^]*?)\n\`\`\``, 'g'))].map(([, content = '']) => content);

const stamp = { sentAt: new Date('2026-11-22T02:15:30Z'), nonce: 'n-0123456789abcdef' };

describe("the README's examples of signatures", () => {
  test.each([
    // as plain text, which no formatter touches
    ['text', 0, hmacKey('a secret of both sides')],
    ['xml', 1, rsaSigner(samplePrivateKey)],
  ] as const)('are right to the byte: %s', (language, place, signer) => {
    const [body = ''] = blocks(language);
    const headers = signRequest(signer, { method: 'POST', path: '/v1/orders/query', body }, stamp);
    const documented = Object.fromEntries(
      (blocks('http')[place] ?? '')
        .split('\n')
        .slice(1)
        .map((line) => line.split(': ')),
    );
    expect(documented).toEqual({ ...headers, 'channel-merchant': expect.stringContaining('/1601959334') });
  });
});
