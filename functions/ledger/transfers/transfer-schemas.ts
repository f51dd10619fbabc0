/** What transfers take in, and what callers are shown of them. */
import * as z from 'zod';
import { idSchema } from '../../kernel/ids.ts';
import { money, moneyFromJson, moneySchema, moneyToJson, movedMoneySchema } from '../../kernel/money.ts';
import { referenceSchema } from '../../kernel/reference.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { balancesAfterSchema, balancesAnswer, wordsSchema } from '../movement-schemas.ts';
import type { ShownTransfer } from './find-transfer.ts';
import { type Transfer, type TransferOrder, transferKinds } from './transfer.ts';
import { maximumTransfers, type TransferOutcome } from './transfer-batch.ts';
import type { MadeTransfer } from './transfer-money.ts';

const orderFields = {
  fromAccountId: idSchema('acct'),
  toAccountId: idSchema('acct'),
  amount: movedMoneySchema,
  reference: referenceSchema,
  description: wordsSchema.optional(),
};

type OrderJson = z.infer<z.ZodObject<typeof orderFields>>;

const betweenTwo = ({ fromAccountId, toAccountId }: Pick<OrderJson, 'fromAccountId' | 'toAccountId'>) =>
  fromAccountId !== toAccountId;
const isOne = { path: ['toAccountId'], message: 'must be another account than fromAccountId' };

const dryRun = z.boolean().default(false).meta({
  description: 'answers what would be answered, with 200, and changes nothing; the real request needs a key of its own',
});

export const transferBodySchema = z.strictObject({ ...orderFields, dryRun }).refine(betweenTwo, isOne);

export const batchBodySchema = z.strictObject({
  mode: z.enum(['all_or_nothing', 'item_by_item']),
  transfers: z
    .array(z.strictObject(orderFields).refine(betweenTwo, isOne))
    .min(1)
    .max(maximumTransfers)
    .refine((orders) => new Set(orders.map(({ reference }) => reference)).size === orders.length, {
      message: 'must have a reference each that no other has',
    }),
  dryRun,
});

export const orderFrom = ({ amount, ...order }: OrderJson): TransferOrder => ({
  ...order,
  amount: moneyFromJson(amount),
});

export const transferSchema = z
  .object({
    id: z.string().meta({ example: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    kind: z.enum(transferKinds),
    fromAccountId: z.string(),
    toAccountId: z.string(),
    amount: moneySchema,
    reference: z.string().optional(),
    description: z.string().optional(),
    freezeId: z.string().optional().meta({ description: 'of a capture, what it was captured from' }),
    reverses: z.string().optional().meta({ description: 'of a reversal, the transfer that it takes back' }),
    accountingDate: z.iso.date().meta({ description: '会计日' }),
    createdAt: z.iso.datetime(),
  })
  .meta({ id: 'Transfer' });

export const shownTransferSchema = transferSchema
  .extend({ reversed: moneySchema.meta({ description: 'what was taken back so far' }) })
  .meta({ id: 'ShownTransfer' });

export const madeTransferSchema = transferSchema
  .extend({ balancesAfter: balancesAfterSchema })
  .meta({ id: 'MadeTransfer' });

export const batchSchema = z
  .object({
    mode: z.enum(['all_or_nothing', 'item_by_item']),
    items: z.array(
      z.discriminatedUnion('outcome', [
        z.object({ outcome: z.literal('posted'), reference: z.string(), transfer: madeTransferSchema }),
        z.object({ outcome: z.literal('refused'), reference: z.string(), code: z.string(), detail: z.string() }),
      ]),
    ),
  })
  .meta({ id: 'TransferBatch' });

export function transferAnswer(transfer: Transfer): z.input<typeof transferSchema> {
  const { institutionId: _, transactionId, postedAt, amount, ...facts } = transfer;
  return { ...facts, amount: moneyToJson(amount), freezeId: transactionId, createdAt: postedAt };
}

export const shownTransferAnswer = ({ reversed, ...transfer }: ShownTransfer): z.input<typeof shownTransferSchema> => ({
  ...transferAnswer(transfer),
  reversed: moneyToJson(money(reversed, transfer.amount.currency)),
});

export const madeTransferAnswer = ({ transfer, balances }: MadeTransfer): z.input<typeof madeTransferSchema> => ({
  ...transferAnswer(transfer),
  balancesAfter: balancesAnswer(balances),
});

/** @param outcomes of the orders, in their order */
export const batchAnswer = (
  mode: z.input<typeof batchSchema>['mode'],
  orders: readonly TransferOrder[],
  outcomes: readonly TransferOutcome[],
): z.input<typeof batchSchema> => ({
  mode,
  items: orders.flatMap(({ reference }, index) => {
    const outcome = outcomes[index];
    return outcome ? [itemAnswer(reference, outcome)] : [];
  }),
});

const itemAnswer = (reference: string, outcome: TransferOutcome) =>
  isRefusal<MadeTransfer, string>(outcome)
    ? refusedItem(reference, outcome)
    : { outcome: 'posted' as const, reference, transfer: madeTransferAnswer(outcome) };

const refusedItem = (reference: string, { refused: code, detail }: Refusal) => ({
  outcome: 'refused' as const,
  reference,
  code,
  detail,
});
