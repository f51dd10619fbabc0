import { afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { addDays } from '../../functions/kernel/clock.ts';
import { money } from '../../functions/kernel/money.ts';
import { createTopUp, createWithdrawal } from '../../functions/payments/create-payment.ts';
import { createRefund } from '../../functions/payments/create-refund.ts';
import { type Payment, returnIdOf } from '../../functions/payments/payment.ts';
import { readPayment } from '../../functions/payments/payment-store.ts';
import { returnPayout } from '../../functions/payments/return-payout.ts';
import { failFromStatement } from '../../functions/payments/settle-from-statement.ts';
import { settlePayment } from '../../functions/payments/settle-payment.ts';
import { readPool } from '../../functions/reconciliation/carry-store.ts';
import { handleDifferences } from '../../functions/reconciliation/handle-differences.ts';
import { readRerunRequest } from '../../functions/reconciliation/rerun-request-store.ts';
import { made } from '../payments/made.ts';
import { amount, funded } from '../payments/payment-world.ts';
import { engines } from '../support/engines.ts';
import { dyingAt, unlessKilled } from './cases/dying-commits.ts';
import { createTables, lineOf, noon, openPaidDay, returnLineOf, type Tables, today } from './paid-day.ts';

describe.each(engines)('refunds and payouts that come back, in the statement on $name', (engine) => {
  let tables: Tables;
  type Day = Awaited<ReturnType<typeof openPaidDay>>;
  let days: Day[] = [];
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });
  afterEach(async () => {
    for (const day of days) expect(await day.findings()).toEqual([]);
    days = [];
  });
  const open = async (...given: Parameters<typeof openPaidDay> extends [unknown, ...infer Rest] ? Rest : never) => {
    const day = await openPaidDay(tables, ...given);
    days = [day];
    return day;
  };
  const topUp = ({ payments, command }: Day) =>
    made(createTopUp(payments, { ...command, product: 'withholding', reference: 'IN', operationId: 'in' }));
  const payOut = ({ payments, command }: Day) =>
    made(createWithdrawal(payments, { ...command, reference: 'OUT', operationId: 'out' }));
  const refund = ({ payments, command: { institutionId } }: Day, { id: paymentId }: Payment, part = 4_000n) => {
    const facts = { institutionId, paymentId, operationId: 'refund', reference: 'REFUND' };
    return made(createRefund(payments, { ...facts, amount: money(part, 'CNY') }));
  };
  const comeBack = ({ payments }: Day, { id: payoutId }: Payment) => {
    const told = { channelTradeNo: 'BACK-1', returnedAt: noon, source: 'callback' } as const;
    return made(returnPayout(payments, { payoutId, amount: amount.amount, ...told }));
  };
  const returnOf = ({ payments }: Day, { id }: Payment) => readPayment(payments.table, returnIdOf(id));

  test('are matched with what we did, and the day closes', async () => {
    const day = await open(() => 'accepts');
    const [paid, payout] = [await topUp(day), await payOut(day)];
    const [back, returned] = [await refund(day, paid), await comeBack(day, payout)];
    const lines = [lineOf(paid), lineOf(payout), lineOf(back), lineOf(returned)];
    const { conclusion, settled } = await day.reconcile(lines);
    expect(conclusion).toMatchObject({ lines: { matched: 4, differing: 0 }, completed: 0 });
    expect(conclusion?.ours.refund).toEqual({ count: 1, amount: 4_000n, fee: 0n });
    expect(conclusion?.ours.payout_return).toEqual({ count: 1, amount: 10_000n, fee: 0n });
    // 10 000 in less 25, 10 000 out and 10, 4 000 back, 10 000 returned
    expect(settled).toEqual({ status: 'balanced', openDifferences: 0, settled: '59.65 CNY' });
    expect(await day.pending()).toBe(0n);
  });

  test('a fee that the channel gives back is in the line with its sign, and another one is a difference', async () => {
    const day = await open(() => 'accepts', 'sandbox-wallet');
    const paid = await topUp(day);
    const back = await refund(day, paid);
    expect(back.fee).toEqual(money(-24n, 'CNY'));
    const { settled } = await day.reconcile([lineOf(paid), lineOf(back)]);
    expect(settled).toMatchObject({ status: 'balanced', settled: '59.64 CNY' });
    await day.reconcile([lineOf(paid), lineOf(back, { fee: 0n })]);
    expect(await day.differences()).toEqual(['open fee_mismatch -24']);
  });

  test('a refund about which the channel was silent is completed by its line, top-up included', async () => {
    const day = await open((kind) => (kind === 'refund' ? 'accepts_silently' : 'accepts'));
    const paid = await topUp(day);
    const back = await refund(day, paid);
    expect(back.status).toBe('processing');
    const { handled, settled, conclusion } = await day.reconcile([lineOf(paid), lineOf(back)]);
    expect(handled).toMatchObject({ completed: 1, opened: 0 });
    expect(conclusion?.lines).toMatchObject({ matched: 2, differing: 0 });
    expect(settled.status).toBe('balanced');
    expect(await day.payment('REFUND')).toMatchObject({ status: 'succeeded', statementDay: today });
    expect(await day.payment('IN')).toMatchObject({ refunded: 4_000n, refunding: 0n });
  });

  test('a refund that failed here and not there, or is in no line, is a difference', async () => {
    const failing = await open((kind) => (kind === 'refund' ? 'refuses' : 'accepts'));
    const paid = await topUp(failing);
    const failed = await refund(failing, paid);
    expect(failed.status).toBe('failed');
    await failing.reconcile([lineOf(paid), lineOf(failed)]);
    expect(await failing.differences()).toEqual(['open status_mismatch -4000']);

    const lacking = await open(() => 'accepts');
    const other = await topUp(lacking);
    await refund(lacking, other);
    await lacking.reconcile([lineOf(other)]);
    expect(await lacking.differences()).toEqual(['open missing_at_channel 4000']);
  });

  test('a return of which only the statement tells credits the account, and counts as matched', async () => {
    const day = await open(() => 'accepts');
    const payout = await payOut(day);
    const lines = [lineOf(payout), returnLineOf(payout)];
    const { handled, settled, conclusion } = await day.reconcile(lines);
    expect(handled).toMatchObject({ completed: 1, opened: 0, reversed: 0 });
    expect(conclusion?.lines).toMatchObject({ matched: 2, differing: 0 });
    expect(settled).toMatchObject({ status: 'balanced', settled: '-0.10 CNY' });
    expect(await returnOf(day, payout)).toMatchObject({
      status: 'succeeded',
      statementDay: today,
      channelTradeNo: `BACK-${payout.channelOrderNo}`,
    });
    expect(await day.payment('OUT')).toMatchObject({ status: 'returned' });
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });

    // the same in a corrected file, and then one that takes it back
    expect((await day.reconcile(lines)).handled).toMatchObject({ completed: 0, opened: 0, reversed: 0 });
    expect(await day.differences()).toEqual([]);
    await day.reconcile([lineOf(payout)]);
    expect(await day.differences()).toEqual(['open missing_at_channel -10000']);
    expect((await day.reconcile(lines)).settled.status).toBe('balanced');
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test('a return that a callback tells of while the statement is worked on is credited once', async () => {
    const day = await open(() => 'accepts');
    const payout = await payOut(day);
    const lines = [lineOf(payout), returnLineOf(payout)];
    const { settled } = await day.reconcile(lines, () => comeBack(day, payout));
    expect(settled.status).toBe('balanced');
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test('a payout that is done and comes back in one statement is both', async () => {
    const day = await open(() => 'accepts_silently');
    const payout = await payOut(day);
    const { handled, settled } = await day.reconcile([returnLineOf(payout), lineOf(payout)]);
    expect(handled).toMatchObject({ completed: 2, opened: 0, reversed: 0 });
    expect(settled.status).toBe('balanced');
    expect(await day.payment('OUT')).toMatchObject({ status: 'returned' });
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test('what can’t come back stays a difference: another amount, a second time, a payout that is unknown or failed', async () => {
    const day = await open(() => 'accepts');
    const payout = await payOut(day);
    await day.reconcile([lineOf(payout), returnLineOf(payout, { amount: 9_000n })]);
    expect(await day.differences()).toEqual(['open returned 9000']);
    expect(await day.payment('OUT')).toMatchObject({ status: 'succeeded' });
    await day.reconcile([lineOf(payout), returnLineOf(payout), returnLineOf(payout)]);
    expect(await day.differences()).toEqual(['open returned 10000']);
    expect(await day.balances()).toMatchObject({ available: funded });
    await day.reconcile([lineOf(payout), returnLineOf(payout), returnLineOf(payout, { orderNo: 'NOBODY' })]);
    expect(await day.differences()).toEqual(['open returned 10000']);

    const failed = await open(() => 'refuses');
    const refused = await payOut(failed);
    await failed.reconcile([returnLineOf(refused)]);
    expect(await failed.differences()).toEqual(['open returned 10000']);
    expect(await failed.balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test('a return whose payout is still open, or fails meanwhile, is a difference until the payout is shown as done', async () => {
    const day = await open(() => 'accepts_silently');
    const payout = await payOut(day);
    const { conclusion, settled } = await day.reconcile([returnLineOf(payout)]);
    expect(conclusion?.lines).toMatchObject({ matched: 0, differing: 1 });
    expect(conclusion?.differences.returned).toEqual({ count: 1, adjustment: 10_000n });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 1 });
    expect(await day.findings()).toEqual([]);
    const corrected = await day.reconcile([lineOf(payout), returnLineOf(payout)]);
    expect(corrected.handled).toMatchObject({ completed: 2, opened: 0, reversed: 1 });
    expect(corrected.settled.status).toBe('balanced');

    const failing = await open(() => 'accepts_silently');
    const other = await payOut(failing);
    const fail = () => failFromStatement(failing.payments, { paymentId: other.id, reason: 'as it was told' });
    await failing.reconcile([lineOf(other), returnLineOf(other)], fail);
    expect(await failing.differences()).toEqual(['open returned 10000', 'open status_mismatch -10010']);
    expect(await failing.balances()).toMatchObject({ available: funded, frozen: 0n });
  });

  test('a payout that fails meanwhile is counted as it differs, also where the worker dies as it finds that out', async () => {
    const day = await open(() => 'accepts_silently');
    const payout = await payOut(day);
    const { conclusion } = await day.reconcile([lineOf(payout)], async () => {
      await failFromStatement(day.payments, { paymentId: payout.id, reason: 'as it was told' });
      const dying = dyingAt(day.dependencies, { transaction: 1, blow: 'after' });
      expect(await unlessKilled(handleDifferences(dying, day.newestRun()))).toBeUndefined();
    });
    expect(await day.differences()).toEqual(['open status_mismatch -10010']);
    expect(conclusion).toMatchObject({ completed: 0, lines: { matched: 0, differing: 1 } });
    expect(conclusion?.differences.status_mismatch).toEqual({ count: 1, adjustment: -10_010n });
  });

  test('a payment that a callback completes meanwhile as the next day’s is not counted twice: its line waits for that day', async () => {
    const day = await open(() => 'accepts_silently');
    const paid = await topUp(day);
    const afterMidnight = async () => {
      const completedAt = new Date('2026-03-02T16:10:00Z');
      const result = { outcome: 'succeeded', channelTradeNo: `T-${paid.channelOrderNo}`, completedAt } as const;
      await settlePayment(day.payments, paid, result, { source: 'callback' });
    };
    const { handled, settled, conclusion } = await day.reconcile([lineOf(paid)], afterMidnight);
    expect(await day.payment('IN')).toMatchObject({ status: 'succeeded', statementDay: addDays(today, 1) });
    expect(handled.completed).toBe(0);
    expect(conclusion).toMatchObject({ completed: 0, lines: { matched: 0, differing: 1 } });
    expect(settled.status).toBe('differing');
    const { table } = day.dependencies;
    const asked = await readRerunRequest(table, day.statement);
    expect(asked).toMatchObject({ cause: 'payment_of_another_day', afterVersion: 1 });
    expect(await day.findings()).toEqual([]);

    const again = await day.reconcileAgain();
    expect(again.conclusion?.lines).toMatchObject({ matched: 0, differing: 0, carriedOut: 1 });
    expect(again.settled.status).toBe('balanced');
    expect(await day.differences()).toEqual([]);
    expect(await readPool(table, { ...day.statement, date: addDays(today, 1) }, 1)).toMatchObject([
      { side: 'channel', origin: today, line: { ourReference: paid.channelOrderNo } },
    ]);
  });
});
