import { beforeAll, describe, expect, test } from '@jest/globals';
import { approvedInstitution, expectStatus, listAt, numberAt, textAt, valueAt } from '../../support/deployment.ts';
import {
  balances,
  dropFile,
  ended,
  executionName,
  type Merchant,
  merchantOf,
  newest,
  pay,
  today,
} from '../deployed-day.ts';
import { csvFile, csvRow, type Row, merchantNo as sampleMerchantNo } from '../sample-day.ts';

const failed = Array.from({ length: 500 }, (_, place): Row => {
  const number = `${place}`.padStart(3, '0');
  return {
    kind: 'collection',
    orderNo: `FAILED${number}`,
    tradeNo: `F${number}`,
    amount: 100n,
    fee: 0n,
    status: 'failed',
  };
});

describe('the reports of a day of five hundred lines', () => {
  let bank: Merchant;
  let path: string;
  const get = (route: string, accept = 'application/json') =>
    bank.institution.client.get(route, { headers: { accept } });

  beforeAll(async () => {
    const institution = await approvedInstitution('Reported Days', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000, 20_000] });
    const items = listAt(expectStatus(await institution.client.get('/v1/transactions'), 200), 'items');
    const rows = items.map((each): Row => {
      const amount = BigInt(numberAt(each, 'amount.amount'));
      const orderNo = textAt(each, 'channelOrderNo');
      return { kind: 'collection', orderNo, tradeNo: `T${orderNo}`, amount, fee: amount / 400n, status: 'succeeded' };
    });
    const lines = [...failed, ...rows].map((row) =>
      csvRow(row)
        .replace(sampleMerchantNo, bank.merchantNo)
        .replace(/[^,]*$/, `${today()}T10:00:00+08:00`),
    );
    await dropFile(
      `statements/sandbox-bank/${bank.merchantNo}/${today()}/day.csv`,
      csvFile([...failed, ...rows], lines),
    );
    const { states } = await ended(executionName(bank, 1));
    expect(states.slice(-3)).toEqual(['Report', 'Is the day balanced?', 'Balanced']);
    ({ path } = await newest(bank));
  });

  test('list every line with its end, page by page', async () => {
    const first = expectStatus(await get(`${path}/report/funds-detail?limit=200`), 200);
    expect(listAt(first, 'items')[0]).toMatchObject({
      lineNumber: 2,
      reference: 'FAILED000',
      result: 'ignored',
      note: 'failed_moves_no_money',
    });
    const second = expectStatus(
      await get(`${path}/report/funds-detail?limit=200&cursor=${textAt(first, 'nextCursor')}`),
      200,
    );
    const last = expectStatus(
      await get(`${path}/report/funds-detail?limit=200&cursor=${textAt(second, 'nextCursor')}`),
      200,
    );
    expect(valueAt(last, 'nextCursor')).toBeNull();
    expect(listAt(last, 'items').slice(-2)).toMatchObject([{ result: 'matched' }, { result: 'matched' }]);
    expect(listAt(last, 'items')).toHaveLength(102);
    expect((await get(`${path}/report/funds-detail?cursor=bm9uZQ`)).status).toBe(400);
  });

  test('come as one file: in the answer where it is small, behind a link where it is large', async () => {
    const large = await bank.institution.client.get(`${path}/report/funds-detail`, {
      headers: { accept: 'text/csv' },
      redirect: 'manual',
    });
    expect(large.status).toBe(303);
    const file = await fetch(large.headers.get('location') ?? '');
    const [header, ...lines] = (await file.text()).trimEnd().split('\n');
    expect([header?.startsWith('date,channel'), lines.length]).toEqual([true, 502]);
    const fees = await get(`${path}/report/fee-detail`, 'text/csv');
    expect([fees.status, fees.text.trimEnd().split('\n').length]).toEqual([200, 3]);
  });

  test('of a period add up to what was settled, and name the days without a statement', async () => {
    const days = `from=${today()}&to=${today()}`;
    const { reconciled } = await balances(bank);
    const summary = expectStatus(await get(`/v1/reconciliation-reports/funds-summary?${days}`), 200);
    expect(summary).toMatchObject({
      items: [{ channel: 'sandbox-bank', kind: 'collection', theirs: { count: 2 }, difference: { count: 0 } }],
      totals: [{ theirs: { net: { amount: reconciled } }, difference: { net: { amount: 0 } } }],
      missingDays: [],
    });
    const detail = await get(`/v1/reconciliation-reports/funds-detail?${days}`, 'text/csv');
    expect([detail.status, detail.text.trimEnd().split('\n').length]).toEqual([200, 503]);
    expect((await get('/v1/reconciliation-reports/funds-detail?from=2026-03-02&to=2026-03-01')).status).toBe(400);
  });

  test('show no arrivals where nothing is awaited', async () => {
    const list = expectStatus(await get(`/v1/arrivals?from=${today()}&to=${today()}`), 200);
    expect(list).toEqual({ items: [], nextCursor: null, totals: [] });
    expect((await get(`/v1/arrivals?from=${today()}&to=${today()}`, 'text/csv')).text).toContain('outstanding');
  });
});
