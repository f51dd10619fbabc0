/** A batch as its institution sees it. */
import type * as z from 'zod';
import { moneyToJson } from '../../kernel/money.ts';
import { type PageRequest, pageOf } from '../../kernel/page.ts';
import type { batchSchema } from './batch-schemas.ts';
import type { BatchView, LineView } from './find-batch.ts';

export function batchAnswer(
  { batch, status, totals, lines }: BatchView,
  { limit, after }: PageRequest,
): z.infer<typeof batchSchema> {
  const rest = after === undefined ? lines : lines.filter(({ place }) => place > Number(after));
  const page = pageOf(rest, limit, ({ place }) => String(place));
  return {
    id: batch.id,
    reference: batch.reference,
    status,
    createdAt: batch.createdAt.toISOString(),
    totals: totals.map(({ amount, ...total }) => ({ ...total, amount: moneyToJson(amount) })),
    lines: { items: page.items.map(lineAnswer), nextCursor: page.nextCursor },
  };
}

const lineAnswer = ({ reference, accountId, bindingId, amount, status, payment, refusal }: LineView) => ({
  ...{ reference, accountId, bindingId, status },
  amount: moneyToJson(amount),
  transactionId: payment?.id ?? null,
  refusal: refusal ? { code: refusal.refused, detail: refusal.detail } : null,
  failure: payment?.failure ?? null,
});
