/** Zip archives for tests, with every lie that a directory can tell. */
import { crc32, deflateRawSync } from 'node:zlib';

export interface ZipContent {
  readonly name: string | Buffer;
  readonly content: Buffer | string;
  readonly stored?: boolean;
  /** of the general purpose bit field: 1 says encrypted, 0x800 says that the name is UTF-8 */
  readonly flags?: number;
  /** what the directory says in place of the truth */
  readonly says?: {
    readonly size?: number;
    readonly packedSize?: number;
    readonly checksum?: number;
    readonly method?: number;
  };
  /** the number of the entry whose data it claims as its own */
  readonly sharesDataOf?: number;
}

export function zipOf(contents: readonly ZipContent[], facts: { readonly entryCount?: number } = {}): Buffer {
  const parts: Buffer[] = [];
  const directory: Buffer[] = [];
  const starts: number[] = [];
  let offset = 0;
  for (const each of contents) {
    const { name, content, stored = false, flags = 0, says = {} } = each;
    const bytes = Buffer.from(content as Buffer); // text or bytes: one of its overloads takes either
    const packed = stored ? bytes : deflateRawSync(bytes);
    const nameBytes = Buffer.from(name as Buffer); // the same
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt16LE(flags, 2);
    shared.writeUInt16LE(says.method ?? (stored ? 0 : 8), 4);
    shared.writeUInt32LE(says.checksum ?? crc32(bytes), 10);
    shared.writeUInt32LE(says.packedSize ?? packed.length, 14);
    shared.writeUInt32LE(says.size ?? bytes.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    starts.push(offset);
    const start = each.sharesDataOf === undefined ? offset : (starts[each.sharesDataOf] ?? 0);
    if (each.sharesDataOf === undefined) {
      const local = Buffer.concat([Buffer.from('PK\x03\x04'), shared, nameBytes, packed]);
      parts.push(local);
      offset += local.length;
    }
    const place = Buffer.alloc(14);
    place.writeUInt32LE(start, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, place, nameBytes]));
  }
  const listing = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(facts.entryCount ?? contents.length, 8);
  end.writeUInt16LE(facts.entryCount ?? contents.length, 10);
  end.writeUInt32LE(listing.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, listing, end]);
}
