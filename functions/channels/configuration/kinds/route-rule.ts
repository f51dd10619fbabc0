import * as z from 'zod';
import { idSchema } from '../../../kernel/ids.ts';
import { channelIdSchema, productSchema } from '../../catalogue.ts';
import { highestPriority, merchantNoSchema } from '../../merchant-store.ts';
import type { RouteRule } from '../configuration.ts';
import { chosenId, defineKind, type Flaw, type Surroundings } from './kind.ts';
import { bankCodeSchema, bankFlaws, channelFlaws, channelNameSchema, institutionNameSchema } from './parts.ts';

export const routeRuleKind = defineKind({
  id: chosenId,
  schema: z
    .strictObject({
      institution: institutionNameSchema.optional(),
      product: productSchema,
      bank: bankCodeSchema.optional(),
      candidates: z
        .array(
          z.strictObject({
            channel: channelNameSchema,
            merchantNo: merchantNoSchema.optional(),
            priority: z
              .int()
              .min(0)
              .max(highestPriority)
              .meta({ description: 'the lowest is asked first', example: 1 }),
          }),
        )
        .min(1)
        .max(50),
    })
    .meta({
      id: 'RouteRule',
      description:
        '路由: which merchant numbers take the orders of an institution (or of all), product and bank (or of all). The most specific rule is followed.',
    }),
  entity: (id, { institution, product, bank, candidates }): RouteRule => ({
    id,
    ...(institution !== undefined && { institution: idSchema('inst').parse(institution) }),
    product,
    bank,
    candidates: candidates.map(({ channel, ...candidate }) => ({
      ...candidate,
      channel: channelIdSchema.parse(channel),
    })),
  }),
  flaws,
});

async function* flaws(rule: RouteRule, { configuration, findMerchant }: Surroundings): AsyncIterable<Flaw> {
  if (rule.bank !== undefined) yield* bankFlaws('bank', rule.bank, configuration);
  const twin = configuration.routes.find(
    ({ id, institution, product, bank }) =>
      id !== rule.id && institution === rule.institution && product === rule.product && bank === rule.bank,
  );
  if (twin) yield { field: 'product', message: `the route ${twin.id} is for the same institution, product and bank` };

  const named = new Set<string>();
  for (const [index, { channel, merchantNo }] of rule.candidates.entries()) {
    const place = `candidates.${index}`;
    yield* channelFlaws(`${place}.channel`, { channel, product: rule.product }, configuration);
    const name = `${channel}#${merchantNo}`;
    if (named.has(name)) yield { field: place, message: 'is named twice' };
    named.add(name);
    if (merchantNo === undefined) continue;
    const merchant = await findMerchant(channel, merchantNo);
    if (!merchant) yield { field: `${place}.merchantNo`, message: `${channel} has no merchant number ${merchantNo}` };
    else if (rule.institution !== undefined && merchant.institutionId !== rule.institution) {
      yield { field: `${place}.merchantNo`, message: `${merchantNo} belongs to another institution` };
    }
  }
}
