import { describe, expect, test } from '@jest/globals';
import { money } from '../../../functions/kernel/money.ts';
import { askAboutMissing, questionBounds } from '../../../functions/reconciliation/cases/ask-channel.ts';
import { caseView } from '../../../functions/reconciliation/cases/case-view.ts';
import { differencesOfDay } from '../../../functions/reconciliation/difference-store.ts';
import { handleDifferences } from '../../../functions/reconciliation/handle-differences.ts';
import { engines } from '../../support/engines.ts';
import { lineOf, returnLineOf } from '../paid-day.ts';
import { auditedCaseDays } from './audited-case-days.ts';

import { dyingAt, unlessKilled } from './dying-commits.ts';

const noAnswer = { outcome: 'unknown', cause: 'no answer in time' } as const;
const refused = { outcome: 'refused', reason: 'payer_refused', retryElsewhere: false } as const;

describe.each(engines)('a payment that the statement lacks, on $name', (engine) => {
  const open = auditedCaseDays(engine);

  test('becomes a case with what its channel says of it, whatever that is, and the channel is asked once', async () => {
    const day = await open();
    const { channel } = day;
    const payments = {
      succeeded: await day.topUp(),
      other: await day.topUp(),
      failed: await day.topUp(),
      notFound: await day.topUp(),
      silent: await day.topUp(),
      faulty: await day.topUp(),
    };
    const completedAt = new Date('2026-03-02T03:00:00Z');
    const done = { outcome: 'succeeded', channelTradeNo: 'T-9', completedAt, amount: money(9_000n, 'CNY') } as const;
    channel.tells(payments.other.channelOrderNo, done);
    channel.tells(payments.failed.channelOrderNo, refused);
    channel.tells(payments.notFound.channelOrderNo, { outcome: 'not_found' });
    channel.tells(payments.silent.channelOrderNo, noAnswer);
    channel.tells(payments.faulty.channelOrderNo, new TypeError('a secret'));
    const before = await day.balances();

    const { handled, settled } = await day.reconcile([]);
    expect(handled).toMatchObject({ opened: 6, asked: 6 });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 6 });
    expect((await day.balances()).available).toBe(before.available);
    const now = day.cases.clock();
    const views = (await day.live()).map((each) => caseView(each, now));
    const viewOf = ({ id }: { readonly id: string }) => views.find(({ paymentId }) => paymentId === id);
    const askedAt = now.toISOString();
    expect(viewOf(payments.succeeded)).toMatchObject({
      status: 'open',
      suggestion: 'await_correction',
      channelAnswer: { status: 'succeeded', askedAt, channelReference: payments.succeeded.channelTradeNo },
    });
    expect(viewOf(payments.other)?.channelAnswer).toMatchObject({ amount: { amount: 9_000, currency: 'CNY' } });
    expect(viewOf(payments.failed)).toMatchObject({
      suggestion: 'fail_payment',
      channelAnswer: { status: 'failed', askedAt, detail: 'payer_refused' },
    });
    expect(viewOf(payments.notFound)).toMatchObject({
      suggestion: 'fail_payment',
      channelAnswer: { status: 'not_found', askedAt },
    });
    expect(viewOf(payments.silent)).toMatchObject({
      suggestion: null,
      channelAnswer: { status: 'unknown', askedAt, detail: 'no answer in time' },
    });
    expect(viewOf(payments.faulty)).toMatchObject({
      suggestion: null,
      channelAnswer: { status: 'unknown', detail: 'it could not be asked: TypeError' },
    });

    await day.reconcileAgain();
    expect(channel.askedAbout().toSorted()).toEqual(
      Object.values(payments)
        .map(({ channelOrderNo }) => channelOrderNo)
        .sort(),
    );
  });

  test('is failed by a policy only where its channel denies it', async () => {
    const day = await open();
    await day.decided({
      automatic: [{ types: ['missing_at_channel'], upTo: 10_000, resolution: 'fail_payment' }],
    });
    const [known, denied, silent] = [await day.topUp(), await day.topUp(), await day.topUp()];
    day.channel.tells(denied.channelOrderNo, refused);
    day.channel.tells(silent.channelOrderNo, noAnswer);
    const { handled } = await day.reconcile([]);
    expect(handled).toMatchObject({ opened: 3, resolved: 1 });
    const resolved = (await day.live()).filter(({ state }) => state === 'resolved');
    expect(resolved.map(({ facts }) => facts.paymentId)).toEqual([denied.id]);
    expect((await day.differences()).filter((each) => each.startsWith('open'))).toHaveLength(2);
    expect(known.status).toBe('succeeded');
  });

  test('is not asked about beyond the bounds: the most money first, and the others say so', async () => {
    const day = await open();
    const [payment, more, another] = [await day.topUp(), await day.withdraw(), await day.topUp()];
    let asked: Awaited<ReturnType<typeof askAboutMissing>> = [];
    const bounds = { ...questionBounds, questions: 1 };
    await day.reconcile([], async () => {
      const present = await differencesOfDay(day.cases.table, day.statement);
      const working = { series: day.statement, version: 1 };
      asked = await askAboutMissing(day.dependencies, working, { coming: present, present, bounds });
      // a repeat counts those that were asked before
      const again = await differencesOfDay(day.cases.table, day.statement);
      await askAboutMissing(day.dependencies, working, { coming: again, present: again, bounds });
    });
    const answerTo = ({ id }: { readonly id: string }) =>
      asked.find(({ facts }) => facts.paymentId === id)?.channelAnswer?.status;
    // the payout moved its fee besides
    expect([answerTo(payment), answerTo(more), answerTo(another)]).toEqual(['not_asked', 'succeeded', 'not_asked']);
    // Handle itself has the usual bounds
    expect(day.channel.askedAbout().toSorted()).toEqual(
      [payment, more, another].map(({ channelOrderNo }) => channelOrderNo).sort(),
    );
    expect(day.channel.askedAbout()[0]).toBe(more.channelOrderNo);
  });

  test('is not asked about once the channel has taken too long', async () => {
    let milliseconds = Date.parse('2026-03-02T04:00:00Z');
    let slow = false;
    const day = await open(undefined, () => {
      if (slow) milliseconds += 20_000;
      return new Date(milliseconds);
    });
    for (let made = 0; made < 3; made++) await day.topUp();
    const { handled } = await day.reconcile([], async () => {
      slow = true;
    });
    slow = false;
    expect(handled.opened).toBe(3);
    expect(handled.asked).toBeLessThan(3);
    const details = (await day.live()).flatMap(({ channelAnswer }) =>
      channelAnswer?.status === 'not_asked' ? [channelAnswer.detail] : [],
    );
    expect(details).toContain('the channel took too long over other payments');
  });

  test('has no order of its own to ask about where it is a return', async () => {
    const day = await open();
    const payout = await day.withdraw();
    await day.reconcile([lineOf(payout), returnLineOf(payout)]);
    await day.reconcile([lineOf(payout)]);
    const [difference] = await day.live();
    expect(difference).toMatchObject({
      facts: { type: 'missing_at_channel', kind: 'payout_return' },
      channelAnswer: { status: 'not_asked' },
    });
    expect(day.channel.askedAbout()).toEqual([]);
  });

  test.each(['before', 'after'] as const)(
    'keeps its answer when the worker is killed, %s any of its transactions',
    async (blow) => {
      for (let transaction = 1; ; transaction++) {
        const day = await open();
        const payments = [await day.topUp(), await day.topUp()];
        let killed = false;
        let keptBefore: readonly string[] = [];
        let askedBefore = 0;
        await day.reconcile([], async () => {
          const run = day.newestRun();
          const worker = dyingAt(day.dependencies, { transaction, blow });
          killed = (await unlessKilled(handleDifferences(worker, run))) === undefined;
          const known = await differencesOfDay(day.cases.table, day.statement);
          keptBefore = known.flatMap(({ channelAnswer, facts }) => (channelAnswer ? [facts.paymentId ?? ''] : []));
          askedBefore = day.channel.askedAbout().length;
        });
        expect((await day.live()).map(({ state, channelAnswer }) => [state, channelAnswer?.status])).toEqual([
          ['open', 'succeeded'],
          ['open', 'succeeded'],
        ]);
        // whoever had an answer was not asked about again
        const askedAfter = day.channel.askedAbout().slice(askedBefore);
        const kept = payments.filter(({ id }) => keptBefore.includes(id));
        expect(askedAfter.filter((orderNo) => kept.some(({ channelOrderNo }) => channelOrderNo === orderNo))).toEqual(
          [],
        );
        if (!killed) break;
      }
    },
  );
});
