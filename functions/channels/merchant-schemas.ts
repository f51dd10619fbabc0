/** How merchant numbers are shown to operators, and changed by them. */
import * as z from 'zod';
import { currencySchema } from '../kernel/money.ts';
import { channelIdSchema } from './catalogue.ts';
import { statementFormatsSchema } from './configuration/kinds/statement-formats.ts';
import { reasonSchema, versionSchema } from './configuration-schemas.ts';
import { credentialsSchema } from './credentials/credentials.ts';
import { highestPriority, type Merchant, merchantNoSchema, merchantStatuses } from './merchant-store.ts';

export const merchantParams = z.object({ channel: channelIdSchema, merchantNo: merchantNoSchema });

const statusSchema = z.enum(merchantStatuses);

const prioritySchema = z
  .int()
  .min(0)
  .max(highestPriority)
  .meta({ description: "the lowest of an institution's is asked first", example: 100 });

export const merchantSchema = z
  .strictObject({
    channel: z.string().meta({ example: 'sandbox-bank' }),
    merchantNo: z.string().meta({ example: '1601959334' }),
    institutionId: z.string(),
    accountId: z.string().meta({ description: 'the settlement account that mirrors it' }),
    currency: currencySchema,
    priority: z.int(),
    status: statusSchema,
    statementFormats: statementFormatsSchema.optional(),
    credentials: z
      .strictObject({ fingerprint: z.string(), setBy: z.string(), setAt: z.string() })
      .optional()
      .meta({ description: 'that there are some, and since when; never what they are' }),
    registeredAt: z.string(),
    version: z.int().optional().meta({ description: 'the number of its last change; shown where one is asked for' }),
  })
  .meta({ id: 'Merchant' });

/** A merchant number as it is answered. */
export const merchantAnswer = ({ registeredAt, statementFormats, ...merchant }: Merchant) => ({
  ...merchant,
  ...(statementFormats && { statementFormats: [...statementFormats] }),
  registeredAt: registeredAt.toISOString(),
});

export const putMerchantSchema = z
  .strictObject({
    priority: prioritySchema,
    status: statusSchema.meta({ description: 'a suspended one takes no new orders' }),
    statementFormats: statementFormatsSchema
      .optional()
      .meta({ description: "in which its statements come; none: in any of its channel's; left out: as it is" }),
    version: versionSchema.optional(),
    reason: reasonSchema.optional(),
  })
  .meta({ id: 'PutMerchant' });

export const putCredentialsSchema = z
  .strictObject({
    credentials: credentialsSchema.meta({
      description: 'names and secrets as the adapter of the channel knows them; nobody can read them back',
      example: { apiKey: 'sk_test_…' },
    }),
    version: versionSchema.optional(),
    reason: reasonSchema.optional(),
  })
  .meta({ id: 'PutCredentials' });
