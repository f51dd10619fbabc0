/**
 * Uploads that were asked for: which content may lie under a name.
 *
 * | pk | sk | attributes |
 * | --- | --- | --- |
 * | `DAY#<channel>#<merchantNo>#<date>` | `UPLOAD#<file name>#<SHA-256>` | fileName, sha256, size, by, registeredAt |
 */
import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import * as z from 'zod';
import { queryItems, type Table, toItem } from '../../kernel/table.ts';
import { type StatementDay, seriesKey } from '../statement-key.ts';

export interface RegisteredUpload {
  readonly fileName: string;
  /** lower-case hex */
  readonly sha256: string;
  /** bytes */
  readonly size: number;
  /** whoever asked, as the books keep it */
  readonly by: string;
  readonly registeredAt: Date;
}

const uploadSchema: z.ZodType<RegisteredUpload> = z.object({
  fileName: z.string(),
  sha256: z.string(),
  size: z.coerce.number(),
  by: z.string(),
  registeredAt: z.iso.datetime().transform((text) => new Date(text)),
});

export const fileNameOf = (key: string): string => key.slice(key.lastIndexOf('/') + 1);

/** Again, it is registered anew. 1 write unit. */
export async function putUpload(table: Table, day: StatementDay, upload: RegisteredUpload): Promise<void> {
  const key = { pk: seriesKey(day), sk: `UPLOAD#${upload.fileName}#${upload.sha256}` };
  const Item = toItem({ ...key, ...upload, registeredAt: upload.registeredAt.toISOString() });
  await table.client.send(new PutItemCommand({ TableName: table.name, Item }));
}

/** A link works for a quarter of an hour, and a large file takes its time. After that a name is anybody's again. */
const validForMs = 24 * 60 * 60 * 1_000;

/** The newest last. 1 read unit. */
export async function registeredUploads(
  table: Table,
  day: StatementDay,
  { fileName, now }: { readonly fileName: string; readonly now: Date },
): Promise<readonly RegisteredUpload[]> {
  const items = await queryItems(table, {
    keys: 'pk = :pk AND begins_with(sk, :name)',
    values: { ':pk': seriesKey(day), ':name': `UPLOAD#${fileName}#` },
  });
  return items
    .map((item) => uploadSchema.parse(item))
    .filter(({ registeredAt }) => now.getTime() - registeredAt.getTime() < validForMs)
    .sort((left, right) => left.registeredAt.getTime() - right.registeredAt.getTime());
}
