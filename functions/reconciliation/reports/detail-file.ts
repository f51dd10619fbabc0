/**
 * A detail report as it is kept in the statement bucket: a gzipped CSV file, and an index by which a page and the rows without
 * the header are read from its middle.
 *
 * | key | holds |
 * | --- | --- |
 * | `reports/<id>/<report>.csv.gz` | the header in a segment of its own, then segments of some thousand rows |
 * | `reports/<id>/<report>.index.json` | rows, bytes of text, segments |
 */
import * as z from 'zod';
import type { ReconciliationId } from '../../kernel/ids.ts';
import { type Files, type ObjectRef, readObject, readRange, startUpload, writeObject } from '../files.ts';
import { type DetailReport, detailHeader, detailLines, type RowOwner } from './detail-columns.ts';
import type { DetailRow } from './detail-row.ts';
import { gzipWriter, inflateSegments } from './indexed-gzip.ts';

const indexSchema = z.object({
  rows: z.int(),
  /** bytes of the whole file, decompressed */
  textBytes: z.int(),
  header: z.object({ start: z.int(), end: z.int() }),
  /** in their order; `before` counts the rows of earlier ones */
  segments: z.array(z.object({ start: z.int(), end: z.int(), before: z.int(), rows: z.int() })),
});

export type DetailIndex = z.infer<typeof indexSchema>;

export interface DetailPlace {
  readonly bucket: string;
  readonly id: ReconciliationId;
  readonly report: DetailReport;
}

export const detailFile = ({ bucket, id, report }: DetailPlace): ObjectRef => ({
  bucket,
  key: `reports/${id}/${report}.csv.gz`,
});

const indexFile = ({ bucket, id, report }: DetailPlace): ObjectRef => ({
  bucket,
  key: `reports/${id}/${report}.index.json`,
});

/** A page reads one segment or two; a thousand rows are 30 KB compressed. */
const rowsPerSegment = 2_000;

/** A file in the making: holds a segment's rows and a part of the upload. */
export async function startDetailFile(files: Files, place: DetailPlace, owner: RowOwner) {
  const upload = startUpload(files, detailFile(place));
  const gzip = gzipWriter(upload.write);
  const headerText = detailHeader(place.report);
  const header = await gzip.segment(headerText);
  const segments: DetailIndex['segments'] = [];
  let held: DetailRow[] = [];
  let textBytes = Buffer.byteLength(headerText);
  let rows = 0;
  const writeHeld = async () => {
    if (held.length === 0) return;
    const text = detailLines(place.report, owner, held);
    segments.push({ ...(await gzip.segment(text)), before: rows, rows: held.length });
    textBytes += Buffer.byteLength(text);
    rows += held.length;
    held = [];
  };
  return {
    add: async (row: DetailRow): Promise<void> => {
      held.push(row);
      if (held.length >= rowsPerSegment) await writeHeld();
    },
    /** The file is there before its index. @returns how many rows it has */
    finish: async (): Promise<number> => {
      await writeHeld();
      await gzip.finish();
      await upload.finish();
      const index: DetailIndex = { rows, textBytes, header, segments };
      await writeObject(files, indexFile(place), JSON.stringify(index));
      return rows;
    },
  };
}

export const readDetailIndex = async (files: Files, place: DetailPlace): Promise<DetailIndex> =>
  indexSchema.parse(JSON.parse(await readObject(files, indexFile(place))));

/** As much as is inflated at once: about twenty times as much text. */
const readAtOnceBytes = 512 * 1024;

/** The rows' text from a segment on, without the header. */
export async function* detailText(files: Files, place: DetailPlace, index: DetailIndex): AsyncGenerator<string> {
  for (let first = 0; first < index.segments.length; ) {
    const start = index.segments[first]?.start ?? 0;
    let last = first;
    while ((index.segments[last + 1]?.end ?? Number.POSITIVE_INFINITY) - start <= readAtOnceBytes) last += 1;
    const end = index.segments[last]?.end ?? start;
    yield inflateSegments(await readRange(files, detailFile(place), start, end));
    first = last + 1;
  }
}

/** The text of the segments in which some rows lie, and how many rows of it come before them. */
export async function detailSegments(
  files: Files,
  place: DetailPlace,
  { index, from, count }: { readonly index: DetailIndex; readonly from: number; readonly count: number },
): Promise<{ readonly text: string; readonly skip: number }> {
  const wanted = index.segments.filter(({ before, rows }) => before + rows > from && before < from + count);
  const [first, last] = [wanted[0], wanted.at(-1)];
  if (!first || !last) return { text: '', skip: 0 };
  const bytes = await readRange(files, detailFile(place), first.start, last.end);
  return { text: inflateSegments(bytes), skip: from - first.before };
}
