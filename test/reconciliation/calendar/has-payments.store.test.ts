import { beforeAll, describe, expect, test } from '@jest/globals';
import { createTopUp } from '../../../functions/payments/create-payment.ts';
import { hasPayments } from '../../../functions/reconciliation/calendar/confirm-empty.ts';
import { made } from '../../payments/made.ts';
import { engines } from '../../support/engines.ts';
import { createTables, openPaidDay, type Tables } from '../paid-day.ts';

describe.each(engines)('a day that somebody takes for empty, on $name', (engine) => {
  let tables: Tables;

  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  test.each([
    ['accepts', true],
    ['loses', true],
    ['refuses', false],
  ] as const)('whose one payment the channel %s: %s', async (manner, expected) => {
    const { payments, command, statement } = await openPaidDay(tables, () => manner);
    expect(await hasPayments({ payments }, statement)).toBe(false);
    await made(createTopUp(payments, { ...command, product: 'withholding' }));
    expect(await hasPayments({ payments }, statement)).toBe(expected);
  });
});
