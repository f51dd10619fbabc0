/** What callers are shown of holds. */
import * as z from 'zod';
import { money, moneySchema, moneyToJson } from '../../kernel/money.ts';
import type { Ledger } from '../ledger.ts';
import { balancesAfterSchema, balancesAnswer } from '../movement-schemas.ts';
import { resultingBalances } from '../resulting-balances.ts';
import type { ChangedHold } from './change-hold.ts';
import { type Hold, holdStatusOf, remainingOf } from './hold.ts';

export const freezeSchema = z
  .object({
    id: z.string().meta({ example: 'hold_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    accountId: z.string(),
    status: z.enum(['active', 'ended']).meta({ description: 'ended when nothing of it remains' }),
    amount: moneySchema.meta({ description: 'what was frozen: remaining, captured and released together' }),
    remaining: moneySchema,
    captured: moneySchema,
    released: moneySchema,
    placedBy: z.enum(['institution', 'operator']).meta({ description: 'who alone may release and capture it' }),
    reference: z.string(),
    reason: z.string().optional(),
    placedAt: z.iso.datetime(),
    expiresAt: z.iso
      .datetime()
      .nullable()
      .meta({ description: 'when what remains is released, within a minute or so' }),
  })
  .meta({ id: 'Freeze' });

export const changedFreezeSchema = freezeSchema
  .extend({
    postingId: z.string().meta({ description: 'what was posted; that of a capture can be looked up as a transfer' }),
    balancesAfter: balancesAfterSchema,
  })
  .meta({ id: 'ChangedFreeze' });

export function freezeAnswer(hold: Hold): z.input<typeof freezeSchema> {
  const shown = (amount: bigint) => moneyToJson(money(amount, hold.amount.currency));
  const { id, accountId, placedBy, reference, reason, placedAt } = hold;
  return {
    id,
    accountId,
    status: holdStatusOf(hold),
    amount: moneyToJson(hold.amount),
    remaining: shown(remainingOf(hold)),
    captured: shown(hold.captured),
    released: shown(hold.released),
    placedBy,
    reference,
    reason,
    placedAt,
    expiresAt: hold.expiresAt ?? null,
  };
}

export async function changedFreezeAnswer(
  ledger: Pick<Ledger, 'table'>,
  { hold, posting }: ChangedHold,
): Promise<z.input<typeof changedFreezeSchema>> {
  const balances = await resultingBalances(ledger, posting);
  return { ...freezeAnswer(hold), postingId: posting.postingId, balancesAfter: balancesAnswer(balances) };
}
