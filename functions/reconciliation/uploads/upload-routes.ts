/** How statements are brought by the API. */
import * as z from 'zod';
import { defineRoute } from '../../runtime/route.ts';
import { maximumStatementBytes } from '../reading/unpacking.ts';
import { reconciliationSchema } from '../schemas.ts';
import { dayFields } from '../statement-day-schema.ts';

const uploadSchema = z
  .object({
    outcome: z.enum(['upload', 'known']).meta({
      description: 'known: the newest version of that day has this very content, and nothing is to be put',
    }),
    key: z.string(),
    url: z.string().nullable().meta({ description: 'put the file there within 15 minutes, with these headers' }),
    headers: z
      .record(z.string(), z.string())
      .nullable()
      .meta({
        description: 'sent as they are; S3 refuses any other content',
        example: { 'x-amz-checksum-sha256': '…' },
      }),
    expiresAt: z.string().nullable(),
    reconciliation: reconciliationSchema.nullable().meta({ description: 'of content that is known' }),
  })
  .meta({ id: 'StatementUpload' });

export const createStatementUploadRoute = defineRoute({
  method: 'POST',
  path: '/v1/statement-uploads',
  summary: 'Gives a link by which a statement of that very content can be put; it is reconciled once it is there',
  description:
    'Where the channel does not drop its files itself. The link holds for 15 minutes and takes no other content; ask again for another one.',
  refusals: {
    unknown_merchant: 'no settlement account has the merchant number: `errors` name the field',
  },
  // a statement proves payments: an institution that brought its own would credit itself
  callers: ['operator'],
  body: z
    .strictObject({
      ...dayFields,
      fileName: z
        .string()
        .regex(
          /^[\p{L}\p{N}_-][\p{L}\p{N}._-]{0,119}$/u,
          'must be up to 120 letters, digits, dots, hyphens and underscores',
        )
        .meta({ example: 'day.csv' }),
      size: z.int().min(1).max(maximumStatementBytes).meta({ description: 'in bytes, 2 GiB at most' }),
      sha256: z
        .string()
        .regex(/^[0-9a-f]{64}$/, 'must be 64 lower-case hexadecimal digits')
        .meta({ description: 'of the file, in hexadecimal digits' }),
    })
    .meta({ id: 'CreateStatementUpload' }),
  answers: { 200: uploadSchema, 201: uploadSchema },
});
