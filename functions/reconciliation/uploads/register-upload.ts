/** A file is brought by the API: asked for with its SHA-256, then put into the bucket by a link that takes no other content. */
import type { Signature } from '../../kernel/caller.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import type { Batch } from '../batch.ts';
import { readHead } from '../day-store.ts';
import { findNamedMerchant } from '../named-merchant.ts';
import { isOutOfTheWay, versionsOf } from '../operations/versions.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { StatementDay } from '../statement-key.ts';
import { putUpload } from './upload-store.ts';

export interface UploadNeeds extends Pick<Reconciliation, 'table' | 'clock' | 'channels'> {
  readonly linkTo: UploadLink;
}

/** A link by which this very content can be put under the key, for so many seconds, and the headers that go with it. */
export type UploadLink = (content: {
  readonly key: string;
  readonly size: number;
  /** lower-case hex */
  readonly sha256: string;
  readonly seconds: number;
}) => Promise<{ readonly url: string; readonly headers: Readonly<Record<string, string>> }>;

export interface UploadRequest {
  readonly by: Signature;
  readonly day: StatementDay;
  readonly fileName: string;
  readonly size: number;
  readonly sha256: string;
}

export type Upload =
  | {
      readonly outcome: 'upload';
      readonly key: string;
      readonly url: string;
      readonly headers: Readonly<Record<string, string>>;
      readonly expiresAt: Date;
    }
  /** the newest version that is worked on has this content: putting it again would change nothing */
  | { readonly outcome: 'known'; readonly key: string; readonly batch: Batch };

export const linkSeconds = 15 * 60;

/** 1 write unit; a read unit for the merchant number, one for the day and one or two per version down to the newest accepted. */
export async function registerUpload(
  { table, clock, channels, linkTo }: UploadNeeds,
  { by, day, fileName, size, sha256 }: UploadRequest,
): Promise<Upload | Refusal<'unknown_merchant'>> {
  const merchant = await findNamedMerchant(channels, day, 'body.merchantNo');
  if (isRefusal(merchant)) return merchant;
  const accepted = await newestAccepted(table, day);
  if (accepted?.file.sha256 === sha256) return { outcome: 'known', key: accepted.file.key, batch: accepted };

  const key = `statements/${day.channel}/${day.merchantNo}/${day.date}/${fileName}`;
  const registeredAt = clock();
  await putUpload(table, day, { fileName, sha256, size, by, registeredAt });
  const link = await linkTo({ key, size, sha256, seconds: linkSeconds });
  return { outcome: 'upload', key, ...link, expiresAt: new Date(registeredAt.getTime() + linkSeconds * 1_000) };
}

async function newestAccepted(table: UploadNeeds['table'], day: StatementDay): Promise<Batch | undefined> {
  const { latestVersion } = await readHead(table, day);
  for await (const batch of versionsOf(table, day, latestVersion)) if (!isOutOfTheWay(batch.status)) return batch;
  return undefined;
}
