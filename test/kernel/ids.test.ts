import { expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { bareId, idFrom, idOfOperation, idSchema } from '../../functions/kernel/ids.ts';

test('the same facts give the same id, and moving a boundary between facts gives another', () => {
  fc.assert(
    fc.property(fc.array(fc.string(), { minLength: 1, maxLength: 4 }), (facts) => {
      expect(idFrom('pay', ...facts)).toBe(idFrom('pay', ...facts));
      expect(idSchema('pay').parse(idFrom('pay', ...facts))).toBe(idFrom('pay', ...facts));
    }),
  );
  expect(idFrom('pay', 'ab', 'c')).not.toBe(idFrom('pay', 'a', 'bc'));
  expect(idFrom('pay', '')).not.toBe(idFrom('pay', '', ''));
});

test('an id without its prefix fits an order number of letters and digits', () => {
  expect(bareId(idFrom('pay', 'x'))).toMatch(/^[0-9A-Z]{26}$/);
  expect(bareId(idOfOperation('post', ulid()))).toMatch(/^[0-9A-Z]{26}$/);
});

test('an id of another kind, a truncated one and one with letters outside the alphabet are refused', () => {
  const good = idFrom('acct', 'x');
  const wrong = [good.replace('acct', 'pay'), good.slice(0, -1), `${good.slice(0, -1)}U`, `${good} `, ''];
  expect(wrong.filter((id) => idSchema('acct').safeParse(id).success)).toEqual([]);
});

test('what is no id is told what one looks like', () => {
  const messageOf = (input: unknown) => idSchema('acct').safeParse(input).error?.issues[0]?.message;
  expect(messageOf('x')).toBe('must be acct_ and 26 letters and digits');
  expect(messageOf(undefined)).toContain('received undefined');
});
