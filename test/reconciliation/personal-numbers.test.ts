import { expect, test } from '@jest/globals';
import { hidePersonalNumbers } from '../../functions/reconciliation/personal-numbers.ts';

test('the number of a card keeps its first six and last four digits, wherever it stands in a line', () => {
  expect(hidePersonalNumbers('`6200000000000005,12.3')).toBe('`620000******0005,12.3');
  expect(hidePersonalNumbers('S1 4111111111111111 X')).toBe('S1 411111******1111 X');
});

test("a person's number keeps its last two characters", () => {
  expect(hidePersonalNumbers('张三 110101199003070011;11010119900307002x')).not.toMatch(/\d{17}/);
});

test('what is neither stays as it is: amounts, times, and numbers in longer numbers and words', () => {
  for (const text of [
    '4200000925202603017890123456',
    'pay_6200000000000005',
    '20260301101530',
    '9999999999999.99',
    '',
  ]) {
    expect(hidePersonalNumbers(text)).toBe(text);
  }
});
