import { setTimeout as sleep } from 'node:timers/promises';
import { CreateBucketCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { type HandedFiles, type HandedOver, handOver } from '../../functions/kernel/hand-over-file.ts';

const bucket = `statement-files-${process.pid}-${Date.now()}`;
const client = new S3Client({ forcePathStyle: true });
const noon = new Date('2026-03-02T04:00:00Z');
const later = new Date(noon.getTime() + 24_000);

const files = (facts: Partial<HandedFiles> = {}): HandedFiles => ({
  client,
  bucket,
  inlineBytes: 100,
  clock: () => noon,
  ...facts,
});

async function* lines(count: number, line = '0123456789'): AsyncGenerator<string> {
  for (let index = 0; index < count; index++) {
    yield `${line}\n`;
    await sleep(0);
  }
}

const keys = async () =>
  ((await client.send(new ListObjectsV2Command({ Bucket: bucket }))).Contents ?? []).map(({ Key }) => Key);

describe('handing a file over', () => {
  beforeAll(async () => {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
  });

  test('a small one comes at once', async () => {
    const file = { name: 'a.csv', key: 'small/a.csv', pieces: lines(9), deadline: later };
    expect(await handOver(files(), file)).toEqual({ text: '0123456789\n'.repeat(9) });
    expect(await keys()).not.toContain('small/a.csv');
  });

  test('a larger one waits behind a link that needs no token and ends after 15 minutes', async () => {
    const file = { name: 'a.csv', key: 'large/a.csv', pieces: lines(40), deadline: later };
    const { url } = (await handOver(files(), file)) as Extract<HandedOver, { url: string }>; // as it is a larger one
    const reply = await fetch(url);
    expect(await reply.text()).toBe('0123456789\n'.repeat(40));
    expect(reply.headers.get('content-type')).toContain('text/csv');
    expect(reply.headers.get('content-disposition')).toBe('attachment; filename="a.csv"');
    expect(new URL(url).searchParams.get('X-Amz-Expires')).toBe('900');
  });

  test('one of several parts is put together again', async () => {
    const line = '资金中心'.repeat(300_000);
    const file = { name: 'a.csv', key: 'parts/a.csv', pieces: lines(6, line), deadline: later };
    expect(await handOver(files(), file)).toHaveProperty('url');
    const { Body } = await client.send(new GetObjectCommand({ Bucket: bucket, Key: 'parts/a.csv' }));
    expect((await Body?.transformToString()) === `${line}\n`.repeat(6)).toBe(true);
  });

  test('one that takes too long is refused and is nowhere', async () => {
    let now = noon.getTime();
    const clock = () => {
      now += 1_000;
      return new Date(now);
    };
    const file = { name: 'a.csv', key: 'late/a.csv', pieces: lines(100), deadline: later };
    expect(await handOver(files({ clock }), file)).toMatchObject({ refused: 'file_too_long' });
    expect(await keys()).not.toContain('late/a.csv');
  });

  test('one that can not be read to its end is nowhere', async () => {
    const broken = async function* () {
      yield* lines(40);
      throw new Error('lost on the way');
    };
    const file = { name: 'a.csv', key: 'broken/a.csv', pieces: broken(), deadline: later };
    await expect(handOver(files(), file)).rejects.toThrow('lost on the way');
    expect(await keys()).not.toContain('broken/a.csv');
  });
});
