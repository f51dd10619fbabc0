/** Buckets in a folder, for steps that are measured without a network; counts the requests that S3 would charge for. */
import { appendFileSync, closeSync, mkdirSync, openSync, readSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import {
  CompleteMultipartUploadCommand,
  CreateMultipartUploadCommand,
  GetObjectCommand,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
  UploadPartCommand,
} from '@aws-sdk/client-s3';
import type { WorkingFiles } from '../../functions/reconciliation/files.ts';

export interface LocalFiles extends WorkingFiles {
  /** so far */
  readonly requests: () => { readonly puts: number; readonly gets: number };
}

export function localFiles(folder: string): LocalFiles {
  let [puts, gets] = [0, 0];
  const made = new Set<string>();
  const pathOf = ({ Bucket = '', Key = '' }: { Bucket?: string | undefined; Key?: string | undefined }) =>
    join(folder, Bucket, Key);
  const placeOf = (input: { Bucket?: string | undefined; Key?: string | undefined }): string => {
    const path = pathOf(input);
    if (!made.has(dirname(path))) mkdirSync(dirname(path), { recursive: true });
    made.add(dirname(path));
    return path;
  };
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof PutObjectCommand) {
      puts += 1;
      writeFileSync(placeOf(command.input), command.input.Body as string | Uint8Array); // the steps write nothing else
      return {};
    }
    if (command instanceof CreateMultipartUploadCommand) {
      puts += 1;
      writeFileSync(placeOf(command.input), '');
      return { UploadId: 'the only one' };
    }
    if (command instanceof UploadPartCommand) {
      puts += 1;
      appendFileSync(pathOf(command.input), command.input.Body as Uint8Array); // parts come in their order, as bytes
      return {};
    }
    if (command instanceof CompleteMultipartUploadCommand) {
      puts += 1;
      return {};
    }
    if (command instanceof GetObjectCommand) {
      gets += 1;
      return read(pathOf(command.input), command.input.Range);
    }
    if (command instanceof HeadObjectCommand) {
      gets += 1;
      return { ContentLength: statSync(pathOf(command.input)).size };
    }
    throw new Error('these buckets put, get and tell of sizes');
  };
  // the commands that the measured steps use
  return { client: { send } as Pick<S3Client, 'send'>, workingBucket: 'working', requests: () => ({ puts, gets }) };
}

function read(path: string, range: string | undefined) {
  const [, first = '0', last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  const { size } = statSync(path);
  const start = Number(first);
  const end = last === undefined ? size : Math.min(Number(last) + 1, size);
  const whole = async (): Promise<Buffer> => {
    const bytes = Buffer.allocUnsafeSlow(end - start);
    readInto(path, bytes, start);
    return bytes;
  };
  return {
    ContentRange: last === undefined ? undefined : `bytes ${start}-${end - 1}/${size}`,
    Body: {
      transformToByteArray: whole,
      transformToString: async () => (await whole()).toString(),
      [Symbol.asyncIterator]: () => chunksOf(path, start, end),
    },
  };
}

function readInto(path: string, bytes: Buffer, from: number): void {
  const file = openSync(path, 'r');
  readSync(file, bytes, 0, bytes.length, from);
  closeSync(file);
}

const chunkBytes = 256 * 1024;

/** By turns in one of two buffers, as sockets use theirs again: whoever reads is through with a chunk when the next but one comes. */
async function* chunksOf(path: string, start: number, end: number): AsyncGenerator<Buffer> {
  const buffers = idleBuffers.pop() ?? [Buffer.allocUnsafeSlow(chunkBytes), Buffer.allocUnsafeSlow(chunkBytes)];
  const file = openSync(path, 'r');
  try {
    for (let at = start, turn = 0; at < end; turn++) {
      const buffer = buffers[turn % 2];
      if (!buffer) return;
      const bytes = readSync(file, buffer, 0, Math.min(chunkBytes, end - at), at);
      yield buffer.subarray(0, bytes);
      at += bytes;
    }
  } finally {
    closeSync(file);
    idleBuffers.push(buffers);
  }
}

const idleBuffers: Buffer[][] = [];
