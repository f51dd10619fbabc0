import { beforeAll, describe, expect, test } from '@jest/globals';
import { controlSandbox } from '../../local/outsider/sandbox.ts';
import {
  approvedInstitution,
  approver,
  center,
  eventually,
  expectStatus,
  listAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';
import { balances, dropStatement, ended, executionName, type Merchant, merchantOf, pay } from './deployed-day.ts';

describe('payments that a statement lacks', () => {
  let bank: Merchant;
  /** by the order number, in the sandbox's own order */
  let missing: readonly string[];

  const casesByOrder = () =>
    eventually(`4 open cases of ${bank.merchantNo}`, async () => {
      const query = `merchantNo=${bank.merchantNo}&channel=${bank.channel}`;
      const items = listAt(expectStatus(await bank.institution.client.get(`/v1/differences?${query}`), 200), 'items');
      if (items.length !== 4) return undefined;
      return missing.map((orderNo) => items.find((each) => textAt(each, 'ours.reference') === orderNo) ?? null);
    });

  beforeAll(async () => {
    const institution = await approvedInstitution('Missing Days', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000, 20_000, 30_000, 40_000, 50_000] });
    const transactions = listAt(expectStatus(await institution.client.get('/v1/transactions'), 200), 'items');
    missing = transactions
      .map((each) => textAt(each, 'channelOrderNo'))
      .sort()
      .slice(0, 4);
    const { channel, merchantNo } = bank;
    for (const [place, denial] of ['refused', 'not_found', 'time_out'].entries()) {
      const channelOrderNo = missing[place + 1];
      await controlSandbox(center(), '/control/denials', { channel, merchantNo, channelOrderNo, denial });
    }
    await dropStatement(bank, { mistakes: Array(4).fill('missing_at_channel') });
    expect((await ended(executionName(bank, 1))).states).toContain('Differing');
  });

  test('are cases that show what the channel says of each, and what that speaks for', async () => {
    const cases = await casesByOrder();
    expect(cases.map((each) => valueAt(each, 'type'))).toEqual(Array(4).fill('missing_at_channel'));
    const [succeeded = null] = cases;
    expect(cases.map((each) => [valueAt(each, 'channelAnswer.status'), valueAt(each, 'suggestion')])).toEqual([
      ['succeeded', 'await_correction'],
      ['failed', 'fail_payment'],
      ['not_found', 'fail_payment'],
      ['unknown', null],
    ]);
    expect(valueAt(succeeded, 'channelAnswer.amount')).toEqual(valueAt(succeeded, 'ours.amount'));
    expect(cases.map((each) => valueAt(each, 'channelAnswer.detail'))).toEqual([
      null,
      'payer_refused',
      null,
      'no answer in time',
    ]);
    for (const each of cases) expect(textAt(each, 'channelAnswer.askedAt')).toMatch(/^20\d\d-/);
  });

  test('are asked about once, and failed only by people', async () => {
    const before = await casesByOrder();
    const [, denied = null] = before;
    const id = textAt(denied, 'id');
    const proposal = { resolution: { kind: 'fail_payment' }, reason: 'the channel never took it' };
    const proposed = expectStatus(await operator().post(`/v1/differences/${id}/proposals`, proposal), 201);
    const approval = `/v1/approvals/${textAt(proposed, 'approvalId')}/approve`;
    const clicks = await Promise.all([1, 2].map(() => approver().post(approval)));
    expect(clicks.map(({ status }) => status).sort()).toEqual([200, 409]);
    const paymentId = textAt(denied, 'paymentId');
    const payment = expectStatus(await bank.institution.client.get(`/v1/transactions/${paymentId}`), 200);
    expect(textAt(payment, 'status')).toBe('failed');
    const shown = expectStatus(await bank.institution.client.get(`/v1/differences/${id}`), 200);
    expect(listAt(shown, 'history').map((each) => textAt(each, 'event'))).toEqual([
      'ask',
      'open',
      'propose',
      'resolve',
    ]);
    expect(valueAt(shown, 'channelAnswer')).toEqual(valueAt(denied, 'channelAnswer'));
    expect((await balances(bank)).reconciled).toBe(0);
  });
});
