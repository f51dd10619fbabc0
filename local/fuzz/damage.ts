/** What can happen to a file on its way: to its bytes, its lines and its fields. */
import type { Dice } from '../simulation/scenarios/dice.ts';

const lineFeed = 0x0a;

const junk = [
  '\n',
  '\r\n',
  '\r',
  ',',
  '"',
  '""',
  '`',
  "'",
  '-',
  '#',
  ';',
  '|',
  '\t',
  '\0',
  '\uFEFF',
  '\u3000',
  '：',
  ':61:',
  ':86:',
  '<Ntry>',
  '</Ntry>',
  '<!--',
  '&lt;',
  '49,',
  '88,',
  '0',
  '-0',
  '00',
  '1e9',
  'NaN',
  '0x1F',
  '99999999999999999999',
  '-0.000001',
  '1,234.56',
  '20260230',
  '2026-13-01',
  '__proto__',
  'constructor',
  'XXX',
  'CNY',
]
  .map((text) => Buffer.from(text))
  .concat([
    Buffer.of(0xff),
    Buffer.of(0x81),
    Buffer.of(0xfe, 0xff),
    Buffer.of(0xd5, 0xcb),
    Buffer.alloc(300, '9'),
    Buffer.alloc(5_000, 'x'),
  ]);

type Damage = (bytes: Buffer, dice: Dice) => Buffer;

const spliced = (bytes: Buffer, at: number, removed: number, put: Buffer): Buffer =>
  Buffer.concat([bytes.subarray(0, at), put, bytes.subarray(at + removed)]);

const place = (bytes: Buffer, dice: Dice): number => dice.integer(0, bytes.length);

/** With their ends. */
function linesOf(bytes: Buffer): Buffer[] {
  const lines: Buffer[] = [];
  for (let start = 0; start < bytes.length; ) {
    const found = bytes.indexOf(lineFeed, start);
    const end = found < 0 ? bytes.length : found + 1;
    lines.push(bytes.subarray(start, end));
    start = end;
  }
  return lines;
}

const onLines =
  (change: (lines: Buffer[], dice: Dice) => void): Damage =>
  (bytes, dice) => {
    const lines = linesOf(bytes);
    if (lines.length > 0) change(lines, dice);
    return Buffer.concat(lines);
  };

const anyLine = (lines: readonly Buffer[], dice: Dice): number => dice.integer(0, lines.length - 1);

const separators = Buffer.from(',;|\t`":<>/ ');

/** Fields as any of the usual separators tell them apart. */
const onField =
  (change: (field: Buffer, dice: Dice) => Buffer): Damage =>
  (bytes, dice) => {
    let from = place(bytes, dice);
    while (from > 0 && !isSeparator(bytes[from - 1])) from -= 1;
    let to = from;
    while (to < bytes.length && !isSeparator(bytes[to])) to += 1;
    return spliced(bytes, from, to - from, change(bytes.subarray(from, to), dice));
  };

const isSeparator = (byte: number | undefined): boolean =>
  byte === undefined || byte === lineFeed || byte === 0x0d || separators.includes(byte);

const damages: Readonly<Record<string, Damage>> = {
  'a byte is another': (bytes, dice) => {
    const changed = Buffer.from(bytes);
    if (changed.length > 0) changed[dice.integer(0, changed.length - 1)] = dice.integer(0, 255);
    return changed;
  },
  'bytes are missing': (bytes, dice) => spliced(bytes, place(bytes, dice), dice.integer(1, 40), Buffer.of()),
  'something is inserted': (bytes, dice) => spliced(bytes, place(bytes, dice), 0, dice.pick(junk)),
  'something is overwritten': (bytes, dice) => spliced(bytes, place(bytes, dice), dice.integer(1, 12), dice.pick(junk)),
  'the end is missing': (bytes, dice) => bytes.subarray(0, place(bytes, dice)),
  'the beginning is missing': (bytes, dice) => bytes.subarray(place(bytes, dice)),
  'a line is missing': onLines((lines, dice) => lines.splice(anyLine(lines, dice), 1)),
  'a line stands twice': onLines((lines, dice) => {
    const line = lines[anyLine(lines, dice)];
    if (line) lines.splice(anyLine(lines, dice), 0, line);
  }),
  'two lines change places': onLines((lines, dice) => {
    const [one, other] = [anyLine(lines, dice), anyLine(lines, dice)];
    const [first, second] = [lines[one], lines[other]];
    if (first && second) {
      lines[one] = second;
      lines[other] = first;
    }
  }),
  'a line is blank': onLines((lines, dice) =>
    lines.splice(anyLine(lines, dice), 0, Buffer.from(dice.pick(['\n', ' \r\n', '\t\n']))),
  ),
  'many lines stand again': onLines((lines, dice) => {
    const from = anyLine(lines, dice);
    lines.splice(from, 0, ...lines.slice(from, from + dice.integer(1, 30)));
  }),
  'a field is another': onField((_, dice) => dice.pick(junk)),
  'a field is empty': onField(() => Buffer.of()),
  'a field is longer': onField((field, dice) => Buffer.concat([field, dice.pick(junk)])),
  'a field stands twice': onField((field) => Buffer.concat([field, Buffer.of(0x2c), field])),
  'lines end otherwise': (bytes, dice) =>
    Buffer.from(bytes.toString('latin1').replaceAll(/\r?\n/g, dice.pick(['\n', '\r\n', '\r', '\n\n'])), 'latin1'),
  'the last line has no end': (bytes) => Buffer.from(bytes.toString('latin1').trimEnd(), 'latin1'),
  'it begins with a mark': (bytes, dice) =>
    Buffer.concat([dice.pick([Buffer.from('\uFEFF'), Buffer.of(0xff, 0xfe), Buffer.of(0xfe, 0xff)]), bytes]),
  'it is in another encoding': (bytes, dice) => Buffer.from(bytes.toString('latin1'), dice.pick(['utf8', 'utf16le'])),
};

const names = Object.keys(damages);

/** One of them, or up to four one after another. */
export function damaged(sample: Buffer, dice: Dice): Buffer {
  let bytes = sample;
  for (let left = dice.pick([1, 1, 1, 2, 3, 4]); left > 0; left--)
    bytes = damages[dice.pick(names)]?.(bytes, dice) ?? bytes;
  return bytes;
}
