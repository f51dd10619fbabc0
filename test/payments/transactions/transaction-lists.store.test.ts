import { beforeAll, describe, expect, test } from '@jest/globals';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { transferMoney } from '../../../functions/ledger/transfers/transfer-money.ts';
import { answeredBy } from '../../../functions/parties/verification/verification.ts';
import { addVerificationWrite } from '../../../functions/parties/verification/verification-store.ts';
import {
  allTransactions,
  findTransaction,
  listTransactions,
  rangeOf,
} from '../../../functions/payments/find-transactions.ts';
import { insertPayment } from '../../../functions/payments/payment-store.ts';
import { anyTransactionView, shownTransaction } from '../../../functions/payments/transaction-view.ts';
import { kindOf, type Transaction } from '../../../functions/payments/transactions/transaction.ts';
import type { TransactionSources } from '../../../functions/payments/transactions/transaction-lists.ts';
import { transactionsCsv } from '../../../functions/payments/transactions/transactions-csv.ts';
import { ledgerOn } from '../../ledger/ledger-on.ts';
import { app, openWith, order, party, place, stranger } from '../../ledger/movements-on.ts';
import { institutionId, noon } from '../../ledger/samples.ts';
import { createTable, engines } from '../../support/engines.ts';
import { createPaymentsTable } from '../payments-table.ts';
import { topUp } from '../sample-payments.ts';

const timeZone = 'Asia/Shanghai';
const minutesPast = (minutes: number) => new Date(noon.getTime() + 60_000 * minutes);

describe.each(engines)('transactions of all kinds ($name)', (engine) => {
  let sources: TransactionSources;

  beforeAll(async () => {
    const ledger = await ledgerOn(engine);
    await openWith(ledger, { A: 1_000n, B: 0n });
    expect(isRefusal(await transferMoney(ledger, party, order('=SUM(1)', 'A', 'B', 300n)))).toBe(false);
    expect(isRefusal(await place(ledger, 'A', 200n))).toBe(false);
    const byInstitution = { name: 'by-institution', partitionKey: 'listing', sortKey: 'createdKey' };
    const client = engine.client();
    const parties = { table: await createTable(client, 'parties', { indexes: [byInstitution] }) };
    sources = { table: await createPaymentsTable(client), ledger, parties };
    for (const minutes of [-1, 1]) {
      const reference = `at ${minutes}`;
      await insertPayment(sources.table, topUp({ institutionId, reference, createdAt: minutesPast(minutes) }));
    }
    const verification = answeredBy(
      { institutionId, kind: 'two_factor', masked: {}, factsHash: 'hash', operationId: '01JZ8Q4T6M3V9X5B7N1K2R0C8D' },
      { earlier: 'ver_01JZ8Q4T6M3V9X5B7N1K2R0C8D' as never, currency: 'CNY', at: minutesPast(2) }, // nobody looks it up
    );
    const commit = committer(client, { random: Math.random, sleepMs: async () => {} });
    await commit([addVerificationWrite(parties, verification)]);
  });

  const list = async (filter = {}, limit = 50) => {
    const page = await listTransactions({ ...sources, timeZone }, { caller: app, filter, limit });
    if (isRefusal(page)) throw new Error(page.refused);
    return page.items;
  };

  test('stand in one list, newest first', async () => {
    const kinds = (await list()).map(kindOf);
    expect([kinds[0], kinds[1], kinds.at(-1)]).toEqual(['verification', 'top_up', 'top_up']);
    expect(kinds.slice(2, -1).sort()).toEqual(['freeze', 'transfer']);
  });

  test.each(['verification', 'transfer', 'freeze', 'top_up'] as const)(
    'of the kind %s are found alone',
    async (kind) => {
      const found = await list({ kind });
      expect(new Set(found.map(kindOf))).toEqual(new Set([kind]));
    },
  );

  test('through a channel are those that a channel names', async () => {
    expect((await list({ channel: 'sandbox-wallet' })).map(kindOf)).toEqual(['top_up', 'top_up']);
  });

  test('are found by their ids, and by nobody else', async () => {
    for (const transaction of await list()) {
      const { id } = anyTransactionView(transaction);
      const wanted = { caller: app, id: id as never }; // each kind has a prefix of its own
      const found = await findTransaction(sources, wanted);
      expect(isRefusal(found) ? found.refused : shownTransaction(found).id).toBe(id);
      expect(await findTransaction(sources, { ...wanted, caller: stranger })).toMatchObject({ refused: 'not_found' });
    }
  });

  test('make a file in which no text is run as a formula', async () => {
    const range = rangeOf({ caller: app, filter: {} }, timeZone);
    if (isRefusal(range)) throw new Error(range.refused);
    const pieces: string[] = [];
    for await (const piece of transactionsCsv(allTransactions(sources, range))) pieces.push(piece);
    const lines = pieces.join('').trim().split('\n');
    expect(lines[0]).toMatch(/^id,kind,product,status,createdAt/);
    expect(lines).toHaveLength(1 + (await list()).length);
    expect(lines.find((line) => line.includes(',transfer,'))).toContain("'=SUM(1)");
    expect(lines.find((line) => line.includes(',transfer,'))).toContain(',CNY,3.00,');
  });

  test('are read to the end of a range, page by page, without a repeat', async () => {
    const range = { institutionId, filter: {}, from: minutesPast(-1), until: minutesPast(2) };
    const seen: Transaction[] = [];
    for await (const transaction of allTransactions(sources, range)) seen.push(transaction);
    expect(seen).toHaveLength(4);
    expect(new Set(seen.map((each) => anyTransactionView(each).id)).size).toBe(4);
  });
});
