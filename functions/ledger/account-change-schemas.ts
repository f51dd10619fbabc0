/** What callers are shown of the record of an account's changes. */
import * as z from 'zod';
import { type Currency, type MoneyJson, money, moneySchema, moneyToJson } from '../kernel/money.ts';
import { type AccountStatus, accountStatuses, type Terms } from './account.ts';
import type { RecordedChange, WantedTerms } from './account-changes.ts';

const termsSchema = z.object({
  status: z.enum(accountStatuses),
  overdraft: moneySchema.nullable().meta({ description: 'null for an account without a floor' }),
  slots: z.int(),
});

export const accountChangeSchema = z
  .object({
    id: z.string().meta({ example: 'post_01JZ8Q4T6M3V9X5B7N1K2R0C8D' }),
    at: z.iso.datetime(),
    by: z
      .object({ kind: z.enum(['institution', 'operator']), clientId: z.string() })
      .nullable()
      .meta({ description: 'null for the opening' }),
    reason: z.string().nullable(),
    from: termsSchema.nullable(),
    to: termsSchema,
  })
  .meta({ id: 'AccountChange' });

export function accountChangeAnswer({ entry, by, from, to }: RecordedChange): z.input<typeof accountChangeSchema> {
  const { currency } = entry.account;
  const [kind, clientId = ''] = by?.split(':') ?? [];
  return {
    id: entry.postingId,
    at: entry.postedAt,
    by: by === undefined ? null : { kind: kind === 'operator' ? 'operator' : 'institution', clientId },
    reason: entry.description ?? null,
    from: from ? termsAnswer(from, currency) : null,
    to: termsAnswer(to, currency),
  };
}

const termsAnswer = ({ status, floor, slots }: Terms, currency: Currency): z.input<typeof termsSchema> => ({
  status,
  overdraft: floor === null ? null : moneyToJson(money(-floor, currency)),
  slots,
});

/** The one thing that a body asks for. */
export function wantedTerms({
  status,
  overdraft,
  slots,
}: {
  readonly status?: AccountStatus | undefined;
  readonly overdraft?: MoneyJson | undefined;
  readonly slots?: number | undefined;
}): WantedTerms {
  if (status !== undefined) return { status };
  if (slots !== undefined) return { slots };
  if (overdraft === undefined) throw new RangeError('a change names what is to be changed');
  return { overdraft: { limit: BigInt(overdraft.amount), currency: overdraft.currency } };
}
