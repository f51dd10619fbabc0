import { beforeAll, describe, expect, test } from '@jest/globals';
import type {
  APIGatewayProxyEventV2WithLambdaAuthorizer,
  APIGatewayProxyStructuredResultV2,
  Context,
} from 'aws-lambda';
import { systemClock } from '../../functions/kernel/clock.ts';
import type { AccountId, InstitutionId } from '../../functions/kernel/ids.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { handler as getAccount } from '../../functions/ledger/handlers/get-account.ts';
import { handler as listEntries } from '../../functions/ledger/handlers/list-entries.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { openSettlementAccountWrites, settlementCompanions } from '../../functions/ledger/open-accounts.ts';
import { post } from '../../functions/ledger/post.ts';
import { engines } from '../support/engines.ts';
import { commitAll, ledgerOn, open } from './ledger-on.ts';
import { accountId, institutionId, member, noon, posting } from './samples.ts';

type Handler = typeof getAccount;
type Event = APIGatewayProxyEventV2WithLambdaAuthorizer<unknown>;
type Asker = 'operator' | InstitutionId;

/** The routes' handlers as Lambda calls them, on the emulator's DynamoDB. */
const emulator = engines.filter(({ name }) => name === 'ministack');

async function call(
  handler: Handler,
  request: {
    readonly id: string;
    readonly by: Asker;
    readonly query?: Record<string, string>;
    readonly accept?: string;
  },
) {
  const lambda =
    request.by === 'operator'
      ? { kind: 'operator', clientId: 'op' }
      : { kind: 'institution', clientId: 'app', institutionId: request.by };
  const event = {
    requestContext: { requestId: 'request-1', authorizer: { lambda } },
    headers: { accept: request.accept ?? 'application/json' },
    pathParameters: { id: request.id },
    queryStringParameters: request.query,
  } as unknown as Event; // the parts of an event that the HTTP stack reads
  const context = { awsRequestId: 'request-1' } as Context; // likewise
  const result = (await handler(event, context)) as APIGatewayProxyStructuredResultV2; // what the HTTP stack answers
  const text = String(result.body);
  return { status: result.statusCode, headers: result.headers ?? {}, text };
}

const json = (answer: { readonly text: string }) => JSON.parse(answer.text);

describe.each(emulator)('account routes on $name', (engine) => {
  let ledger: Ledger;
  const stranger: InstitutionId = idFrom('inst', 'Stranger');
  const settlementId = accountId('S');
  const { reconciled, suspense } = settlementCompanions(settlementId);
  const A = accountId('A');

  beforeAll(async () => {
    ledger = await ledgerOn(engine, { clock: systemClock });
    process.env['LEDGER_TABLE'] = ledger.table.name;
    process.env['TIME_ZONE'] = 'Asia/Shanghai';
    process.env['STATEMENT_FILES_BUCKET'] = 'for-large-files-only';
    process.env['STATEMENT_INLINE_BYTES'] = '100000';
    await open(ledger, member('A'));
    await commitAll(
      ledger,
      await openSettlementAccountWrites(ledger, { id: settlementId, institutionId, currency: 'CNY', openedAt: noon }),
    );
    const move = (name: string, from: AccountId, to: AccountId, amount: bigint) => {
      const leg = { balance: 'available', amount: money(amount, 'CNY') } as const;
      return post(
        ledger,
        posting(name, [
          { ...leg, accountId: to, side: 'debit' },
          { ...leg, accountId: from, side: 'credit' },
        ]),
      );
    };
    await move('1', A, settlementId, 10_000n);
    await move('2', A, settlementId, 2_500n);
    await move('3', settlementId, reconciled, 10_000n);
  });

  test('an institution sees its member account with its balances', async () => {
    const answer = await call(getAccount, { id: A, by: institutionId });
    expect([answer.status, json(answer)]).toEqual([
      200,
      {
        id: A,
        kind: 'member',
        subject: { code: 'member_deposits', name: 'Member deposits', nameZh: '会员存款', normalSide: 'credit' },
        currency: 'CNY',
        institutionId,
        status: 'active',
        openedAt: noon.toISOString(),
        overdraft: { amount: 0, currency: 'CNY' },
        slots: 1,
        balances: { available: { amount: 12_500, currency: 'CNY' }, frozen: { amount: 0, currency: 'CNY' } },
      },
    ]);
  });

  test('a settlement account shows what is pending and what is reconciled', async () => {
    const answer = json(await call(getAccount, { id: settlementId, by: institutionId }));
    expect([answer.balances.pending.amount, answer.balances.reconciled.amount]).toEqual([2_500, 10_000]);
  });

  test.each([
    ['a foreign account', A, stranger],
    ["the center's own account of one's own institution", suspense.returned, institutionId],
    ['the reconciled half', reconciled, institutionId],
    ['an account that does not exist', accountId('nobody'), institutionId],
    ['an account that does not exist, asked by an operator', accountId('nobody'), 'operator' as const],
    ['what is no id', 'nonsense', institutionId],
  ])('%s is not found, by either route', async (_, id, by) => {
    for (const handler of [getAccount, listEntries]) {
      const answer = await call(handler, { id, by });
      expect([answer.status, json(answer).code]).toEqual([404, 'not_found']);
    }
  });

  test('an operator sees every account', async () => {
    for (const id of [A, settlementId, reconciled, suspense.returned]) {
      expect((await call(getAccount, { id, by: 'operator' })).status).toBe(200);
      expect((await call(listEntries, { id, by: 'operator' })).status).toBe(200);
    }
  });

  test('entries come in pages, newest first', async () => {
    const first = json(await call(listEntries, { id: A, by: institutionId, query: { limit: '1' } }));
    expect(first.items[0]).toMatchObject({
      type: 'adjustment',
      changes: { available: { amount: 2_500, currency: 'CNY' }, frozen: { amount: 0, currency: 'CNY' } },
      balancesAfter: { available: { amount: 12_500, currency: 'CNY' }, frozen: { amount: 0, currency: 'CNY' } },
    });
    const query = { limit: '1', cursor: first.nextCursor };
    const second = json(await call(listEntries, { id: A, by: institutionId, query }));
    expect([second.items[0].balancesAfter.available.amount, second.nextCursor]).toEqual([10_000, null]);
  });

  test.each<[Record<string, string>, string]>([
    [{ from: '2026-02-30' }, 'query.from'],
    [{ to: 'yesterday' }, 'query.to'],
    [{ from: '2026-03-02', to: '2026-03-01' }, 'query.to'],
    [{ limit: '0' }, 'query.limit'],
    [{ limit: '201' }, 'query.limit'],
    [{ limit: 'x' }, 'query.limit'],
    [{ cursor: '!!' }, 'query.cursor'],
    [{ cursor: Buffer.from('17.x').toString('base64url') }, 'query.cursor'],
  ])('a wrong field is named: %j', async (query, field) => {
    const answer = await call(listEntries, { id: A, by: institutionId, query });
    expect(answer.status).toBe(400);
    expect(json(answer).errors).toEqual([expect.objectContaining({ field })]);
  });

  test('the statement comes as a file when CSV is asked for', async () => {
    const answer = await call(listEntries, { id: A, by: institutionId, accept: 'text/csv' });
    expect(answer.headers).toMatchObject({
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': `attachment; filename="${A}.csv"`,
    });
    const rows = answer.text.trim().split('\n');
    // the header, what stood before, two entries, and what stands after
    expect(rows).toHaveLength(5);
    expect(rows[3]).toContain(',CNY,25.00,0.00,125.00,0.00,');
  });
});
