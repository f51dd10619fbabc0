/** Parts that several kinds are made of. */
import * as z from 'zod';
import { channelIdPattern, channelIdSchema, productSchema } from '../../catalogue.ts';
import type { Configuration, Coverage } from '../configuration.ts';
import type { Flaw } from './kind.ts';

export const bankCodePattern = /^[A-Z][A-Z0-9]{1,19}$/;

export const bankCodeSchema = z
  .string()
  .regex(bankCodePattern, 'must be 2 to 20 upper-case letters and digits')
  .meta({ description: 'code of a cooperating bank', example: 'SANDBOX' });

export const channelNameSchema = z
  .string()
  .regex(channelIdPattern, 'is no channel id')
  .meta({ description: 'id of a channel', example: 'sandbox-bank' });

export const institutionNameSchema = z
  .string()
  .regex(/^inst_[0-9A-HJKMNP-TV-Z]{26}$/, 'is no id of an institution')
  .meta({ description: 'id of an institution', example: 'inst_01JZ8Q4T6M3V9X5B7N1K2R0C8D' });

export const minorUnitsSchema = z.int('must be a whole number of minor units').nonnegative();

/** Whole seconds and milliseconds, in any offset. */
export const instantSchema = z.iso.datetime({ offset: true }).meta({ example: '2026-03-01T02:00:00+08:00' });

const coverageFields = {
  channel: channelNameSchema.optional(),
  bank: bankCodeSchema.optional(),
  product: productSchema.optional(),
};

/** Which orders a switch or a limit is for; what is left out means all of them. */
export const withCoverage = <Shape extends z.ZodRawShape>(shape: Shape) =>
  z.strictObject({ ...coverageFields, ...shape });

export const coverageOf = ({
  channel,
  bank,
  product,
}: {
  readonly channel?: string | undefined;
  readonly bank?: string | undefined;
  readonly product?: Coverage['product'];
}): Coverage => ({ ...(channel !== undefined && { channel: channelIdSchema.parse(channel) }), bank, product });

/** An unknown channel or bank, and a product that the channel does not offer. */
export function* coverageFlaws({ channel, bank, product }: Coverage, configuration: Configuration): Iterable<Flaw> {
  if (channel !== undefined) yield* channelFlaws('channel', { channel, product }, configuration);
  if (bank !== undefined) yield* bankFlaws('bank', bank, configuration);
}

export function* bankFlaws(field: string, bank: string, { banks }: Configuration): Iterable<Flaw> {
  if (!banks.some(({ code }) => code === bank)) yield { field, message: `there is no bank ${bank}` };
}

export function* channelFlaws(
  field: string,
  { channel, product }: Pick<Coverage, 'product'> & { readonly channel: string },
  { channels }: Configuration,
): Iterable<Flaw> {
  const found = channels.find(({ id }) => id === channel);
  if (!found) yield { field, message: `there is no channel ${channel}` };
  else if (product !== undefined && !found.products[product]) {
    yield { field, message: `${channel} does not offer ${product}` };
  }
}
