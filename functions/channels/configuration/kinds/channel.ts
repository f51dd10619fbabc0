import * as z from 'zod';
import {
  adapterNames,
  type Channel,
  channelIdPattern,
  channelIdSchema,
  type Product,
  type ProductTerms,
  productSchema,
  products,
} from '../../catalogue.ts';
import type { ChannelAdapter } from '../../channel-adapter.ts';
import { feeScheduleJson, feeScheduleOf, feeScheduleSchema } from './fee-schedule.ts';
import { defineKind, type Flaw, type Surroundings } from './kind.ts';
import { formatFlaws, statementFormatsSchema } from './statement-formats.ts';

const timeOfDay = /^([01]\d|2[0-3]):[0-5]\d$/;

const spanSchema = z
  .strictObject({
    days: z
      .array(z.literal([1, 2, 3, 4, 5, 6, 7]))
      .min(1)
      .max(7)
      .meta({ description: '1 is Monday, 7 is Sunday', example: [1, 2, 3, 4, 5] }),
    from: z.string().regex(timeOfDay, 'must be HH:MM').meta({ example: '08:00' }),
    to: z
      .string()
      .regex(/^(([01]\d|2[0-3]):[0-5]\d|24:00)$/, 'must be HH:MM, 24:00 at most')
      .meta({ example: '22:30' }),
  })
  .refine(({ from, to }) => from < to, {
    path: ['to'],
    message: 'must be later than from; a span past midnight is two',
  });

const termsSchema = z.strictObject({
  cost: feeScheduleSchema.meta({ description: 'what the channel charges us for each order' }),
  feeBackOnRefund: z
    .boolean()
    .optional()
    .meta({ description: 'whether a refund gives the cost of its amount back (退手续费)' }),
  hours: z
    .array(spanSchema)
    .max(21)
    .optional()
    .meta({ description: "when it takes orders, in the channel's time zone; left out: around the clock" }),
});

export const channelKind = defineKind({
  id: { pattern: channelIdPattern, rule: 'a lower-case letter, then 1 to 39 lower-case letters, digits and hyphens' },
  schema: z
    .strictObject({
      name: z.string().trim().min(1).max(100).meta({ example: 'Sandbox Bank' }),
      adapter: z.enum(adapterNames).meta({
        description: 'which language it speaks; `statements-only`: none, it takes no orders and offers no product',
      }),
      active: z
        .boolean()
        .meta({ description: 'whether it takes new orders; those that lie there are still followed up' }),
      products: z
        .partialRecord(productSchema, termsSchema)
        .meta({ description: 'what it offers, one at least; none with `statements-only`' }),
      timeZone: z
        .string()
        .refine(isTimeZone, 'is no IANA time zone')
        .meta({ description: 'in which its days begin', example: 'Asia/Shanghai' }),
      statementFormats: statementFormatsSchema,
    })
    .superRefine(({ adapter, products: offered }, context) => {
      if (adapter === 'statements-only' || Object.keys(offered).length > 0) return;
      context.addIssue({ code: 'custom', path: ['products'], message: 'names no product' });
    })
    .meta({ id: 'Channel', description: 'A payment company or bank (渠道) with its products' }),
  entity: (id, value): Channel => ({
    ...value,
    id: channelIdSchema.parse(id),
    products: Object.fromEntries(
      Object.entries(value.products).flatMap(([product, terms]) =>
        terms ? [[product, { ...terms, cost: feeScheduleOf(terms.cost) } satisfies ProductTerms]] : [],
      ),
    ),
  }),
  flaws: channelFlaws,
});

/** A channel as an operator would have written it, for what is built in. */
export const channelJson = ({ id: _, products, ...channel }: Channel): z.input<typeof channelKind.schema> => ({
  ...channel,
  statementFormats: [...channel.statementFormats],
  products: Object.fromEntries(
    Object.entries(products).map(([product, { cost, hours, ...terms }]) => [
      product,
      {
        ...terms,
        cost: feeScheduleJson(cost),
        ...(hours && { hours: hours.map((span) => ({ ...span, days: [...span.days] })) }),
      },
    ]),
  ),
});

/**
 * Without which of its operations an adapter can't sell a product. Whoever can't be asked what became of an order answers every
 * silence with a no, and whoever can't close one may still carry it out: money would move twice.
 */
const needed: Readonly<Record<Product, readonly (keyof ChannelAdapter)[]>> = {
  withholding: ['collect', 'query', 'cancel'],
  quick_payment: ['collect', 'query', 'cancel'],
  personal_ebanking: ['collect', 'query', 'cancel'],
  corporate_ebanking: ['collect', 'query', 'cancel'],
  payout: ['payout', 'query', 'cancel'],
  verification: ['verify', 'queryVerification'],
};

async function* channelFlaws(channel: Channel, around: Surroundings): AsyncIterable<Flaw> {
  yield* adapterFlaws(channel, around);
  yield* formatFlaws(channel.statementFormats, around);
}

function* adapterFlaws(channel: Channel, { operationsOf }: Surroundings): Iterable<Flaw> {
  const operations = operationsOf(channel.adapter);
  if (!operations) {
    yield { field: 'adapter', message: `this stage has no adapter ${channel.adapter}` };
    return;
  }
  for (const product of products) {
    if (channel.products[product] === undefined) continue;
    const missing = needed[product].filter((operation) => !operations.includes(operation));
    if (missing.length === 0) continue;
    yield { field: `products.${product}`, message: `the adapter ${channel.adapter} can't ${missing.join(', ')}` };
  }
}

function isTimeZone(text: string): boolean {
  try {
    new Intl.DateTimeFormat('en-US', { timeZone: text });
    return /^[A-Z]/.test(text); // an offset such as +08:00 is accepted by Intl and knows no summer time
  } catch {
    return false;
  }
}
