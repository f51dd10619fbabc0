import { describe, expect, test } from '@jest/globals';
import { ulid } from 'ulid';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { readAccount, settlementCompanions } from '../../../functions/ledger/index.ts';
import { isLive } from '../../../functions/reconciliation/cases/case.ts';
import { funded } from '../../payments/payment-world.ts';
import { engines } from '../../support/engines.ts';
import { lineOf } from '../paid-day.ts';
import { auditedCaseDays } from './audited-case-days.ts';
import { approvalOf, type CaseDay } from './case-day.ts';

describe.each(engines)('a case on $name', (engine) => {
  const open = auditedCaseDays(engine);
  const accountOf = async (day: CaseDay, id: Parameters<typeof readAccount>[1]) =>
    (await readAccount(day.cases.ledger, id))?.balances.available ?? 0n;

  /** A line that our books lack: the channel has 9 975 more than we. */
  async function dayWithSurplus(): Promise<CaseDay> {
    const day = await open();
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment), lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' })]);
    return day;
  }

  test('is credited to an account once another operator approves it, and never twice', async () => {
    const day = await dayWithSurplus();
    const { accountId } = day.command;
    const found = await day.one();
    expect(found).toMatchObject({ state: 'open', facts: { type: 'missing_in_books', adjustment: 9_975n } });
    const before = await day.balances();
    const operationId = ulid();
    const proposed = await day.propose(found, { kind: 'credit_account', accountId }, operationId);
    // a retried request finds its own
    expect(await day.propose(found, { kind: 'credit_account', accountId }, operationId)).toEqual(proposed);
    expect(await day.propose(found, { kind: 'write_off' })).toMatchObject({ refused: 'case_not_open' });
    const approval = approvalOf(proposed);
    expect(await day.approve(approval, { by: 'olga' })).toMatchObject({ refused: 'four_eyes_required' });
    expect(await day.balances()).toEqual(before);

    const clicks = ['omar', 'omar', 'nina', 'pete'].map((by) => day.approve(approval, { by, operationId: ulid() }));
    const answers = await Promise.all(clicks);
    expect(answers.filter((answer) => !isRefusal(answer))).toHaveLength(1);
    expect(answers.filter(isRefusal).map(({ refused }) => refused)).toEqual(Array(3).fill('already_decided'));
    // the member gets the gross, as a top-up would have given; the fee is the institution's
    expect((await day.balances()).available).toBe(before.available + 10_000n);
    expect((await day.balances()).fees).toBe(before.fees + 25n);
    const moves = { gross: 10_000n, fee: 25n };
    expect(await day.one()).toMatchObject({
      state: 'resolved',
      resolved: { resolution: { kind: 'credit_account' }, moves },
    });
    expect((await day.one()).history.map((entry) => entry.moves)).toEqual([undefined, moves, moves]);
    const payload = { resolution: { gross: { amount: 10_000 }, fee: { amount: 25 }, net: { amount: 9_975 } } };
    expect(await day.approval(approval)).toMatchObject({ payload });
    expect((await day.one()).history.map(({ event, by }) => [event, by])).toEqual([
      ['open', undefined],
      ['propose', 'olga'],
      ['resolve', 'omar']
        .slice(0, 1)
        .concat(answers.flatMap((each) => (isRefusal(each) ? [] : [each.decidedBy ?? '']))),
    ]);
  });

  test('ends its day balanced when its file is worked on again', async () => {
    const day = await dayWithSurplus();
    const payment = await day.payment();
    await day.approve(approvalOf(await day.propose(await day.one(), { kind: 'write_off' })));
    const again = await day.reconcileAgain();
    expect(again.settled).toMatchObject({ status: 'balanced', openDifferences: 0 });
    expect(await day.pending()).toBe(0n);
    expect(await accountOf(day, settlementCompanions(day.settlementAccountId).writeOff)).toBe(-9_975n);
    expect(payment).toBeUndefined();
  });

  test('that is rejected is open again, and keeps what was said', async () => {
    const day = await dayWithSurplus();
    const approval = approvalOf(await day.propose(await day.one(), { kind: 'write_off' }));
    await day.reject(approval);
    expect(await day.one()).toMatchObject({ state: 'open' });
    expect((await day.one()).history.at(-1)).toMatchObject({ event: 'reject', by: 'omar', reason: 'not so' });
    expect(await day.approve(approval)).toMatchObject({ refused: 'already_decided' });
  });

  test('that a corrected file took away is not resolved any more, and its proposal can be rejected', async () => {
    const day = await open();
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment), lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' })]);
    const approval = approvalOf(await day.propose(await day.one(), { kind: 'write_off' }));
    const { settled } = await day.reconcile([lineOf(payment)]);
    expect(settled.status).toBe('balanced');
    expect(await day.approve(approval)).toMatchObject({ refused: 'case_changed' });
    expect(await day.reject(approval)).toMatchObject({ status: 'rejected' });
  });

  test('that was resolved and that a corrected file does not show is taken back whole', async () => {
    const day = await open();
    const { accountId } = day.command;
    const payment = await day.topUp();
    const strange = lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' });
    await day.reconcile([lineOf(payment), strange]);
    await day.approve(approvalOf(await day.propose(await day.one(), { kind: 'credit_account', accountId })));
    const { handled, settled } = await day.reconcile([lineOf(payment)]);
    expect(handled).toMatchObject({ reversed: 1, kept: 0 });
    expect(settled.status).toBe('balanced');
    expect((await day.balances()).available).toBe(funded + 10_000n);
    expect(await day.pending()).toBe(0n);

    // and what has been spent meanwhile can't be: it stays, and so does the day
    const other = await open();
    const paid = await other.topUp();
    await other.reconcile([lineOf(paid), lineOf(paid, { orderNo: 'STRANGE', tradeNo: 'X-1', amount: 900_000n })]);
    const member = other.command.accountId;
    await other.approve(
      approvalOf(await other.propose(await other.one(), { kind: 'credit_account', accountId: member })),
    );
    await other.spend(900_000n);
    const corrected = await other.reconcile([lineOf(paid)]);
    expect(corrected.handled).toMatchObject({ reversed: 0, kept: 1 });
    expect(corrected.settled).toMatchObject({ status: 'differing', openDifferences: 0 });
    await other.spend(-900_000n);
    expect((await other.reconcileAgain()).settled.status).toBe('balanced');
  });

  test('is reopened by two operators, which opens its settled day again', async () => {
    const day = await dayWithSurplus();
    const approval = approvalOf(await day.propose(await day.one(), { kind: 'write_off' }));
    await day.approve(approval);
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    const settled = await day.reconciled();
    const reopening = approvalOf(await day.proposeReopening(await day.one()));
    expect(await day.one()).toMatchObject({ state: 'reopening' });
    expect(await day.approve(reopening, { by: 'olga' })).toMatchObject({ refused: 'four_eyes_required' });
    await Promise.all(['omar', 'nina'].map((by) => day.approve(reopening, { by })));
    expect(await day.one()).toMatchObject({ state: 'open' });
    expect(await day.reconciled()).toBe(0n);
    expect(await day.pending()).toBe(settled);
    expect((await day.newestBatch())?.status).toBe('reopened');
    expect(await day.propose(await day.one(), { kind: 'write_off' })).toMatchObject({ state: 'proposed' });
    expect(await day.approve(approvalOf(await day.one()))).toMatchObject({ status: 'approved' });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await day.reconciled()).toBe(settled);
  });

  test('of a payment that failed here and succeeded there completes it, once, whatever comes', async () => {
    const day = await open(() => 'refuses');
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment)]);
    const approvals = approvalOf(await day.propose(await day.one(), { kind: 'complete_payment' }));
    await Promise.all(['omar', 'nina', 'pete'].map((by) => day.approve(approvals, { by })));
    const credited = { available: funded + 10_000n };
    expect(await day.balances()).toMatchObject(credited);
    expect(await day.pending()).toBe(9_975n);

    // its statement again, in the same bytes and in others
    const again = await day.reconcileAgain();
    expect(again.settled.status).toBe('balanced');
    expect(again.conclusion?.lines).toMatchObject({ matched: 1, differing: 0 });
    expect((await day.reconcile([lineOf(payment)])).settled.status).toBe('balanced');
    expect(await day.balances()).toMatchObject(credited);
    const [repaired] = await day.live();
    expect(repaired).toMatchObject({ state: 'resolved', closedIn: 2 });
    expect(repaired && isLive(repaired)).toBe(false);
    expect(repaired && (await day.proposeReopening(repaired))).toMatchObject({ refused: 'not_reopenable' });

    // a corrected file that denies it is a difference of its own
    await day.reconcile([lineOf(payment, { status: 'failed' })]);
    const denied = (await day.live()).find(isLive);
    expect(denied).toMatchObject({ state: 'open', facts: { type: 'status_mismatch', adjustment: -9_975n } });
    if (!denied) throw new Error('it is not there');
    await day.approve(approvalOf(await day.propose(denied, { kind: 'fail_payment' })));
    expect(await day.balances()).toMatchObject({ available: funded });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect(await day.pending()).toBe(0n);
  });

  test('of a payout that failed here and went out all the same takes the money from its member, or says that it is gone', async () => {
    const day = await open(() => 'refuses');
    const payout = await day.withdraw();
    await day.reconcile([lineOf(payout)]);
    const approval = approvalOf(await day.propose(await day.one(), { kind: 'complete_payment' }));
    await day.spend(funded);
    expect(await day.approve(approval)).toMatchObject({ refused: 'insufficient_funds' });
    await day.spend(-funded);
    expect(await day.approve(approval)).toMatchObject({ status: 'approved' });
    expect(await day.balances()).toMatchObject({ available: funded - 10_000n, frozen: 0n });
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
  });

  test('of a payment that the channel never carried out is failed: what it moved goes back', async () => {
    const day = await open();
    const [payment, payout] = [await day.topUp(), await day.withdraw()];
    await day.reconcile([]);
    for (const each of await day.live()) {
      await day.approve(approvalOf(await day.propose(each, { kind: 'fail_payment' })));
    }
    expect(await day.balances()).toMatchObject({ available: funded, frozen: 0n });
    expect(await day.pending()).toBe(0n);
    expect((await day.reconcileAgain()).settled.status).toBe('balanced');
    expect([payment.status, payout.status]).toEqual(['succeeded', 'succeeded']);
  });

  test('is cancelled by another one of the same amount, in one posting for both', async () => {
    const day = await open();
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' })]);
    const [surplus, shortage] = (await day.live()).sort((a, b) => Number(b.facts.adjustment - a.facts.adjustment));
    if (!surplus || !shortage) throw new Error('there are not two of them');
    expect(await day.propose(surplus, { kind: 'offset', differenceId: surplus.id })).toMatchObject({
      refused: 'not_offsetting',
    });
    const approval = approvalOf(await day.propose(surplus, { kind: 'offset', differenceId: shortage.id }));
    expect((await day.live()).map(({ state }) => state)).toEqual(['proposed', 'proposed']);
    await day.approve(approval);
    expect((await day.live()).map(({ state }) => state)).toEqual(['resolved', 'resolved']);
    const { settled } = await day.reconcileAgain();
    expect(settled.status).toBe('balanced');
    // a corrected file takes one of them away: the other one is open again
    const corrected = await day.reconcile([lineOf(payment, { orderNo: 'STRANGE', tradeNo: 'X-1' }), lineOf(payment)]);
    expect(corrected.settled).toMatchObject({ status: 'differing', openDifferences: 1 });
    expect((await day.live()).map(({ state }) => state)).toEqual(['open']);
  });

  test('waits for a corrected file without a posting, until its new due time', async () => {
    const day = await dayWithSurplus();
    const before = await day.one();
    const postponed = await day.propose(before, { kind: 'await_correction', hours: 48 });
    expect(postponed).toMatchObject({ state: 'open' });
    expect((await day.one()).urgency?.dueAt).toEqual(new Date(day.cases.clock().getTime() + 48 * 3_600_000));
  });

  test('within tolerance, or in a rule, is resolved by the policy, which it names', async () => {
    const day = await open();
    await day.decided({
      tolerance: { amount: 0, fee: 5 },
      automatic: [{ types: ['missing_in_books'], upTo: 9_975, resolution: 'write_off' }],
    });
    const [first, second] = [await day.topUp(), await day.topUp()];
    const lines = [
      lineOf(first, { fee: 30n }),
      lineOf(second, { fee: 31n }),
      lineOf(first, { orderNo: 'STRANGE', tradeNo: 'X-1' }),
    ];
    const { handled, settled } = await day.reconcile(lines);
    expect(handled).toMatchObject({ opened: 3, resolved: 2 });
    expect(settled).toMatchObject({ status: 'differing', openDifferences: 1 });
    const states = (await day.live()).map(({ state, facts, history }) => [
      state,
      facts.adjustment,
      history.at(-1)?.policy?.version,
    ]);
    expect(states.sort((a, b) => Number(a[1]) - Number(b[1]))).toEqual([
      ['open', -6n, undefined],
      ['resolved', -5n, 3],
      ['resolved', 9_975n, 3],
    ]);
    // a person's word stands against the policy
    const resolved = (await day.live()).find(({ facts }) => facts.adjustment === -5n);
    if (!resolved) throw new Error('it is gone');
    await day.approve(approvalOf(await day.proposeReopening(resolved)));
    expect((await day.reconcileAgain()).handled).toMatchObject({ resolved: 0 });
  });

  test.each([
    ['credit_account', 'account_not_found', { accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }],
    ['debit_account', 'resolution_not_allowed', { accountId: 'acct_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }],
    ['complete_payment', 'resolution_not_allowed', {}],
    ['adjust_fee', 'resolution_not_allowed', {}],
    ['offset', 'not_offsetting', { differenceId: 'diff_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }],
  ] as const)('is not resolved by %s where that does not fit: %s', async (kind, refused, facts) => {
    const day = await dayWithSurplus();
    expect(await day.propose(await day.one(), { kind, ...facts } as never)).toMatchObject({ refused }); // ids shaped like ours
  });

  test('keeps its place beside the other differences of its line: each is a case', async () => {
    const day = await open();
    const payment = await day.topUp();
    await day.reconcile([lineOf(payment, { amount: 9_000n, fee: 30n })]);
    const [first] = await day.live();
    expect(await day.differences()).toEqual(['open amount_mismatch -1000', 'open fee_mismatch -5']);
    if (!first) throw new Error('there is none');
    await day.approve(approvalOf(await day.propose(first, { kind: 'write_off' })));
    expect((await day.reconcileAgain()).settled).toMatchObject({ status: 'differing', openDifferences: 1 });
  });
});
