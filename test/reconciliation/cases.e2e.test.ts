import { createHash, randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  type ApiClient,
  approvedInstitution,
  approver,
  eventually,
  expectStatus,
  listAt,
  numberAt,
  operator,
  textAt,
  valueAt,
} from '../support/deployment.ts';
import {
  balances,
  dropStatement,
  ended,
  executionName,
  type Merchant,
  merchantOf,
  newest,
  pay,
  reconciliationsOf,
  today,
} from './deployed-day.ts';

/** What is in suspense for the merchant, as the institution sees it, once the index has it. */
const openCases = (bank: Merchant, count: number) =>
  eventually(`${count} open cases of ${bank.merchantNo}`, async () => {
    const query = `merchantNo=${bank.merchantNo}&channel=${bank.channel}`;
    const items = listAt(expectStatus(await bank.institution.client.get(`/v1/differences?${query}`), 200), 'items');
    return items.length === count ? items : undefined;
  });

/** What a link leads to. */
async function linked(client: ApiClient, path: string): Promise<string> {
  const { status, headers } = await client.get(path, { redirect: 'manual' });
  expect(status).toBe(303);
  return (await fetch(headers.get('location') ?? '')).text();
}

const propose = async (id: string, resolution: object) =>
  expectStatus(await operator().post(`/v1/differences/${id}/proposals`, { resolution, reason: 'looked into' }), 201);

describe('a day that differs', () => {
  let bank: Merchant;
  let accountId: string;

  beforeAll(async () => {
    const institution = await approvedInstitution('Differing Days', ['sandbox-bank']);
    bank = merchantOf(institution, 'sandbox-bank');
    await pay(institution, { topUps: [10_000, 25_000] });
    await dropStatement(bank, { mistakes: ['missing_in_books', 'amount_mismatch'], fileName: 'day.csv' });
    const transactions = listAt(expectStatus(await institution.client.get('/v1/transactions'), 200), 'items');
    accountId = textAt(transactions[0] ?? null, 'accountId');
    expect((await ended(executionName(bank, 1))).states).toContain('Differing');
  });

  test('shows its cases to the institution and to nobody else', async () => {
    const items = await openCases(bank, 2);
    expect(items.map((each) => textAt(each, 'type')).sort()).toEqual(['amount_mismatch', 'missing_in_books']);
    for (const each of items) {
      expect(each).toMatchObject({ status: 'open', overdue: false, daysOpen: 0, date: today(), approvalId: null });
    }
    const stranger = await approvedInstitution('A Stranger', ['sandbox-bank']);
    const path = `/v1/differences/${textAt(items[0] ?? null, 'id')}`;
    expect((await stranger.client.get(path)).status).toBe(404);
    expect((await stranger.client.post(`${path}/comments`, { text: 'mine' })).status).toBe(404);
    expect(listAt(expectStatus(await stranger.client.get('/v1/differences'), 200), 'items')).toEqual([]);
    const refused = await bank.institution.client.post(`${path}/proposals`, {
      resolution: { kind: 'write_off' },
      reason: 'mine',
    });
    expect(refused.status).toBe(403);
  });

  test('takes comments and papers', async () => {
    const [first = null] = await openCases(bank, 2);
    const path = `/v1/differences/${textAt(first, 'id')}`;
    expectStatus(await bank.institution.client.post(`${path}/comments`, { text: 'the customer called' }), 201);
    const bytes = Buffer.from('%PDF-1.7 a confirmation');
    const sha256 = createHash('sha256').update(bytes).digest('hex');
    const paper = { fileName: '确认.pdf', contentType: 'application/pdf', size: bytes.length, sha256 };
    const made = expectStatus(await operator().post(`${path}/attachments`, paper), 201);
    const attachment = `${path}/attachments/${textAt(made, 'id')}`;
    expect((await operator().get(attachment)).body).toMatchObject({ code: 'attachment_missing' });
    const announced = expectStatus(await operator().get(path), 200);
    expect(announced).toMatchObject({ attachments: [{ fileName: '确认.pdf', uploaded: false }] });
    const headers = valueAt(made, 'upload.headers') as Record<string, string>; // as its schema has it
    const url = textAt(made, 'upload.url');
    const put = await fetch(url, { method: 'PUT', headers, body: bytes });
    expect(put.status).toBe(200);
    expect(await linked(operator(), attachment)).toBe(bytes.toString());
    const shown = expectStatus(await bank.institution.client.get(path), 200);
    expect(shown).toMatchObject({
      comments: [{ text: 'the customer called' }],
      attachments: [{ fileName: '确认.pdf', sha256, uploaded: true }],
      history: [{ event: 'open', version: 1 }],
    });
    const tooLarge = { ...paper, size: 10 * 1024 * 1024 + 1 };
    expect((await operator().post(`${path}/attachments`, tooLarge)).status).toBe(400);
  });

  async function rollForward() {
    // postings are of the open business day, which another test may have moved on
    const dates = expectStatus(await operator().get('/v1/business-dates'), 200);
    const [from, to] = [today(), textAt(dates, 'openDay')].sort();
    const path = `/v1/settlement-accounts/${bank.settlementAccountId}/suspense?from=${from}&to=${to}`;
    return listAt(expectStatus(await bank.institution.client.get(path), 200), 'types');
  }

  test('holds in suspense what is open', async () => {
    const types = await rollForward();
    for (const each of types) {
      expect(numberAt(each, 'closing.amount')).toBe(numberAt(each, 'openCases.amount.amount'));
    }
    expect(types.filter((each) => numberAt(each, 'openCases.count') > 0)).toHaveLength(2);
  });

  test('is balanced and settled once all of it is resolved by two operators, without another click', async () => {
    const cases = await openCases(bank, 2);
    const [surplus = null] = cases.filter((each) => textAt(each, 'type') === 'missing_in_books');
    const [mismatch = null] = cases.filter((each) => textAt(each, 'type') === 'amount_mismatch');
    const credited = await propose(textAt(surplus, 'id'), { kind: 'credit_account', accountId });
    const approval = `/v1/approvals/${textAt(credited, 'approvalId')}/approve`;
    expect((await operator().post(approval)).body).toMatchObject({ code: 'four_eyes_required' });
    const clicks = await Promise.all([1, 2, 3].map(() => approver().post(approval)));
    expect(clicks.map(({ status }) => status).sort()).toEqual([200, 409, 409]);

    const bulk = {
      ids: [textAt(mismatch, 'id'), textAt(surplus, 'id')],
      resolution: { kind: 'write_off' },
      reason: 'small',
    };
    const outcomes = listAt(expectStatus(await operator().post('/v1/differences/bulk-proposals', bulk), 200), 'items');
    expect(outcomes).toMatchObject([{ status: 'proposed' }, { refused: { code: 'case_not_open' } }]);
    const last = `/v1/approvals/${textAt(outcomes[0] ?? null, 'approvalId')}/approve`;
    expectStatus(await approver().post(last), 200);

    expect((await ended(executionName(bank, 2))).states.at(-1)).toBe('Balanced');
    expect((await newest(bank)).status).toBe('balanced');
    expect((await balances(bank)).pending).toBe(0);
    expect(await openCases(bank, 0)).toEqual([]);
  });

  test('has a proof that can be fetched, and a version that is at rest can be run again', async () => {
    const [reconciliation = null] = await reconciliationsOf(bank);
    const path = `/v1/reconciliations/${textAt(reconciliation, 'id')}`;
    const before = await balances(bank);
    const proof: unknown = JSON.parse(await linked(bank.institution.client, `${path}/proof`));
    expect(proof).toMatchObject({
      version: 2,
      settlement: { net: `${before.reconciled}` },
      control: { tied: true },
      suspense: [{ held: '0' }, { held: '0' }],
      differences: [{ status: 'resolved' }, { status: 'resolved' }],
    });
    expectStatus(await operator().post(`${path}/rerun`), 202);
    expect((await ended(executionName(bank, 3))).states.at(-1)).toBe('Balanced');
    expect(await balances(bank)).toEqual(before);
    expect((await operator().post(`${path}/rerun`)).body).toMatchObject({ code: 'not_newest_version' });
  });

  test('is opened again by a corrected file that still differs, and by a case that is reopened', async () => {
    const settled = await balances(bank);
    const { differences } = await newest(bank);
    expect(differences.map(({ status }) => status)).toEqual(['resolved', 'resolved']);
    const query = `merchantNo=${bank.merchantNo}&status=resolved&type=amount_mismatch`;
    const [resolved = null] = listAt(expectStatus(await operator().get(`/v1/differences?${query}`), 200), 'items');
    const path = `/v1/differences/${textAt(resolved, 'id')}`;
    const reopening = expectStatus(await operator().post(`${path}/reopen`, { reason: 'too soon' }), 201);
    expectStatus(await approver().post(`/v1/approvals/${textAt(reopening, 'approvalId')}/approve`), 200);
    expect(await balances(bank)).toEqual({ pending: settled.reconciled, reconciled: 0 });
    expect((await newest(bank)).status).toBe('reopened');
    await openCases(bank, 1);
    const held = (await rollForward()).find((each) => textAt(each, 'type') === 'amount_mismatch') ?? null;
    const days = listAt(held, 'days');
    const sumOf = (column: string) => days.reduce<number>((sum, each) => sum + numberAt(each, `${column}.amount`), 0);
    expect(sumOf('takenBack')).toBe(numberAt(held, 'openCases.amount.amount'));
    expect(sumOf('new') + sumOf('takenBack') - sumOf('cleared')).toBe(numberAt(held, 'closing.amount'));
    expect(sumOf('new')).toBe(sumOf('takenBack'));

    // the file without mistakes: what was handled is taken back with what it was about
    await dropStatement(bank, { fileName: `${randomUUID()}.csv` });
    expect((await ended(executionName(bank, 4))).states.at(-1)).toBe('Balanced');
    expect(await openCases(bank, 0)).toEqual([]);
    expect(await balances(bank)).toEqual({ pending: 0, reconciled: 10_000 - 25 + 25_000 - 63 });
  });
});
