import { randomUUID } from 'node:crypto';
import { beforeAll, describe, expect, test } from '@jest/globals';
import {
  approvedInstitution,
  eventually,
  expectStatus,
  type Institution,
  listAt,
  textAt,
  valueAt,
} from '../support/deployment.ts';

const good = '6200000000000005';
const yuan = (amount: number) => ({ amount, currency: 'CNY' });

let institution: Institution;
let accountId: string;
let bindingId: string;

beforeAll(async () => {
  institution = await approvedInstitution('Quarry Group');
  const { client } = institution;
  accountId = textAt(
    expectStatus(await client.post('/v1/member-accounts', { externalUserId: randomUUID() }), 201),
    'id',
  );
  bindingId = await eventually('a binding', async () => {
    const reply = await client.post('/v1/card-bindings', {
      accountId,
      cardNumber: good,
      holderName: '张小海',
      idNumber: '999999199001010016',
      mobile: '13900000000',
    });
    return valueAt(reply.body, 'code') === 'channel_unavailable' ? undefined : textAt(expectStatus(reply, 201), 'id');
  });
  const topUp = { accountId, bindingId, product: 'withholding', amount: yuan(100_000), reference: 'FUNDS' };
  expectStatus(await client.post('/v1/top-ups', topUp), 201);
});

const batchOf = (lines: readonly { readonly reference: string; readonly amount: number }[]) => ({
  reference: `B-${randomUUID()}`,
  lines: lines.map(({ reference, amount }) => ({ accountId, bindingId, amount: yuan(amount), reference })),
});

describe('a batch of withdrawals', () => {
  test('is answered with each line stored or refused, and ends line by line', async () => {
    const { client } = institution;
    const body = batchOf([
      { reference: 'L-1', amount: 1_000 },
      { reference: 'L-2', amount: 2_000 },
      { reference: 'L-3', amount: 90_000_000 },
    ]);
    const made = expectStatus(await client.post('/v1/withdrawal-batches', body), 202);
    const lines = listAt(valueAt(made, 'lines') ?? {}, 'items');
    expect(lines.map((line) => valueAt(line, 'status'))).toEqual(['processing', 'processing', 'refused']);
    expect(lines[2]).toMatchObject({ refusal: { code: 'insufficient_funds' }, transactionId: null });
    const path = `/v1/withdrawal-batches/${textAt(made, 'id')}`;
    const ended = await eventually('the end of the batch', async () => {
      const batch = expectStatus(await client.get(path), 200);
      return valueAt(batch, 'status') === 'completed' ? batch : undefined;
    });
    expect(listAt(ended, 'totals')).toEqual(
      expect.arrayContaining([
        { status: 'succeeded', count: 2, amount: yuan(3_000) },
        { status: 'refused', count: 1, amount: yuan(90_000_000) },
      ]),
    );
    const transaction = expectStatus(await client.get('/v1/transactions/by-reference/L-1'), 200);
    expect(transaction).toMatchObject({ status: 'succeeded', batchNo: textAt(made, 'id') });
    expect(JSON.stringify(valueAt(transaction, 'timeline'))).toContain('payout_batch');
    const page = expectStatus(await client.get(`${path}?limit=2`), 200);
    const cursor = textAt(valueAt(page, 'lines') ?? {}, 'nextCursor');
    const rest = expectStatus(await client.get(`${path}?limit=2&cursor=${cursor}`), 200);
    expect(listAt(valueAt(rest, 'lines') ?? {}, 'items').map((line) => valueAt(line, 'reference'))).toEqual(['L-3']);
  });

  test('has 1 to 200 lines of different references', async () => {
    const { client } = institution;
    const line = { reference: 'SAME', amount: 100 };
    expect((await client.post('/v1/withdrawal-batches', batchOf([]))).status).toBe(400);
    expect((await client.post('/v1/withdrawal-batches', batchOf([line, line]))).status).toBe(400);
    const many = Array.from({ length: 201 }, (_, place) => ({ reference: `M-${place}`, amount: 100 }));
    expect((await client.post('/v1/withdrawal-batches', batchOf(many))).status).toBe(400);
  });

  test('of 200 lines on one account is stored and sent', async () => {
    const { client } = institution;
    const many = Array.from({ length: 200 }, (_, place) => ({ reference: `N-${place}`, amount: 10 }));
    const made = expectStatus(await client.post('/v1/withdrawal-batches', batchOf(many)), 202);
    const path = `/v1/withdrawal-batches/${textAt(made, 'id')}`;
    await eventually(
      'each line is under way',
      async () => {
        const batch = expectStatus(await client.get(path), 200);
        return ['sent', 'completed'].includes(textAt(batch, 'status')) ? batch : undefined;
      },
      120_000,
    );
  });
});
