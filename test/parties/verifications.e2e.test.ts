import { randomUUID } from 'node:crypto';
import { type AttributeValue, DynamoDBClient, ScanCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import * as z from 'zod';
import { control } from '../channels/deployed-sandbox.ts';
import {
  approve,
  approvedInstitution,
  center,
  deployed,
  expectStatus,
  type Institution,
  listAt,
  operator,
  type Reply,
  textAt,
  valueAt,
} from '../support/deployment.ts';

const person = { kind: 'two_factor', name: '张三', idNumber: '110101199003070011' };
const otherPerson = { ...person, idNumber: '110101199003074041' };
const codeCard = '6200000000000609';
const codeOf = (reply: Reply) => [reply.status, valueAt(reply.body, 'code')];

let harbour: Institution;
let quay: Institution;
beforeAll(async () => {
  [harbour, quay] = await Promise.all([approvedInstitution('Harbour Ltd'), approvedInstitution('Quay Ltd')]);
});

async function newMember(): Promise<string> {
  const made = await harbour.client.post('/v1/member-accounts', { externalUserId: randomUUID() });
  return textAt(expectStatus(made, 201), 'id');
}

const card = (accountId: string, cardNumber: string) => ({
  accountId,
  cardNumber,
  holderName: person.name,
  idNumber: person.idNumber,
  mobile: '13800138000',
});

describe('a verification', () => {
  test.each([
    [person],
    [{ ...person, kind: 'three_factor', cardNumber: '6200000000000005' }],
    [{ ...person, kind: 'four_factor', cardNumber: '6200000000000005', mobile: '13800138000' }],
  ])('of %j succeeds, is shown masked, and answers the next one', async (facts) => {
    const first = await harbour.client.post('/v1/verifications', facts);
    const made = expectStatus(first, 201);
    expect(made).toMatchObject({ kind: facts.kind, status: 'succeeded', channel: 'sandbox-wallet' });
    const id = textAt(made, 'id');
    expect(expectStatus(await harbour.client.get(`/v1/verifications/${id}`), 200)).toEqual(made);
    for (const secret of Object.values(facts).slice(1)) expect(first.text).not.toContain(secret);
    expect(expectStatus(await harbour.client.post('/v1/verifications', facts), 201)).toMatchObject({ cachedFrom: id });
  });

  test('that the channel denies has failed, and stands in the list of its institution', async () => {
    const failed = expectStatus(await harbour.client.post('/v1/verifications', otherPerson), 201);
    expect(failed).toMatchObject({ status: 'failed', failure: { code: 'facts_refused' } });
    const list = expectStatus(await harbour.client.get('/v1/verifications?status=failed&kind=two_factor'), 200);
    expect(listAt(list, 'items').map((item) => valueAt(item, 'id'))).toContain(textAt(failed, 'id'));
    expect((await quay.client.get(`/v1/verifications/${textAt(failed, 'id')}`)).status).toBe(404);
  });

  test.each([
    [{ kind: 'five_factor' }, 'body.kind'],
    [{ ...person, cardNumber: '6200000000000005' }, 'body'],
    [{ ...person, kind: 'three_factor' }, 'body.cardNumber'],
    [{ kind: 'enterprise', companyName: 'x' }, 'body.accountId'],
  ])('asked for with %j names the field', async (body, field) => {
    const reply = await harbour.client.post('/v1/verifications', body);
    expect([reply.status, valueAt(reply.body, 'errors.0.field')]).toEqual([400, field]);
  });
});

describe('an enterprise', () => {
  test('is proved by the amount that came in on its account, which is then bound', async () => {
    const proposed = expectStatus(await operator().post(`/v1/institutions/${harbour.id}/accounts`, {}), 202);
    await approve(center(), textAt(proposed, 'approvalId'));
    const accountId = textAt(proposed, 'id');
    const accountNumber = `10012200${String(Date.now())}`;
    const facts = { companyName: 'Harbour Ltd', licenceNo: '91310000MA1FL0LX4T', bank: 'ICBC', accountNumber };
    const made = await harbour.client.post('/v1/verifications', { kind: 'enterprise', accountId, ...facts });
    const verification = expectStatus(made, 202);
    expect(verification).toMatchObject({ status: 'awaiting_confirmation', nextAction: { type: 'amount' } });
    expect(made.text).not.toContain(accountNumber);

    const { transfers } = z
      .object({ transfers: z.array(z.looseObject({ amount: z.number() })) })
      .parse(await control('/control/transfers', { accountNumber }));
    const amount = transfers[0]?.amount ?? 0;
    const path = `/v1/verifications/${textAt(verification, 'id')}/confirm`;
    const tell = (minorUnits: number) => harbour.client.post(path, { amount: { amount: minorUnits, currency: 'CNY' } });
    expect(codeOf(await tell((amount % 99) + 1))).toEqual([422, 'wrong_amount']);
    const confirmed = expectStatus(await tell(amount), 200);
    expect(confirmed).toMatchObject({ status: 'succeeded' });
    expect(codeOf(await tell(amount))).toEqual([409, 'not_awaiting_confirmation']);

    const binding = await harbour.client.get(`/v1/card-bindings/${textAt(confirmed, 'bindingId')}`);
    expect(expectStatus(binding, 200)).toMatchObject({
      kind: 'corporate_account',
      status: 'active',
      accountId,
      bank: 'ICBC',
      default: true,
      channels: ['sandbox-bank', 'sandbox-wallet'],
    });
    const institution = expectStatus(await harbour.client.get(`/v1/institutions/${harbour.id}`), 200);
    expect(institution).toMatchObject({ verification: { verificationId: textAt(verification, 'id') } });
  });
});

describe('a card whose bank sends a code', () => {
  test('is bound when the code comes back, and can be made the default', async () => {
    const accountId = await newMember();
    expectStatus(await harbour.client.post('/v1/card-bindings', card(accountId, '6200000000000005')), 201);
    const pending = expectStatus(await harbour.client.post('/v1/card-bindings', card(accountId, codeCard)), 202);
    expect(pending).toMatchObject({ status: 'pending', nextAction: { type: 'code' }, default: false });
    const path = `/v1/card-bindings/${textAt(pending, 'id')}`;
    const tell = (code: string, channel = 'sandbox-bank') => harbour.client.post(`${path}/confirm`, { code, channel });
    expect(codeOf(await tell('000000'))).toEqual([422, 'wrong_code']);
    expect(expectStatus(await tell('123456'), 200)).toMatchObject({ status: 'active', channels: ['sandbox-bank'] });
    expect(expectStatus(await tell('123456', 'sandbox-wallet'), 200)).toMatchObject({
      channels: ['sandbox-bank', 'sandbox-wallet'],
    });
    expect(codeOf(await tell('123456'))).toEqual([409, 'nothing_to_confirm']);
    expect(expectStatus(await harbour.client.post(`${path}/default`, {}), 200)).toMatchObject({ default: true });
    expect(expectStatus(await harbour.client.post(`${path}/agreements`, {}), 200)).toMatchObject({ status: 'active' });
  });
});

describe('a member', () => {
  test('shows the state of the account, and loses the cards on leaving', async () => {
    const accountId = await newMember();
    const bound = expectStatus(
      await harbour.client.post('/v1/card-bindings', card(accountId, '6200000000000005')),
      201,
    );
    const path = `/v1/member-accounts/${accountId}`;
    expect(expectStatus(await harbour.client.get(path), 200)).toMatchObject({ status: 'active' });
    const change = { status: 'blocked', reason: 'lost telephone' };
    expectStatus(await harbour.client.post(`/v1/accounts/${accountId}/changes`, change), 200);
    expect(expectStatus(await harbour.client.get(path), 200)).toMatchObject({ status: 'blocked' });
    expect(codeOf(await harbour.client.post('/v1/card-bindings', card(accountId, '6200000000000104')))).toEqual([
      409,
      'account_blocked',
    ]);
    expect(codeOf(await harbour.client.post('/v1/verifications', { ...person, accountId }))).toEqual([
      409,
      'account_blocked',
    ]);
    expect((await harbour.client.delete(path)).status).toBe(204);
    expect(expectStatus(await harbour.client.get(path), 200)).toMatchObject({ status: 'closed' });
    const binding = await harbour.client.get(`/v1/card-bindings/${textAt(bound, 'id')}`);
    expect(expectStatus(binding, 200)).toMatchObject({ status: 'unbound' });
  });
});

describe('the tables', () => {
  test('hold no number in the clear, whatever was verified and bound', async () => {
    const facts = { ...person, idNumber: '310101198807150028', cardNumber: '6200000000007778', mobile: '13911112222' };
    expectStatus(await harbour.client.post('/v1/verifications', { ...facts, kind: 'four_factor' }), 201);
    const { idNumber, cardNumber, mobile } = facts;
    const bound = { ...card(await newMember(), cardNumber), idNumber, mobile };
    expectStatus(await harbour.client.post('/v1/card-bindings', bound), 201);
    const table = deployed('PartiesTableName');
    const client = new DynamoDBClient({});
    let start: Record<string, AttributeValue> | undefined;
    let looked = 0;
    do {
      const scan = new ScanCommand({ TableName: table, ExclusiveStartKey: start });
      const { Items: items = [], LastEvaluatedKey: next } = await client.send(scan);
      looked += items.length;
      const text = JSON.stringify(items);
      for (const secret of [idNumber, cardNumber, mobile]) expect(text).not.toContain(secret);
      start = next;
    } while (start);
    expect(looked).toBeGreaterThan(10);
  });
});
