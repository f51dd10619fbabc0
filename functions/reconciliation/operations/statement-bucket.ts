/** The statement bucket as operators look through it: what lies there, whether or not anybody was told. */
import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { newestVersion } from '../files.ts';

export interface StatementBucket {
  readonly client: S3Client;
  readonly name: string;
}

export interface LyingFile {
  readonly key: string;
  /** bytes */
  readonly size: number;
  readonly changedAt: Date;
}

/** One object as events name it. */
export interface StatementObject {
  readonly bucket: string;
  readonly key: string;
  readonly versionId?: string;
  readonly size: number;
}

/** What lies under a prefix, up to `limit` files; one call per thousand. */
export async function listFiles(
  { client, name }: StatementBucket,
  { prefix, limit }: { readonly prefix: string; readonly limit: number },
): Promise<readonly LyingFile[]> {
  const files: LyingFile[] = [];
  let token: string | undefined;
  do {
    const page = await client.send(
      new ListObjectsV2Command({
        Bucket: name,
        Prefix: prefix,
        MaxKeys: Math.min(1_000, limit - files.length),
        ContinuationToken: token,
      }),
    );
    for (const { Key: key, Size: size = 0, LastModified: changedAt } of page.Contents ?? []) {
      // consoles make an empty object for a folder
      if (key && changedAt && !key.endsWith('/')) files.push({ key, size, changedAt });
    }
    token = page.NextContinuationToken;
  } while (token && files.length < limit);
  return files;
}

/** The newest version of a key; undefined where there is none. */
export async function findObject({ client, name }: StatementBucket, key: string): Promise<StatementObject | undefined> {
  try {
    return { bucket: name, key, ...(await newestVersion({ client }, { bucket: name, key })) };
  } catch (error) {
    // an answer to HEAD has no body, and so no error code of S3's
    if (error instanceof Error && (error.name === 'NotFound' || error.name === 'NoSuchKey')) return undefined;
    throw error;
  }
}
