import { expect, test } from '@jest/globals';
import { credentialsSchema, fingerprintOf } from '../../../functions/channels/credentials/credentials.ts';
import { type Credentials, channelIdSchema, merchantCredentials } from '../../../functions/channels/index.ts';

const merchant = { channel: channelIdSchema.parse('sandbox-bank'), merchantNo: '1' };
const other = { ...merchant, merchantNo: '2' };

function world() {
  let now = 0;
  const state = { stored: { apiKey: 'first' } as Credentials | undefined, reads: 0, broken: false };
  const read = merchantCredentials(
    {
      read: async () => {
        state.reads += 1;
        if (state.broken) throw new Error('throttled');
        return state.stored;
      },
    },
    () => new Date(now),
  );
  return { state, read, pass: (seconds: number) => (now += seconds * 1_000) };
}

test('credentials are read once in five minutes, for each merchant number', async () => {
  const { state, read, pass } = world();
  expect(await Promise.all([read(merchant), read(merchant)])).toEqual([{ apiKey: 'first' }, { apiKey: 'first' }]);
  expect(state.reads).toBe(1);
  await read(other);
  expect(state.reads).toBe(2);
  state.stored = { apiKey: 'second' };
  pass(299);
  expect(await read(merchant)).toEqual({ apiKey: 'first' });
  pass(1);
  expect(await read(merchant)).toEqual({ apiKey: 'second' });
});

test('a signature that fails has them read again, and not over and over', async () => {
  const { state, read, pass } = world();
  await read(merchant);
  state.stored = { apiKey: 'second' };
  pass(9);
  expect(await read(merchant, 'renewed')).toEqual({ apiKey: 'first' });
  pass(1);
  expect(await read(merchant, 'renewed')).toEqual({ apiKey: 'second' });
  expect(await read(merchant, 'renewed')).toEqual({ apiKey: 'second' });
  expect(state.reads).toBe(2);
});

test('a failure is not kept, and their absence for five seconds', async () => {
  const { state, read, pass } = world();
  state.broken = true;
  await expect(read(merchant)).rejects.toThrow('throttled');
  state.broken = false;
  state.stored = undefined;
  expect(await read(merchant)).toBeUndefined();
  state.stored = { apiKey: 'put just now' };
  pass(4);
  expect(await read(merchant)).toBeUndefined();
  expect(state.reads).toBe(2);
  pass(1);
  expect(await read(merchant)).toEqual(state.stored);
});

test('a fingerprint tells credentials apart by names and values, whatever their order', () => {
  const print = fingerprintOf({ apiKey: 'a', secret: 'b' });
  expect(print).toMatch(/^[0-9a-f]{32}$/);
  expect(fingerprintOf({ secret: 'b', apiKey: 'a' })).toBe(print);
  for (const another of [{ apiKey: 'b', secret: 'a' }, { apiKey: 'a' }, { apiKey: 'a', secret: 'b', c: 'd' }]) {
    expect(fingerprintOf(another)).not.toBe(print);
  }
});

test.each([
  ['nothing', {}],
  ['an empty value', { apiKey: '' }],
  ['a name that is none', { 'api key': 'a' }],
  ['a value that is no text', { apiKey: 1 }],
  ['more than a secret holds', Object.fromEntries(['a', 'b', 'c'].map((name) => [name, 'x'.repeat(16_384)]))],
])('credentials can not be %s', (_, credentials) => {
  expect(credentialsSchema.safeParse(credentials).success).toBe(false);
});
