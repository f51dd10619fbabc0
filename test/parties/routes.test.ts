import { describe, expect, test } from '@jest/globals';
import { createCardBindingRoute, createMemberAccountRoute } from '../../functions/parties/routes.ts';

const accountId = 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D';
const card = {
  accountId,
  cardNumber: '6200000000000005',
  holderName: '张三',
  idNumber: '110101199003070011',
  mobile: '13800138000',
};

const fieldsOf = (outcome: { error?: { issues: readonly { path: readonly PropertyKey[] }[] } | undefined }) =>
  outcome.error?.issues.map(({ path }) => path.join('.'));

describe('a request to bind a card', () => {
  const schema = createCardBindingRoute.body;
  if (!schema) throw new Error('the route has a body');

  test.each([
    ['cardNumber', '6200000000000006'],
    ['cardNumber', '620'],
    ['cardNumber', 6200000000000005],
    ['holderName', ' '],
    ['idNumber', '123'],
    ['mobile', 'phone'],
    ['accountId', 'acct_1'],
  ])('with a wrong %s (%p) names that field', (field, value) => {
    expect(fieldsOf(schema.safeParse({ ...card, [field]: value }))).toEqual([field]);
  });

  test('is remembered by a fingerprint without card or identity numbers', () => {
    const fingerprint = JSON.stringify(createCardBindingRoute.fingerprint?.(schema.parse(card)));
    for (const secret of [card.cardNumber, card.idNumber, card.mobile]) expect(fingerprint).not.toContain(secret);
    const other = createCardBindingRoute.fingerprint?.(schema.parse({ ...card, cardNumber: '6200000000000104' }));
    expect(JSON.stringify(other)).not.toBe(fingerprint);
  });
});

describe('a request to open a member account', () => {
  const schema = createMemberAccountRoute.body;
  if (!schema) throw new Error('the route has a body');

  test.each([
    [{ name: '张三' }, 'idNumber'],
    [{ idNumber: '110101199003070011' }, 'name'],
  ])('with half an identity (%p) names the other half', (half, field) => {
    expect(fieldsOf(schema.safeParse({ externalUserId: 'u-1', ...half }))).toEqual([field]);
  });

  test('is in CNY unless it says otherwise', () => {
    expect(schema.parse({ externalUserId: 'u-1' })).toEqual({ externalUserId: 'u-1', currency: 'CNY' });
  });

  test('is remembered by a fingerprint without the identity number', () => {
    const body = schema.parse({ externalUserId: 'u-1', name: '张三', idNumber: '110101199003070011' });
    expect(JSON.stringify(createMemberAccountRoute.fingerprint?.(body))).not.toContain('110101199003070011');
  });
});
