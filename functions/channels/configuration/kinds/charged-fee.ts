import * as z from 'zod';
import { idSchema } from '../../../kernel/ids.ts';
import { productSchema } from '../../catalogue.ts';
import type { ChargedFee } from '../configuration.ts';
import { feeScheduleOf, feeScheduleSchema } from './fee-schedule.ts';
import { chosenId, defineKind, type Flaw, type Surroundings } from './kind.ts';
import { institutionNameSchema } from './parts.ts';

export const chargedFeeKind = defineKind({
  id: chosenId,
  schema: z
    .strictObject({
      institution: z
        .union([z.literal('*'), institutionNameSchema])
        .meta({ description: 'an institution, or * for all that have none of their own' }),
      product: productSchema,
      payer: z.enum(['member', 'institution']),
      schedule: feeScheduleSchema,
    })
    .meta({ id: 'ChargedFee', description: 'What the center charges a member or an institution for an order' }),
  entity: (id, { institution, product, payer, schedule }): ChargedFee => ({
    id,
    institution: institution === '*' ? '*' : idSchema('inst').parse(institution),
    product,
    payer,
    schedule: feeScheduleOf(schedule),
  }),
  flaws,
});

function* flaws(fee: ChargedFee, { configuration }: Surroundings): Iterable<Flaw> {
  const twin = configuration.fees.find(
    ({ id, institution, product, payer }) =>
      id !== fee.id && institution === fee.institution && product === fee.product && payer === fee.payer,
  );
  if (twin) yield { field: 'product', message: `the fee ${twin.id} is for the same institution, product and payer` };
}
