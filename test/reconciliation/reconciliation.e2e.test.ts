import { gzipSync } from 'node:zlib';
import { HeadObjectCommand } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  approvedInstitution,
  center,
  deployed,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  newMerchantNo,
  numberAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';
import {
  balances,
  dropFile,
  dropStatement,
  ended,
  executionName,
  type Merchant,
  merchantOf,
  newest,
  pay,
  reconciliationsOf,
  silentCard,
  suspense,
  today,
  wasStarted,
} from './deployed-day.ts';
import { csvFile, csvRow, type Row, merchantNo as sampleMerchantNo } from './sample-day.ts';

const steps = ['Identify', 'Plan', 'Stage', 'Match', 'Conclude', 'Handle', 'Settle'];

const stepsOf = (states: readonly string[]) =>
  states.filter((state) => [...steps, 'Balanced', 'Differing', 'Quarantine', 'Rejected'].includes(state));

const pause = (milliseconds: number) => new Promise((resolve) => setTimeout(resolve, milliseconds));

describe('a clean day of a bank', () => {
  let bank: Merchant;

  beforeAll(async () => {
    const institution = await approvedInstitution('Clean Bank Days', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000, 25_000, 333], withdrawals: [1_000, 500] });
    await pay(institution, { topUps: [7_700], card: silentCard });
    await dropStatement(bank);
  });

  test('is balanced, step by step under the name of the statement', async () => {
    const { status, states } = await ended(executionName(bank, 1));
    expect(status).toBe('SUCCEEDED');
    expect(stepsOf(states)).toEqual([...steps, 'Balanced']);
  });

  test('completes the payment of which only the statement told', async () => {
    const { report } = await newest(bank);
    expect(numberAt(report, 'completedPayments')).toBe(1);
    const open = await bank.institution.client.get('/v1/transactions?status=processing');
    expect(listAt(expectStatus(open, 200), 'items')).toEqual([]);
  });

  test('is settled: what was pending is reconciled, to the cent of the report', async () => {
    const { report, status, differences } = await newest(bank);
    // 0.25 % of each top-up and 0.10 % of each withdrawal, half a cent rounded up
    const net = 10_000 - 25 + (25_000 - 63) + (333 - 1) + (7_700 - 19) - (1_000 + 1) - (500 + 1);
    expect([status, differences]).toEqual(['balanced', []]);
    expect(numberAt(report, 'settlement.amount.amount')).toBe(net);
    expect(valueAt(report, 'control.tied')).toBe(true);
    expect(numberAt(report, 'fundsSummary.channel.net.amount')).toBe(numberAt(report, 'fundsSummary.books.net.amount'));
    expect(await balances(bank)).toEqual({ pending: 0, reconciled: net });
  });

  test('is changed by the same content in another file no more than by the same event twice', async () => {
    const before = await balances(bank);
    await dropStatement(bank, { fileName: 'again.csv' });
    await dropStatement(bank);
    await pause(4_000);
    expect(await wasStarted(executionName(bank, 2))).toBe(false);
    expect(await reconciliationsOf(bank)).toHaveLength(1);
    expect(await balances(bank)).toEqual(before);
  });

  test('is not seen by another institution, in any of the routes', async () => {
    const stranger = await approvedInstitution('A Stranger', ['sandbox-bank']);
    const { path } = await newest(bank);
    for (const tail of ['', '/differences', '/report']) {
      expect((await stranger.client.get(`${path}${tail}`)).status).toBe(404);
    }
    expect(listAt(expectStatus(await stranger.client.get('/v1/reconciliations'), 200), 'items')).toEqual([]);
    expect((await stranger.client.get('/v1/reconciliations/recon_01JZ8Q4T6M3V9X5B7N1K2R0C8D')).status).toBe(404);
  });
});

describe('a payment that the statements of two days claim', () => {
  test('belongs to the first of them, whatever day its line names, and is a difference on the other', async () => {
    const institution = await approvedInstitution('Claimed Twice', ['sandbox-bank']);
    const bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000] });
    await pay(institution, { topUps: [20_000], card: silentCard });
    const items = listAt(expectStatus(await institution.client.get('/v1/transactions'), 200), 'items');
    const yesterday = new Date(Date.parse(`${today()}T00:00:00Z`) - 24 * 60 * 60 * 1_000).toISOString().slice(0, 10);
    const rows = items.map((each): Row => {
      const amount = BigInt(numberAt(each, 'amount.amount'));
      const orderNo = textAt(each, 'channelOrderNo');
      return { kind: 'collection', orderNo, tradeNo: `T${orderNo}`, amount, fee: amount / 400n, status: 'succeeded' };
    });
    const lineOf = (row: Row, at: string) =>
      csvRow(row)
        .replace(sampleMerchantNo, bank.merchantNo)
        .replace(/[^,]*$/, at);
    const silent = rows.filter(({ amount }) => amount === 20_000n);
    const lines = rows.map((row) => {
      const day = silent.includes(row) ? `${yesterday}T23:59:59` : `${today()}T00:00:01`;
      return lineOf(row, `${day}+08:00`);
    });
    const folder = (day: string) => `statements/sandbox-bank/${bank.merchantNo}/${day}`;

    await dropFile(`${folder(today())}/day.csv`, csvFile(rows, lines));
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Balanced');
    const settled = await balances(bank);
    expect(settled).toEqual({ pending: 0, reconciled: 10_000 - 25 + (20_000 - 50) });

    const claimedAgain = silent.map((row) => lineOf(row, `${yesterday}T23:59:59+08:00`));
    await dropFile(`${folder(yesterday)}/day.csv`, csvFile(silent, claimedAgain));
    const other = executionName(bank, 1).replace(today(), yesterday);
    expect((await ended(other)).states.at(-1)).toBe('Differing');
    expect((await balances(bank)).reconciled).toBe(settled.reconciled);

    await dropFile(`${folder(today())}/day.csv`, csvFile(rows, [...lines].reverse()));
    expect((await ended(executionName(bank, 2))).states.at(-1)).toBe('Balanced');
    expect((await balances(bank)).reconciled).toBe(settled.reconciled);
  });
});

describe('a day of a wallet, whose trade bill holds no payouts', () => {
  test('is balanced by a gzipped bill, and a day without payments by an empty one', async () => {
    const institution = await approvedInstitution('Wallet Days');
    const [wallet, bank] = [merchantOf(institution, 'sandbox-wallet'), merchantOf(institution, 'sandbox-bank')];
    await pay(institution, { topUps: [10_000, 4_999], withdrawals: [2_000] });
    await dropStatement(wallet, { gzip: true });
    expect((await ended(executionName(wallet, 1))).states.at(-1)).toBe('Balanced');
    expect(await balances(wallet)).toEqual({ pending: 0, reconciled: 10_000 - 60 + (4_999 - 30) });
    await dropStatement(bank);
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Balanced');
    expect(await balances(bank)).toEqual({ pending: 0, reconciled: -2_002 });

    const quiet = merchantOf(await approvedInstitution('Quiet Days', ['sandbox-wallet']), 'sandbox-wallet');
    await dropStatement(quiet);
    expect((await ended(executionName(quiet, 1))).states.at(-1)).toBe('Balanced');
  });
});

describe('a payout that came back', () => {
  test('is credited where only the statement tells of it, and the day is balanced', async () => {
    const institution = await approvedInstitution('Returned Days', ['sandbox-bank']);
    const bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000], withdrawals: [1_000] });
    await dropStatement(bank, { mistakes: ['returned'] });
    expect((await ended(executionName(bank, 1))).states.at(-1)).toBe('Balanced');
    const path = '/v1/transactions?kind=';
    const [returned] = listAt(expectStatus(await institution.client.get(`${path}return`), 200), 'items');
    const [paidOut] = listAt(expectStatus(await institution.client.get(`${path}withdrawal`), 200), 'items');
    expect(returned).toMatchObject({ status: 'succeeded', amount: { amount: 1_000 } });
    expect(paidOut).toMatchObject({ status: 'returned' });
  });
});

describe('a day with every mistake', () => {
  const mistakes = [
    'missing_in_books',
    'missing_at_channel',
    'amount_mismatch',
    'fee_mismatch',
    'status_mismatch',
    'duplicate',
  ];
  let bank: Merchant;

  beforeAll(async () => {
    const institution = await approvedInstitution('Mistaken Days', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, {
      topUps: [10_000, 20_000, 30_000, 40_000, 50_000, 60_000],
      withdrawals: [1_000, 2_000, 3_000, 4_000, 5_000, 6_000, 7_000, 8_000, 9_000],
    });
    await dropStatement(bank, { mistakes: [...mistakes, 'bad_line'] });
  });

  test('ends as differing, with each of them found once and the bad line by its number', async () => {
    const { states } = await ended(executionName(bank, 1));
    expect(stepsOf(states)).toEqual([...steps, 'Differing']);
    const { report, status, differences } = await newest(bank);
    expect(status).toBe('differing');
    expect(differences.map(({ type }) => type).sort()).toEqual([...mistakes].sort());
    expect(listAt(report, 'lineErrors.items').map((error) => numberAt(error, 'lineNumber'))).toEqual([3]);
    const count = (name: string) => numberAt(report, `reconciliation.lines.${name}`);
    expect(count('read')).toBe(count('matched') + count('differing') + count('ignored') + count('errors'));
  });

  test('holds every difference in suspense, and pending is what the channel reports', async () => {
    const { report, differences } = await newest(bank);
    expect(differences.every(({ status, posting }) => status === 'open' && typeof posting === 'string')).toBe(true);
    expect(await suspense(bank)).toBe(differences.reduce((sum, { amount }) => sum + amount, 0));
    expect(await balances(bank)).toEqual({
      pending: numberAt(report, 'fundsSummary.channel.net.amount'),
      reconciled: 0,
    });
  });

  test('lists differences by type and page by page', async () => {
    const { path } = await newest(bank);
    const { client } = bank.institution;
    const duplicates = expectStatus(await client.get(`${path}/differences?type=duplicate`), 200);
    expect(listAt(duplicates, 'items')).toHaveLength(1);
    const seen: string[] = [];
    for (let cursor = ''; ; ) {
      const page = expectStatus(await client.get(`${path}/differences?limit=3${cursor}`), 200);
      seen.push(...listAt(page, 'items').map((each) => textAt(each, 'id')));
      const next = valueAt(page, 'nextCursor');
      if (typeof next !== 'string') break;
      cursor = `&cursor=${next}`;
    }
    expect(new Set(seen).size).toBe(mistakes.length);
    expect((await client.get(`${path}/differences?cursor=bm9uZQ`)).status).toBe(400);
  });

  test('posts only what changed when a corrected file comes, and settles when the last one is right', async () => {
    const before = await newest(bank);
    await dropStatement(bank, { mistakes: ['amount_mismatch', 'missing_in_books'] });
    await ended(executionName(bank, 2));
    const second = await newest(bank);
    expect(second.status).toBe('differing');
    expect(await suspense(bank)).toBe(second.differences.reduce((sum, { amount }) => sum + amount, 0));
    const first = expectStatus(await operator().get(`${before.path}/differences?limit=200`), 200);
    expect(listAt(first, 'items')).toHaveLength(mistakes.length);

    await dropStatement(bank);
    expect((await ended(executionName(bank, 3))).states.at(-1)).toBe('Balanced');
    const third = await newest(bank);
    expect(third.differences).toEqual([]);
    expect(await suspense(bank)).toBe(0);
    expect(await balances(bank)).toEqual({
      pending: 0,
      reconciled: numberAt(third.report, 'fundsSummary.channel.net.amount'),
    });
    expect((await reconciliationsOf(bank)).map((each) => textAt(each, 'status'))).toEqual([
      'balanced',
      'superseded',
      'superseded',
    ]);
  });
});

describe('a file that is no good', () => {
  let institution: Institution;
  let bank: Merchant;
  let version = 0;

  beforeAll(async () => {
    institution = await approvedInstitution('Bad Files', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000, 20_000] });
  });

  const key = (merchantNo: string, name: string) => `statements/sandbox-bank/${merchantNo}/${today()}/${name}`;

  async function expectRejection(name: string, reason: string): Promise<void> {
    const { status, error, cause = '', states } = await ended(name);
    expect([status, error]).toEqual(['FAILED', 'StatementRejected']);
    expect(stepsOf(states).slice(-2)).toEqual(['Quarantine', 'Rejected']);
    const told = JSON.parse(cause);
    expect(told).toMatchObject({ reason, detail: expect.any(String) });
    const Key = textAt(told, 'quarantineKey');
    const kept = await center().s3.send(new HeadObjectCommand({ Bucket: deployed('StatementBucketName'), Key }));
    expect(kept.Metadata).toMatchObject({ reason });
    const shown = expectStatus(await operator().get(`/v1/reconciliations/${textAt(told, 'reconciliationId')}`), 200);
    expect(shown).toMatchObject({ status: 'rejected', rejection: { reason } });
  }

  test.each([
    ['wrong_control_total', 'wrong_total'],
    ['truncated', 'truncated'],
    ['wrong_merchant', 'wrong_merchant'],
    ['empty_file', 'empty'],
    ['wrong_encoding', 'wrong_encoding'],
  ])('is rejected as %s', async (reason, mistake) => {
    version += 1;
    await dropStatement(bank, { mistakes: [mistake] });
    await expectRejection(executionName(bank, version), reason);
  });

  test.each([
    ['unrecognised_format', '<xml><return_code>FAIL</return_code></xml>'],
    ['unrecognised_format', '交易时间,公众账号ID,商户号,微信订单号,交易状态\n'],
    ['empty_file', '\ufeff\r\n'],
    ['corrupt_gzip', gzipSync(csvFile([])).subarray(0, 40)],
    ['wrong_encoding', Buffer.from(csvFile([]).replace('kind', 'k\u00efnd'), 'latin1')],
  ])('is rejected as %s', async (reason, content) => {
    version += 1;
    await dropFile(key(bank.merchantNo, 'by-hand.csv'), content);
    await expectRejection(executionName(bank, version), reason);
  });

  test('is rejected when nobody announced its merchant number', async () => {
    const merchantNo = newMerchantNo();
    await dropFile(key(merchantNo, 'x.csv'), csvFile([]));
    await expectRejection(`sandbox-bank-${merchantNo}-${today()}-v1`, 'unknown_merchant');
  });

  test('is rejected under a name of its own when its key can not be read', async () => {
    const place = newMerchantNo();
    await dropFile(`statements/${place}.csv`, 'anything');
    const name = await eventually('the rejection', async () =>
      (await rejectedNames()).find((each) => each.startsWith(`${place}-csv-`)),
    );
    expect(name).toMatch(new RegExp(`^${place}-csv-[0-9a-f]{8}-v1$`));
    await expectRejection(name, 'unreadable_key');
  });

  async function rejectedNames(): Promise<string[]> {
    const page = expectStatus(await operator().get('/v1/reconciliations?status=rejected&limit=200'), 200);
    return listAt(page, 'items').map((each) => textAt(each, 'executionName'));
  }

  test('is shown to the institution whose merchant number it names', async () => {
    const own = expectStatus(await institution.client.get('/v1/reconciliations?status=rejected&limit=200'), 200);
    expect(listAt(own, 'items')).toHaveLength(version);
  });

  test('leaves the books alone, and the good file after it is reconciled', async () => {
    const before = await balances(bank);
    expect(before).toEqual({ pending: 30_000 - 25 - 50, reconciled: 0 });
    expect(await suspense(bank)).toBe(0);
    version += 1;
    await dropStatement(bank);
    expect((await ended(executionName(bank, version))).states.at(-1)).toBe('Balanced');
    expect(await balances(bank)).toEqual({ pending: 0, reconciled: before.pending });
  });
});
