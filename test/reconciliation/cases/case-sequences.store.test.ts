import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { ulid } from 'ulid';
import { type Item, queryItems } from '../../../functions/kernel/table.ts';
import type { Payment } from '../../../functions/payments/payment.ts';
import { type Difference, isLive } from '../../../functions/reconciliation/cases/case.ts';
import { inSuspense } from '../../../functions/reconciliation/cases/case-states.ts';
import {
  allowedResolutions,
  offeredResolutions,
  type Resolution,
} from '../../../functions/reconciliation/cases/resolution.ts';
import { suspenseRollForward } from '../../../functions/reconciliation/cases/suspense-of-day.ts';
import { handleDifferences } from '../../../functions/reconciliation/handle-differences.ts';
import { rerunResolvedDay } from '../../../functions/reconciliation/rerun.ts';
import { netOfTotals } from '../../../functions/reconciliation/totals.ts';
import { engines } from '../../support/engines.ts';
import { lineOf, returnLineOf } from '../paid-day.ts';
import type { Row } from '../sample-day.ts';
import { approvalOf, type CaseDay, createTables, openCaseDay, type Tables } from './case-day.ts';
import { type Death, dyingAt, unlessKilled } from './dying-commits.ts';

/** What operators and channels do to a day, in any order. Numbers choose among what there is at that moment. */
type Step =
  | { readonly does: 'file'; readonly shown: readonly number[]; readonly death: Death | undefined }
  | {
      readonly does: 'propose';
      readonly which: number;
      readonly how: number;
      readonly twice: boolean;
      readonly death: Death | undefined;
    }
  | {
      readonly does: 'decide';
      readonly which: number;
      readonly approve: boolean;
      readonly clicks: number;
      readonly death: Death | undefined;
    }
  | { readonly does: 'reopen'; readonly which: number }
  | { readonly does: 'rerun' };

const some = fc.nat({ max: 20 });
/** The first who does it dies at one of its transactions; then it is done again. */
const anyDeath = (transactions: number): fc.Arbitrary<Death | undefined> =>
  fc.option(
    fc.record({
      transaction: fc.integer({ min: 1, max: transactions }),
      blow: fc.constantFrom('before' as const, 'after' as const),
    }),
    { nil: undefined },
  );
const anyStep: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 2,
    arbitrary: fc.record({
      does: fc.constant('file' as const),
      shown: fc.array(some, { minLength: 4, maxLength: 4 }),
      death: anyDeath(8),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      does: fc.constant('propose' as const),
      which: some,
      how: some,
      twice: fc.boolean(),
      death: anyDeath(1),
    }),
  },
  {
    weight: 5,
    arbitrary: fc.record({
      does: fc.constant('decide' as const),
      which: some,
      approve: fc.nat({ max: 4 }).map((lot) => lot > 0),
      clicks: fc.integer({ min: 1, max: 3 }),
      death: anyDeath(2),
    }),
  },
  { weight: 1, arbitrary: fc.record({ does: fc.constant('reopen' as const), which: some }) },
  { weight: 2, arbitrary: fc.constant({ does: 'rerun' as const }) },
);

/** How a line may look, or be left out. */
const looks: readonly ((payment: Payment, place: number) => readonly Row[])[] = [
  (payment) => [lineOf(payment)],
  () => [],
  (payment) => [lineOf(payment, { amount: payment.amount.amount + 100n })],
  (payment) => [lineOf(payment, { amount: payment.amount.amount - 100n, fee: payment.fee.amount + 7n })],
  (payment, place) => [lineOf(payment), lineOf(payment, { orderNo: `STRANGE${place}`, tradeNo: `X${place}` })],
  (payment) => [lineOf(payment), lineOf(payment, { tradeNo: 'AGAIN' })],
  (payment) => [lineOf(payment, { status: 'failed' })],
  (payment) => [lineOf(payment), ...(payment.kind === 'withdrawal' ? [returnLineOf(payment)] : [])],
  (payment) => (payment.kind === 'withdrawal' ? [returnLineOf(payment)] : []),
];

describe.each(engines)('whatever is done to a day on $name', (engine) => {
  let tables: Tables;
  beforeAll(async () => {
    tables = await createTables(engine.client());
  });

  test('suspense is what is open, nothing is posted twice, and what lies at the channel is what it reports', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyStep, { minLength: 4, maxLength: 9 }), fc.boolean(), async (steps, refuses) => {
        let manner: 'accepts' | 'refuses' = 'accepts';
        const day = await openCaseDay(tables, () => manner);
        const paid = await day.topUp();
        const payments = [paid];
        manner = refuses ? 'refuses' : 'accepts';
        payments.push(await day.withdraw(), await day.topUp(), await day.refund(paid, 4_000n));
        let theirs: bigint | undefined;
        const reported = async (rows: readonly Row[], death?: Death) => {
          const { conclusion, handled } = await day.reconcile(rows, async () => {
            if (death) await unlessKilled(handleDifferences(dyingAt(day.dependencies, death), day.newestRun()));
          });
          // what can't be taken back keeps its day apart from what the channel reports
          theirs = conclusion && handled.kept === 0 ? netOfTotals(conclusion.theirs) : undefined;
        };
        await reported(
          payments.flatMap((payment, place) => looks[(place * 2 + 2) % looks.length]?.(payment, place) ?? []),
        );
        for (const step of steps) {
          if (step.does === 'file') {
            const rows = step.shown.flatMap((look, place) => {
              const payment = payments[place];
              return payment ? (looks[look % looks.length]?.(payment, place) ?? []) : [];
            });
            await reported(rows, step.death);
          } else if (step.does === 'rerun') {
            await reported(day.newestRows());
          } else {
            await perform(day, step);
          }
          expect(await day.findings()).toEqual([]);
          await expectTied(day);
          if (theirs !== undefined) {
            expect(((await day.pending()) ?? 0n) + ((await day.reconciled()) ?? 0n)).toBe(theirs);
          }
        }
      }),
      // a smaller counterexample would take longer than a test may
      { numRuns: Number(process.env['CASE_RUNS'] ?? 12), endOnFailure: true },
    );
  });

  /** Each resolution that stands has one posting at most, and those taken back have one reversal. */
  async function expectTied(day: CaseDay): Promise<void> {
    const all = await day.everyDifference();
    for (const { opened, cleared, held } of suspenseRollForward(all)) expect(opened - cleared).toBe(held);
    for (const difference of all) {
      const events = difference.history.map(({ event }) => event);
      const resolved = events.filter((event) => event === 'resolve').length;
      const takenBack = events.filter((event) => event === 'reopen').length;
      expect([0, 1]).toContain(resolved - takenBack);
      // a change each, and a note each of another line that a file has it at
      expect(difference.revision).toBe(1 + events.length + (difference.movedTo?.length ?? 0));
    }
    const settlements = await postingsOf(day, 'settlement');
    const reversals = await postingsOf(day, 'settlement_reversal');
    expect([0, 1]).toContain(settlements - reversals);
  }

  /** Of this day's reconciled account: each entry is one posting. */
  async function postingsOf(day: CaseDay, type: string): Promise<number> {
    const items = await queryItems(day.cases.ledger.table, {
      keys: 'pk = :pk AND begins_with(sk, :entry)',
      filter: '#type = :type',
      names: { '#type': 'type' },
      values: { ':pk': `ACCOUNT#${day.reconciledAccountId}#0`, ':entry': 'ENTRY#', ':type': type } satisfies Item,
    });
    return items.length;
  }
});

async function perform(day: CaseDay, step: Exclude<Step, { does: 'file' | 'rerun' }>): Promise<void> {
  const live = (await day.live()).filter(isLive);
  if (step.does === 'propose') {
    const difference = pick(
      live.filter(({ state }) => state === 'open'),
      step.which,
    );
    if (!difference) return;
    const resolution = resolutionFor(day, difference, step.how, live);
    const operationId = ulid();
    if (step.death) await unlessKilled(day.dyingAt(step.death).propose(difference, resolution, operationId));
    await Promise.all(
      Array.from({ length: step.twice ? 2 : 1 }, () => day.propose(difference, resolution, operationId)),
    );
  } else if (step.does === 'reopen') {
    const difference = pick(
      live.filter(({ state }) => state === 'resolved'),
      step.which,
    );
    if (difference) await day.proposeReopening(difference);
  } else {
    const difference = pick(
      live.filter(({ proposal }) => proposal),
      step.which,
    );
    if (!difference) return;
    const approval = approvalOf(difference);
    const verb = step.approve ? 'approve' : 'reject';
    if (step.death) await unlessKilled(day.dyingAt(step.death)[verb](approval, { by: 'approver-0' }));
    const decide = day[verb];
    const answers = await Promise.all(
      Array.from({ length: step.clicks }, (_, click) => decide(approval, { by: `approver-${click}` })),
    );
    expect(answers.filter((answer) => !('refused' in answer)).length).toBeLessThanOrEqual(1);
    // in the deployment the table's stream asks for it
    if (step.approve)
      expect((await rerunResolvedDay(rerunning(day), day.statement))?.status ?? 'running').toBe('running');
  }
}

/** It registers no version: those of this test are numbered by the test. */
const rerunning = (day: CaseDay) => ({
  ...day.cases,
  commit: async () => ({ committed: false, broken: [] }) as const,
  startExecution: async () => undefined,
});

const pick = <Item>(items: readonly Item[], lot: number): Item | undefined => items[lot % Math.max(1, items.length)];

function resolutionFor(day: CaseDay, difference: Difference, how: number, live: readonly Difference[]): Resolution {
  const { facts } = difference;
  // now and then one that its type has, and its facts refuse
  const kinds = how % 5 === 0 ? allowedResolutions[facts.type] : offeredResolutions(difference);
  const kind = pick(kinds, how) ?? 'write_off';
  const { accountId } = day.command;
  switch (kind) {
    case 'credit_account':
    case 'debit_account':
      return { kind, accountId };
    case 'offset': {
      const others = live.filter((each) => inSuspense(each.state) && each.facts.adjustment === -facts.adjustment);
      const other = pick(others, how) ?? pick(live, how);
      return other ? { kind, differenceId: other.id } : { kind: 'write_off' };
    }
    case 'await_correction':
      return { kind, hours: 24 };
    default:
      return { kind };
  }
}
