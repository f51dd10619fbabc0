import { createHash, randomUUID } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { linesOf, newestVersion, readObject, startUpload, streamRange } from '../../functions/kernel/files.ts';

const bucket = `files-${randomUUID()}`;
let files: { readonly client: S3Client };

beforeAll(async () => {
  files = { client: new S3Client({ forcePathStyle: true }) };
  await files.client.send(new CreateBucketCommand({ Bucket: bucket }));
});

describe('an upload', () => {
  test.each([
    ['nothing', 0],
    ['a few bytes', 100],
    ['more than one part', 20 * 1024 * 1024],
  ])('of %s is what was written, with its size and hash', async (name, bytes) => {
    const piece = Buffer.alloc(1024 * 1024, '0123456789abcdef');
    const hash = createHash('sha256');
    const upload = startUpload(files, { bucket, key: name });
    for (let at = 0; at < bytes; at += piece.length) {
      const part = piece.subarray(0, Math.min(piece.length, bytes - at));
      hash.update(part);
      await upload.write(part);
    }
    expect(upload.position()).toBe(bytes);
    const sha256 = hash.digest('hex');
    expect(await upload.finish()).toEqual({ bytes, sha256 });
    expect((await newestVersion(files, { bucket, key: name })).size).toBe(bytes);
    const stored = createHash('sha256').update(await readObject(files, { bucket, key: name }));
    expect(stored.digest('hex')).toBe(sha256);
  });

  test('that is broken off leaves no file', async () => {
    const upload = startUpload(files, { bucket, key: 'broken' });
    await upload.write(Buffer.alloc(9 * 1024 * 1024));
    await expect(newestVersion(files, { bucket, key: 'broken' })).rejects.toThrow();
  });
});

test('lines come whole, wherever the pieces are cut', async () => {
  const lines = Array.from({ length: 200_000 }, (_, number) => `第${number}行 ${'·'.repeat(number % 40)}`);
  const upload = startUpload(files, { bucket, key: 'lines' });
  await upload.write(lines.join('\n'));
  const { bytes } = await upload.finish();
  const read: string[] = [];
  for await (const line of linesOf(streamRange(files, { bucket, key: 'lines' }, { start: 0, end: bytes })))
    read.push(line);
  expect(read.length).toBe(lines.length);
  expect(read.join('\n') === lines.join('\n')).toBe(true);
});
