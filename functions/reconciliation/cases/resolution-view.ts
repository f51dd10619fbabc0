/** How a resolution looks to callers, and to the operator who approves it. */
import type * as z from 'zod';
import { type Currency, money, moneyToJson } from '../../kernel/money.ts';
import type { resolutionShownSchema } from './case-schemas.ts';
import type { GrossAndFee } from './gross-and-fee.ts';
import type { Resolution } from './resolution.ts';

export function resolutionView(
  resolution: Resolution,
  moves: GrossAndFee | undefined,
  currency: Currency,
): z.input<typeof resolutionShownSchema> {
  if (!moves) return resolution;
  const { gross, fee } = moves;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return { ...resolution, gross: shown(gross), fee: shown(fee), net: shown(gross - fee) };
}
