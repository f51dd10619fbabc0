/** GBK as channels write it, of what Node itself only reads. */
const decoder = new TextDecoder('gb18030', { fatal: true });
const codes = new Map<string, Buffer>();

for (let lead = 0x81; lead <= 0xfe; lead++) {
  for (let trail = 0x40; trail <= 0xfe; trail++) {
    if (trail === 0x7f) continue;
    const code = Buffer.from([lead, trail]);
    codes.set(decoder.decode(code), code);
  }
}

/** @throws Error for a character that GBK does not have. */
export const inGbk = (text: string): Buffer =>
  Buffer.concat(
    [...text].map((character) => {
      const code = character < '\x80' ? Buffer.from(character) : codes.get(character);
      if (!code) throw new Error(`${character} is not in GBK`);
      return code;
    }),
  );

export const fromGbk = (bytes: Buffer): string => decoder.decode(bytes);
