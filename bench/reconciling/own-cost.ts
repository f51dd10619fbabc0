/** What it takes to make expectations of payments as the table's index gives them, which the text file of the bench leaves out. */
import { marshall } from '@aws-sdk/util-dynamodb';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import type { Table } from '../../functions/kernel/table.ts';
import { channelOrderNoOf, type Payment } from '../../functions/payments/payment.ts';
import { expectedPayments } from '../../functions/payments/payment-list-store.ts';
import { itemFromPayment } from '../../functions/payments/payment-store.ts';
import { expectationOf } from '../../functions/reconciliation/expectation.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { encodeExpectation } from '../../functions/reconciliation/shard-rows.ts';

const at = new Date('2026-03-01T02:00:00.000Z');

/** A top-up that its channel took at once, as most are. */
function payment(index: number): Payment {
  const id = idFrom('pay', 'bench', `${index}`);
  const call = { operation: 'collect', outcome: 'succeeded', durationMs: 412 } as const;
  return {
    id,
    kind: 'top_up',
    product: 'withholding',
    institutionId: idFrom('inst', 'bench'),
    accountId: idFrom('acct', `${index}`),
    bindingId: idFrom('bind', `${index}`),
    bank: 'ICBC',
    reference: `ORDER-2026-03-01-${index}`,
    operationId: id.slice(4),
    amount: money(BigInt(100 + index), 'CNY'),
    fee: money(6n, 'CNY'),
    status: 'succeeded',
    attempt: 1,
    channel: 'sandbox-wallet',
    merchantNo: '1900000001',
    settlementAccountId: idFrom('acct', 'settlement'),
    channelOrderNo: channelOrderNoOf(id, 1),
    channelTradeNo: `4200${String(index).padStart(24, '0')}`,
    accountingDate: '2026-03-01' as AccountingDate, // a real day
    balancesAfter: { available: 100_000n, frozen: 0n },
    statementDay: '2026-03-01' as AccountingDate, // a real day
    createdAt: at,
    completedAt: at,
    version: 3,
    history: [
      { event: 'submit', at, source: 'request' },
      { event: 'succeed', at, source: 'request', call },
    ],
  };
}

const pageItems = 800;

export interface OwnCost {
  readonly readUnitsPerPayment: number;
  readonly microsecondsPerPayment: number;
}

export async function measureOwnCost(payments: number): Promise<OwnCost> {
  const items = Array.from({ length: pageItems }, (_, index) =>
    marshall(itemFromPayment(payment(index)), { removeUndefinedValues: true }),
  );
  let left = Math.ceil(payments / pageItems);
  const send = async () => ({ Items: items, LastEvaluatedKey: --left > 0 ? items[0] : undefined });
  const table: Table = { name: 'payments', client: { send } as unknown as Table['client'] }; // one query is all that is asked
  const rows = new RowBuffers(8, payments * 150);
  const { user } = process.cpuUsage();
  let read = 0;
  const day = { channel: 'sandbox-wallet', merchantNo: '1900000001', day: '2026-03-01', shard: 0 };
  for await (const each of expectedPayments({ table }, day)) {
    rows.append(each.channelOrderNo, `${encodeExpectation(expectationOf(each))}\n`);
    read += 1;
  }
  const microseconds = process.cpuUsage().user - user;
  // names and values, without the types' own letters
  const bytes = JSON.stringify(items[0]).replace(/\{"(S|N|L|M|BOOL)":/g, '').length;
  return { readUnitsPerPayment: bytes / 4_096 / 2, microsecondsPerPayment: microseconds / read };
}
