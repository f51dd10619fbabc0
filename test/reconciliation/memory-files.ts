/** A bucket in memory, for tests of what the steps make of their working files. */
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';
import type { WorkingFiles } from '../../functions/reconciliation/files.ts';

export function memoryFiles(): WorkingFiles {
  const objects = new Map<string, string>();
  const send = async (command: unknown): Promise<unknown> => {
    if (command instanceof PutObjectCommand) {
      objects.set(`${command.input.Bucket}/${command.input.Key}`, String(command.input.Body));
      return {};
    }
    if (command instanceof GetObjectCommand) {
      const text = objects.get(`${command.input.Bucket}/${command.input.Key}`);
      if (text === undefined) throw new Error(`there is no ${command.input.Key}`);
      return { Body: Object.assign([Buffer.from(text)], { transformToString: async () => text }) };
    }
    throw new Error('this bucket only puts and gets');
  };
  return { client: { send } as Pick<S3Client, 'send'>, workingBucket: 'working' }; // the two commands that steps use
}
