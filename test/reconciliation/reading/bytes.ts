/** Files in memory as the readers of containers take them. */
import type { ByteSource } from '../../../functions/reconciliation/reading/byte-source.ts';
import type { PackedFile } from '../../../functions/reconciliation/reading/container.ts';

export const sourceOfBytes = (bytes: Buffer, chunkBytes = 1_000): ByteSource => ({
  size: bytes.length,
  read: async (start, end) => bytes.subarray(start, end),
  stream: async function* (start, end) {
    for (let at = start; at < end; at += chunkBytes) yield bytes.subarray(at, Math.min(end, at + chunkBytes));
  },
});

export async function allOf(stream: AsyncIterable<Buffer>): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk);
  return Buffer.concat(chunks);
}

export const textOf = async ({ stream }: Pick<PackedFile, 'stream'>): Promise<string> =>
  (await allOf(stream())).toString();
