/** A bucket in memory, for tests of what the steps make of their working files. */
import { GetObjectCommand, HeadObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { WorkingFiles } from '../../functions/reconciliation/files.ts';

export function memoryFiles(): WorkingFiles {
  const objects = new Map<string, Buffer>();
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof PutObjectCommand) {
      const { Bucket, Key, Body } = command.input;
      objects.set(`${Bucket}/${Key}`, Body instanceof Uint8Array ? Buffer.from(Body) : Buffer.from(String(Body)));
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const { Bucket, Key, Range } = command.input;
      const whole = objects.get(`${Bucket}/${Key}`);
      if (whole === undefined) throw new Error(`there is no ${Key}`);
      const [, start, end] = /^bytes=(\d+)-(\d+)$/.exec(Range ?? '') ?? [];
      const bytes = start === undefined ? whole : whole.subarray(Number(start), Number(end) + 1);
      const body = { transformToString: async () => bytes.toString(), transformToByteArray: async () => bytes };
      return { Body: Object.assign([bytes], body), ...(start !== undefined && { ContentRange: Range }) };
    }
    if (command instanceof HeadObjectCommand) {
      const text = objects.get(`${command.input.Bucket}/${command.input.Key}`);
      if (text === undefined) throw new Error(`there is no ${command.input.Key}`);
      return { ContentLength: Buffer.byteLength(text) };
    }
    throw new Error('this bucket only puts, gets and tells of sizes');
  };
  return { client: { send } as Pick<S3Client, 'send'>, workingBucket: 'working' }; // the commands that steps use
}
