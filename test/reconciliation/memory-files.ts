/** A bucket in memory, for tests of what the steps make of their working files. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
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
    throw new Error('this bucket only puts and gets');
  };
  return { client: { send } as Pick<S3Client, 'send'>, workingBucket: 'working' }; // the two commands that steps use
}
