import type * as z from 'zod';
import { moneyToJson } from '../../kernel/money.ts';
import type { StuckPayment } from './find-stuck.ts';
import type { stuckPaymentSchema } from './stuck-schemas.ts';

/** A stuck payment as operators see it. */
export function stuckPaymentView({ payment, overdueSeconds }: StuckPayment): z.infer<typeof stuckPaymentSchema> {
  const calls = payment.history.flatMap(({ at, call }) => (call ? [{ at, ...call }] : []));
  const last = calls.at(-1);
  return {
    transactionId: payment.id,
    institutionId: payment.institutionId,
    kind: payment.kind,
    status: payment.status,
    amount: moneyToJson(payment.amount),
    channel: payment.channel,
    merchantNo: payment.merchantNo,
    channelOrderNo: payment.channelOrderNo,
    batchNo: payment.batchNo ?? null,
    attempts: payment.attempt,
    createdAt: payment.createdAt.toISOString(),
    overdueSeconds,
    calls: calls.length,
    lastCall: last ? { ...last, at: last.at.toISOString(), code: last.code ?? null } : null,
  };
}
