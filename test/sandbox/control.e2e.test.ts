import { createHash, randomUUID } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { GetObjectCommand } from '@aws-sdk/client-s3';
import { describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { callSandbox, sandboxAdapter } from '../../functions/channels/index.ts';
import { accountingDateAt } from '../../functions/kernel/clock.ts';
import { money } from '../../functions/kernel/money.ts';
import {
  agreementOn as agreementThrough,
  control,
  deployedSandbox,
  newMerchant,
  newOrder,
  newOrderNo,
  newPayout,
} from '../channels/deployed-sandbox.ts';
import { center, deployed } from '../support/deployment.ts';

const adapter = sandboxAdapter(deployedSandbox());
const dayMs = 24 * 60 * 60 * 1000;
const dayOf = (instant: Date) => accountingDateAt(instant, 'Asia/Shanghai');

const writtenSchema = z.object({
  key: z.string(),
  sha256: z.string(),
  lines: z.number(),
  currency: z.string(),
  totals: z.record(z.string(), z.object({ count: z.number(), amount: z.number(), fee: z.number() })),
  mistakes: z.array(z.object({ mistake: z.string(), orderNo: z.string() })),
});

async function statement(input: object) {
  const written = writtenSchema.parse(await control('/control/statements', input));
  const stored = await center().s3.send(
    new GetObjectCommand({ Bucket: deployed('StatementBucketName'), Key: written.key }),
  );
  const bytes = Buffer.from((await stored.Body?.transformToByteArray()) ?? []);
  expect(createHash('sha256').update(bytes).digest('hex')).toBe(written.sha256);
  return { written, bytes, rows: bytes.toString('utf8').split('\r\n') };
}

const agreementOn = (merchant: ReturnType<typeof newMerchant>, card: string) =>
  agreementThrough(adapter, merchant, card);

async function completed(sent: Promise<{ readonly outcome: string; readonly completedAt?: Date }>): Promise<Date> {
  const { outcome, completedAt } = await sent;
  if (completedAt === undefined) throw new Error(`the order ended ${outcome}`);
  return completedAt;
}

describe("the sandbox's statement", () => {
  test('lists the orders of a day that succeeded, told or not, under the key of its merchant and date', async () => {
    const merchant = newMerchant('sandbox-bank');
    const good = await agreementOn(merchant, '6200000000000005');
    const collection = newOrder(merchant, good, { amount: money(20_000n, 'CNY') });
    const date = dayOf(await completed(adapter.collect(collection)));
    const payout = newPayout(merchant, good);
    await completed(adapter.payout(payout));
    const silent = newOrder(merchant, await agreementOn(merchant, '6200000000000328'));
    expect(await adapter.collect(silent)).toMatchObject({ outcome: 'unknown' });
    const refused = newOrder(merchant, await agreementOn(merchant, '6200000000000104'));
    expect(await adapter.collect(refused)).toMatchObject({ outcome: 'refused' });

    const { written, rows } = await statement({ ...merchant, date, format: 'sandbox-csv' });

    expect(written).toMatchObject({
      key: `statements/sandbox-bank/${merchant.merchantNo}/${date}/${merchant.merchantNo}-${date}.csv`,
      lines: 3,
      totals: {
        collection: { count: 2, amount: 30_000, fee: 75 },
        payout: { count: 1, amount: 10_000, fee: 10 },
        refund: { count: 0 },
        returned_payout: { count: 0 },
      },
    });
    const numbers = rows.slice(1, 4).map((row) => row.split(',')[2]);
    expect(new Set(numbers)).toEqual(new Set([collection, payout, silent].map((order) => order.channelOrderNo)));
  });

  test('of the wallet is a trade bill, which leaves payouts out and shows refunds', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const collection = newOrder(merchant, await agreementOn(merchant, '6200000000000005'));
    const completedAt = await completed(adapter.collect(collection));
    const refund = { ...merchant, channelOrderNo: newOrderNo(), kind: 'refund', amount: 2_500, currency: 'CNY' };
    await control('/control/orders', {
      ...refund,
      refundOf: collection.channelOrderNo,
      completedAt: completedAt.toISOString(),
    });
    const date = dayOf(completedAt);

    const { written, bytes } = await statement({ ...merchant, date, format: 'wechat-tradebill', gzip: true });

    expect(written.key).toMatch(new RegExp(`/${merchant.merchantNo}All${date}\\.csv\\.gz$`));
    const rows = gunzipSync(bytes).toString('utf8').split('\r\n');
    expect(rows).toHaveLength(6);
    const [payments, refunds] = ['SUCCESS', 'REFUND'].map((state) =>
      rows.filter((row) => row.includes(`,\`${state},\`OTHERS`)),
    );
    expect(payments).toEqual([expect.stringContaining(`\`${collection.channelOrderNo},`)]);
    expect(refunds).toEqual([expect.stringContaining(`\`${refund.channelOrderNo},\`25.00,`)]);
    expect(rows[4]).toBe('`2,`100.00,`25.00,`0.00,`0.45000,`100.00,`25.00');
  });

  test('makes the mistakes that are asked for and names their orders', async () => {
    const merchant = newMerchant('sandbox-bank');
    const orderNos = ['A1', 'A2', 'A3'];
    for (const channelOrderNo of orderNos) {
      const order = { channelOrderNo, kind: 'collection', amount: 10_000, currency: 'CNY' };
      await control('/control/orders', { ...merchant, ...order, completedAt: '2026-03-01T09:00:00+08:00' });
    }
    const mistakes = ['amount_mismatch', 'missing_at_channel', 'duplicate', 'bad_line'];

    const { written, rows } = await statement({ ...merchant, date: '2026-03-01', format: 'sandbox-csv', mistakes });

    expect(written.mistakes).toEqual([
      { mistake: 'amount_mismatch', orderNo: 'A1' },
      { mistake: 'missing_at_channel', orderNo: 'A2' },
      { mistake: 'duplicate', orderNo: 'A3' },
    ]);
    expect(written.lines).toBe(4);
    expect(rows.at(-2)).toMatch(/^4,3,301\.00,0\.75,0,/);
  });

  test('is refused where a mistake has no order, and written for a day without any', async () => {
    const merchant = newMerchant('sandbox-bank');
    const day = { ...merchant, date: '2026-03-02', format: 'sandbox-csv' };
    expect((await statement(day)).rows.at(-2)).toBe('0,0,0.00,0.00,0,0.00,0.00,0,0.00,0.00,0,0.00,0.00');
    expect(
      await callSandbox(deployedSandbox(), '/control/statements', { ...day, mistakes: ['duplicate'] }),
    ).toMatchObject({ status: 409, body: { error: 'no_order_for_mistake' } });
  });

  test.each([
    ['a day that is none', { date: '2026-02-30' }],
    ['a format that nobody writes', { format: 'pdf' }],
    ['a returned payout in a trade bill', { format: 'wechat-tradebill', mistakes: ['returned'] }],
    ['a file name that leaves its folder', { fileName: '../elsewhere.csv' }],
    ['a merchant number that leaves its folder', { merchantNo: '../19' }],
  ])('is not written for %s', async (_what, wrong) => {
    const input = { ...newMerchant('sandbox-bank'), date: '2026-03-02', format: 'sandbox-csv', ...wrong };
    expect(await callSandbox(deployedSandbox(), '/control/statements', input)).toMatchObject({ status: 400 });
  });
});

describe('a returned payout', () => {
  test('is in the statement of the second day after, at first', async () => {
    const merchant = newMerchant('sandbox-bank');
    const payout = newPayout(merchant, await agreementOn(merchant, '6200000000000401'));
    const completedAt = await completed(adapter.payout(payout));
    const returnDay = dayOf(new Date(completedAt.getTime() + 2 * dayMs));

    const { written, rows } = await statement({ ...merchant, date: returnDay, format: 'sandbox-csv' });

    expect(written.totals['returned_payout']).toEqual({ count: 1, amount: 10_000, fee: 0 });
    expect(rows[1]).toMatch(new RegExp(`^returned_payout,${merchant.merchantNo},${payout.channelOrderNo},`));
  });

  test('comes back at once when told to, and only once', async () => {
    const merchant = newMerchant('sandbox-bank');
    const payout = newPayout(merchant, await agreementOn(merchant, '6200000000000401'));
    const completedAt = await completed(adapter.payout(payout));
    const returnDay = dayOf(new Date(completedAt.getTime() + 2 * dayMs));
    const reference = { ...merchant, channelOrderNo: payout.channelOrderNo };

    expect(await control('/control/returns', reference)).toMatchObject({ kind: 'returned_payout', fee: 0 });

    expect(await callSandbox(deployedSandbox(), '/control/returns', reference)).toMatchObject({ status: 409 });
    expect(await control('/control/days', { ...merchant, date: returnDay })).toEqual({ lines: [] });
    const today = await control('/control/days', { ...merchant, date: dayOf(new Date()) });
    expect(today).toMatchObject({
      lines: expect.arrayContaining([expect.objectContaining({ kind: 'returned_payout' })]),
    });
    expect(await adapter.query({ ...payout, kind: 'payout' })).toMatchObject({ outcome: 'succeeded' });
  });
});

describe("the sandbox's control side", () => {
  test('answers nobody without the secret', async () => {
    const url = `${deployed('SandboxChannelUrl')}/control/days`;
    const response = await fetch(url, { method: 'POST', body: JSON.stringify({ date: '2026-03-01' }) });
    expect([response.status, await response.json()]).toEqual([401, { error: 'unsigned' }]);
  });

  test('knows no other operation', async () => {
    const answer = await callSandbox(deployedSandbox(), `/control/${randomUUID()}`, {});
    expect(answer).toMatchObject({ status: 404, body: { error: 'not_found' } });
  });

  test('books an order number once', async () => {
    const merchant = newMerchant('sandbox-wallet');
    const order = { ...merchant, channelOrderNo: 'B1', kind: 'collection', amount: 100, currency: 'CNY' };
    await control('/control/orders', order);
    expect(await callSandbox(deployedSandbox(), '/control/orders', order)).toMatchObject({ status: 409 });
  });
});
