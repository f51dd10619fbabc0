/** A statement profile made into a format: from here on nothing knows that operators wrote it. */
import { profileColumns, type StatementProfile } from '../../../channels/index.ts';
import { currencySchema } from '../../../kernel/money.ts';
import { decodeStart } from '../encoding.ts';
import type { FileStart, FrameColumns, StatementFormat } from '../statement-format.ts';
import { readProfileDocument } from './document.ts';
import { isComment, readProfileFrame } from './frame.ts';
import { lineParser } from './line.ts';
import { recordReader } from './records.ts';
import { isLike } from './values.ts';

export const profilePrefix = 'profile:';

/** @param name as channels name it: `profile:` and the profile's id */
export function formatOfProfile(name: string, profile: StatementProfile): StatementFormat {
  const frame = { profile, reader: recordReader(profile), used: profileColumns(profile) };
  const { accompaniedBy = [], covers } = profile;
  const shared = {
    name,
    covers: covers ?? [...new Set(profile.kinds.map(({ kind }) => kind))],
    recognise: recogniser(profile),
    accompanies: ({ fileName }: FileStart) => accompaniedBy.some((pattern) => isLike(pattern, fileName)),
  };
  if (profile.layout.type === 'delimited' && profile.layout.recordsSpanLines) {
    return { ...shared, reads: 'document', read: (chunks, context) => readProfileDocument(frame, chunks, context) };
  }
  const { reader } = frame;
  const parse = lineParser(profile);
  return {
    ...shared,
    reads: 'lines',
    encoding: reader.encoding,
    readFrame: (ends, context) => readProfileFrame(frame, ends, context),
    parseLine: ({ columns, facts }, text, lineNumber) => {
      const raw = reader.textOf(text);
      if (isComment(profile, raw.trim())) return { lineNumber, ignored: 'comment', sums: {} };
      return parse({ lineNumber, raw, field: reader.recordOf(text, columns) }, factsOf(facts));
    },
  };
}

/** As the frame was written: what the lines themselves do not say. */
const factsOf = (facts: FrameColumns['facts']) => ({
  date: facts?.['date'] ?? '',
  timeZone: facts?.['timeZone'] ?? 'UTC',
  currency: currencySchema.parse(facts?.['currency']),
});

/** How far a header is searched when a file is told from others. */
const searchedLines = 200;

function recogniser(profile: StatementProfile): (start: FileStart) => boolean {
  const { recognise, layout, encoding } = profile;
  const { columns, fileName, firstLine } = recognise;
  const reader = recordReader(profile);
  return (start) => {
    if (fileName !== undefined && !isLike(fileName, start.fileName)) return false;
    const text = decodeStart(encoding, start.head)?.replace(/^\uFEFF/, '');
    if (text === undefined) return false;
    const lines = text.split('\n', searchedLines).map((line) => line.replace(/\r$/, ''));
    if (firstLine !== undefined && !(lines[0] ?? '').startsWith(firstLine)) return false;
    if (layout.type === 'fixed-width' && layout.lineBytes !== undefined) {
      const { lineBytes } = layout;
      if (
        !start.head
          .toString('latin1')
          .split('\n', searchedLines)
          .some((line) => line.replace(/\r$/, '').length === lineBytes)
      )
        return false;
    }
    return columns === undefined || lines.some((line) => includesAll(reader.fieldsOf(line), columns));
  };
}

const includesAll = (names: readonly string[], wanted: readonly string[]): boolean =>
  wanted.every((name) => names.includes(name));
