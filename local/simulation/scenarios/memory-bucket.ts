/** A bucket in memory, for the few calls that the close of a day makes on small files. */
import {
  GetObjectCommand,
  type GetObjectCommandOutput,
  HeadObjectCommand,
  PutObjectCommand,
  type S3Client,
} from '@aws-sdk/client-s3';
import type { Files } from '../../../functions/kernel/files.ts';

export function memoryBucket(): Files {
  const objects = new Map<string, Buffer>();
  const objectAt = (key = ''): Buffer => {
    const found = objects.get(key);
    if (!found) throw new Error(`there is no object ${key}`);
    return found;
  };
  const answer = async (command: object): Promise<object> => {
    if (command instanceof PutObjectCommand) {
      const { Key = '', Body } = command.input;
      if (typeof Body !== 'string' && !(Body instanceof Uint8Array)) throw new Error('small files are written at once');
      objects.set(Key, Buffer.from(Body));
      return {};
    }
    if (command instanceof HeadObjectCommand) return { ContentLength: objectAt(command.input.Key).length };
    if (command instanceof GetObjectCommand)
      return { Body: bodyOf(rangeOf(objectAt(command.input.Key), command.input.Range)) };
    throw new Error(`the simulated bucket knows no ${command.constructor.name}`);
  };
  // `send` has overloads for callbacks and for all other commands, which nobody uses here
  return { client: { send: answer as unknown as S3Client['send'] } };
}

function rangeOf(object: Buffer, range: string | undefined): Buffer {
  const [, first, last] = /^bytes=(\d+)-(\d+)$/.exec(range ?? '') ?? [];
  return first === undefined || last === undefined ? object : object.subarray(Number(first), Number(last) + 1);
}

/** Of what the SDK makes of a body, what the center uses. */
const bodyOf = (bytes: Buffer) =>
  ({
    transformToByteArray: async () => bytes,
    transformToString: async () => bytes.toString('utf8'),
  }) as unknown as GetObjectCommandOutput['Body'];
