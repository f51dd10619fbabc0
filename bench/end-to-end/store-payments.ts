/** Puts payments straight into the table as the center would have stored them: making a hundred thousand is another bench's matter. */
import { BatchWriteItemCommand, DynamoDBClient, type WriteRequest } from '@aws-sdk/client-dynamodb';
import type { AccountingDate } from '../../functions/kernel/clock.ts';
import { type AccountId, type InstitutionId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { toItem } from '../../functions/kernel/table.ts';
import type { Payment } from '../../functions/payments/payment.ts';
import { itemFromPayment } from '../../functions/payments/payment-store.ts';
import type { Expectation } from '../../functions/reconciliation/expectation.ts';

export interface PaymentsOwner {
  readonly institutionId: string;
  readonly settlementAccountId: string;
  readonly channel: string;
  readonly merchantNo: string;
  readonly date: AccountingDate;
}

const atOnce = 25;
const writers = 4;

export async function storePayments(
  tableName: string,
  expectations: Iterable<Expectation>,
  owner: PaymentsOwner,
): Promise<void> {
  const client = new DynamoDBClient({});
  const batches = batchesOf(expectations, owner);
  const write = async () => {
    for (const batch of batches) {
      let rest: Record<string, WriteRequest[]> | undefined = { [tableName]: batch };
      while (rest && Object.keys(rest).length > 0) {
        const answer: { readonly UnprocessedItems?: Record<string, WriteRequest[]> | undefined } = await client.send(
          new BatchWriteItemCommand({ RequestItems: rest }),
        );
        rest = answer.UnprocessedItems;
      }
    }
  };
  await Promise.all(Array.from({ length: writers }, write));
}

/** One generator, which all writers take from. */
function* batchesOf(expectations: Iterable<Expectation>, owner: PaymentsOwner): Generator<WriteRequest[]> {
  let batch: WriteRequest[] = [];
  for (const expectation of expectations) {
    batch.push({ PutRequest: { Item: toItem(itemFromPayment(paymentOf(expectation, owner))) } });
    if (batch.length < atOnce) continue;
    yield batch;
    batch = [];
  }
  if (batch.length > 0) yield batch;
}

function paymentOf(expected: Expectation, owner: PaymentsOwner): Payment {
  const { paymentId, channelOrderNo, channelTradeNo, amount, fee, currency } = expected;
  const { channel, merchantNo, date } = owner;
  const at = new Date(`${date}T04:00:00Z`);
  return {
    id: paymentId,
    kind: expected.kind === 'refund' ? 'refund' : 'top_up',
    product: 'withholding',
    institutionId: owner.institutionId as InstitutionId, // the center gave it
    accountId: idFrom('acct', paymentId),
    reference: paymentId,
    operationId: paymentId,
    amount: money(amount, currency),
    fee: money(fee, currency),
    status: expected.status,
    ...(expected.status === 'failed' && { failure: { code: 'refused', reason: 'declined' } as const }),
    attempt: 1,
    settlementAccountId: owner.settlementAccountId as AccountId, // the center gave it
    ...{ channel, merchantNo, channelOrderNo, channelTradeNo },
    ...{ accountingDate: date, statementDay: date, createdAt: at, completedAt: at, version: 1, history: [] },
  };
}
