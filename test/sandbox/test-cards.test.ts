import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import {
  cardBehaviour,
  corporateAccountBehaviour,
  identityBehaviour,
  isLuhnValid,
  maskNumber,
  orderBehaviourNames,
} from '../../functions/sandbox/test-cards.ts';

const readme = readFileSync(new URL('../../functions/sandbox/README.md', import.meta.url), 'utf8');
const cardRows = [...readme.matchAll(/^\| *`(62\d{14})` *\| *`([a-z_]+)` *\|/gm)].map(([, number = '', name = '']) => ({
  number,
  name,
}));

describe('the test cards', () => {
  test('in the README do what their row says', () => {
    const named = cardRows.map(({ number }) => {
      const behaviour = cardBehaviour(number);
      return behaviour.binding === 'agreed' ? behaviour.orders : `binding_${behaviour.binding}`;
    });
    expect(named).toEqual(cardRows.map(({ name }) => name));
  });

  test('cover every behaviour of an order, and a binding that fails', () => {
    expect(cardRows.map(({ name }) => name)).toEqual([
      ...orderBehaviourNames,
      'binding_refused',
      'binding_time_out',
      'binding_code_sent',
    ]);
  });

  test('have a right check digit', () => {
    expect(cardRows.filter(({ number }) => !isLuhnValid(number))).toEqual([]);
  });

  test('leave any other card working, unless its check digit is wrong', () => {
    expect(cardBehaviour('6225880137000008')).toEqual({ binding: 'refused', reason: 'invalid_card_number' });
    expect(cardBehaviour('4242424242424242')).toEqual({ binding: 'agreed', orders: 'succeed' });
    expect(cardBehaviour('toString')).toEqual({ binding: 'refused', reason: 'invalid_card_number' });
  });

  test('stand for corporate accounts as well, which have no check digit', () => {
    expect(corporateAccountBehaviour('6200000000000500')).toMatchObject({ binding: 'refused' });
    expect(corporateAccountBehaviour('6200000000000006')).toEqual({ binding: 'agreed', orders: 'succeed' });
    expect(corporateAccountBehaviour('12345')).toEqual({ binding: 'refused', reason: 'invalid_account_number' });
  });

  test('of any length fail with every wrong check digit', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^\d{11,18}$/), (body) => {
        const valid = [...'0123456789'].filter((digit) => isLuhnValid(body + digit));
        expect(valid).toHaveLength(1);
      }),
    );
  });

  test('are kept with at most ten digits', () => {
    expect(maskNumber('6200000000000005')).toBe('620000******0005');
  });
});

test.each([
  ['999999199001010016', 'confirmed'],
  ['999999199001014041', 'mismatch'],
  ['999999199001015036', 'time_out'],
  ['999999199001015044', 'never_arrived'],
])('the identity number %s is answered: %s', (idNumber, expected) => {
  expect(identityBehaviour(idNumber)).toBe(expected);
});
