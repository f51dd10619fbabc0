import { describe, expect, test } from '@jest/globals';
import { readPayment } from '../../../functions/payments/payment-store.ts';
import { timelineOf } from '../../../functions/payments/transactions/timeline.ts';
import { type Difference, isLive } from '../../../functions/reconciliation/cases/case.ts';
import type { Resolution } from '../../../functions/reconciliation/cases/resolution.ts';
import { funded } from '../../payments/payment-world.ts';
import { engines } from '../../support/engines.ts';
import { lineOf, returnLineOf } from '../paid-day.ts';
import { auditedCaseDays } from './audited-case-days.ts';
import { approvalOf, type CaseDay, type Payment } from './case-day.ts';

describe.each(engines)('a payment that is corrected, on $name', (engine) => {
  const open = auditedCaseDays(engine);
  const now = ({ payments }: CaseDay, { id }: Payment) => readPayment(payments.table, id);
  const unresolved = async (day: CaseDay): Promise<Difference> => {
    const [difference, ...others] = (await day.live()).filter((each) => isLive(each) && each.state === 'open');
    if (!difference || others.length > 0) throw new Error(`${others.length + (difference ? 1 : 0)} are open`);
    return difference;
  };
  /** By two operators, one of whom clicks more than once. */
  async function resolve(day: CaseDay, difference: Difference, resolution: Resolution): Promise<void> {
    const approval = approvalOf(await day.propose(difference, resolution));
    const clicks = await Promise.all(['omar', 'omar', 'nina'].map((by) => day.approve(approval, { by })));
    expect(clicks.filter((click) => !('refused' in click))).toHaveLength(1);
  }

  test('is a refund that failed here and was paid back there: it takes the money, and its top-up knows', async () => {
    const day = await open((kind) => (kind === 'refund' ? 'refuses' : 'accepts'));
    const paid = await day.topUp();
    const back = await day.refund(paid, 4_000n);
    await day.reconcile([lineOf(paid), lineOf(back)]);
    await resolve(day, await unresolved(day), { kind: 'complete_payment' });
    expect(await day.balances()).toMatchObject({ available: funded + 6_000n, frozen: 0n });
    expect(await now(day, back)).toMatchObject({ status: 'succeeded' });
    expect(await now(day, paid)).toMatchObject({ status: 'succeeded', refunded: 4_000n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await day.pending()).toBe(0n);
  });

  test('leaves what was handled beside it: its amount and its fee differ as they did', async () => {
    const day = await open(() => 'refuses');
    const paid = await day.topUp();
    await day.reconcile([{ ...lineOf(paid), amount: 10_100n, fee: 99n, status: 'succeeded' }]);
    const of = async (type: string): Promise<Difference> => {
      const found = (await day.live()).find(({ facts }) => facts.type === type);
      if (!found) throw new Error(`there is no ${type}`);
      return found;
    };
    const beside = ['amount_mismatch', 'fee_mismatch'];
    for (const type of beside) await resolve(day, await of(type), { kind: 'write_off' });
    const handled = await Promise.all(beside.map(of));
    await resolve(day, await of('status_mismatch'), { kind: 'complete_payment' });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await Promise.all(beside.map(of))).toEqual(handled);
  });

  test('is a refund that was never paid back: its account has the money, and its top-up can be refunded again', async () => {
    const day = await open();
    const paid = await day.topUp();
    const back = await day.refund(paid, 10_000n);
    expect(await now(day, paid)).toMatchObject({ status: 'refunded' });
    await day.reconcile([lineOf(paid)]);
    await resolve(day, await unresolved(day), { kind: 'fail_payment' });
    expect(await day.balances()).toMatchObject({ available: funded + 10_000n, frozen: 0n });
    expect(await now(day, back)).toMatchObject({ status: 'failed' });
    expect(await now(day, paid)).toMatchObject({ status: 'succeeded', refunded: 0n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await day.refund(paid, 10_000n)).toMatchObject({ status: 'succeeded' });
  });

  test('is a refund of what its top-up has no longer: the account pays instead', async () => {
    let manner: 'accepts' | 'refuses' = 'refuses';
    const day = await open((kind) => (kind === 'refund' ? manner : 'accepts'));
    const paid = await day.topUp();
    const back = await day.refund(paid, 4_000n);
    manner = 'accepts';
    const whole = await day.refund(paid, 10_000n);
    await day.reconcile([lineOf(paid), lineOf(back), lineOf(whole)]);
    const difference = await unresolved(day);
    expect(await day.propose(difference, { kind: 'complete_payment' })).toMatchObject({
      refused: 'not_repairable',
      detail: expect.stringContaining('debit_account'),
    });
    await resolve(day, difference, { kind: 'debit_account', accountId: day.command.accountId });
    expect(await day.balances()).toMatchObject({ available: funded - 4_000n, frozen: 0n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
  });

  test.each([
    ['top-up', (day: CaseDay) => day.topUp(), 10_000n],
    ['payout', (day: CaseDay) => day.withdraw(), -10_000n],
  ] as const)(
    'is a %s that people failed and a later file shows: it counts once each time',
    async (_name, pay, moves) => {
      const day = await open();
      const payment = await pay(day);
      for (let round = 1; round <= 3; round++) {
        await day.reconcile([]);
        await resolve(day, await unresolved(day), { kind: 'fail_payment' });
        expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
        expect(await day.findings()).toEqual([]);
        expect((await day.reconcileAgain()).settled.status).toBe('balanced');

        await day.reconcile([lineOf(payment)]);
        const denied = await unresolved(day);
        expect(denied.facts).toMatchObject({ type: 'status_mismatch', ours: { status: 'failed' } });
        await resolve(day, denied, { kind: 'complete_payment' });
        expect(await day.balances()).toMatchObject({ available: funded + moves, frozen: 0n });
        expect(await day.findings()).toEqual([]);
        expect((await day.reconcileAgain()).settled.status).toBe('balanced');
      }
      const corrected = await now(day, payment);
      if (!corrected) throw new Error('it is gone');
      expect(corrected.status).toBe('succeeded');
      // each round is in its timeline, with postings of its own
      const postings = timelineOf(corrected).flatMap((item) => (item.type === 'posting' ? [item.postingId] : []));
      expect(new Set(postings).size).toBe(postings.length);
      expect(timelineOf(corrected).filter((item) => item.type === 'state' && item.event === 'repair')).toHaveLength(3);
    },
  );

  test('is a payout that came back and had failed here: it is completed first, and returned then', async () => {
    const day = await open(() => 'refuses');
    const payout = await day.withdraw();
    await day.reconcile([lineOf(payout), returnLineOf(payout)]);
    const differences = (await day.live()).filter(isLive);
    const named = (type: string) => {
      const found = differences.find(({ facts }) => facts.type === type);
      if (!found) throw new Error(`there is no ${type}`);
      return found;
    };
    expect(await day.propose(named('returned'), { kind: 'return_payout' })).toMatchObject({
      refused: 'not_repairable',
      detail: expect.stringContaining('complete it first'),
    });
    await resolve(day, named('status_mismatch'), { kind: 'complete_payment' });
    await resolve(day, named('returned'), { kind: 'return_payout' });
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
    expect(await now(day, payout)).toMatchObject({ status: 'returned' });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await day.pending()).toBe(0n);
  });

  test('is no return, which is taken from its account by hand', async () => {
    const day = await open();
    const payout = await day.withdraw();
    await day.reconcile([lineOf(payout), returnLineOf(payout)]);
    expect(await day.balances()).toMatchObject({ available: funded });
    await day.reconcile([lineOf(payout)]);
    const difference = await unresolved(day);
    expect(difference.facts).toMatchObject({ type: 'missing_at_channel', kind: 'payout_return' });
    expect(await day.propose(difference, { kind: 'fail_payment' })).toMatchObject({
      refused: 'resolution_not_allowed',
      detail: expect.stringContaining('debit_account'),
    });
    await resolve(day, difference, { kind: 'debit_account', accountId: day.command.accountId });
    expect(await day.balances()).toMatchObject({ available: funded - 10_000n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
  });

  test('is no top-up that was refunded: its refunds are failed first', async () => {
    const day = await open();
    const paid = await day.topUp();
    await day.refund(paid, 4_000n);
    await day.reconcile([]);
    const ofKind = async (kind: string) => {
      const found = (await day.live()).find(({ facts }) => facts.kind === kind);
      if (!found) throw new Error(`there is no ${kind}`);
      return found;
    };
    expect(await day.propose(await ofKind('collection'), { kind: 'fail_payment' })).toMatchObject({
      refused: 'not_repairable',
      detail: expect.stringContaining('fail its refunds first'),
    });
    await resolve(day, await ofKind('refund'), { kind: 'fail_payment' });
    await resolve(day, await ofKind('collection'), { kind: 'fail_payment' });
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
  });
});
