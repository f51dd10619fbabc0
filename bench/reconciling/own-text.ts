/**
 * Our own side from a text file in place of the table's index: one part of it into shard files, as `stageOwnPayments` leaves them.
 * The rows are those of `ownColumns`, nothing is quoted.
 */
import { copyBytes } from '../../functions/reconciliation/append-line.ts';
import { wholeLines } from '../../functions/reconciliation/byte-ranges.ts';
import { streamPart, type WorkingFiles, writeBytes } from '../../functions/reconciliation/files.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { hashBytes, slotOfHash } from '../../functions/reconciliation/row-hash.ts';
import type { PlannedRun } from '../../functions/reconciliation/run.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';

export interface OwnPart {
  readonly shard: number;
  readonly key: string;
  /** whole rows */
  readonly start: number;
  readonly end: number;
}

export async function stageOwnText(files: WorkingFiles, { run, item }: { run: PlannedRun; item: OwnPart }) {
  const rows = new RowBuffers(run.plan.shards, (item.end - item.start) * 1.3);
  const content = { bucket: run.file.bucket, key: item.key };
  for await (const piece of wholeLines(streamPart(files, content, item))) appendRows(piece, rows);
  const keys = workingKeys(run.reconciliationId);
  await Promise.all(rows.contents().map((some, shard) => writeBytes(files, keys.ownRows(item.shard, shard), some)));
  rows.release();
}

const [comma, lineFeed] = [0x2c, 0x0a];
const between = Buffer.from('","');
const opening = Buffer.from('["');
/** What stands before the second field, and before the seventh: tabs, as `shard-rows.ts` has them. */
const afterTab = Buffer.from('"\t,"');
const closing = Buffer.from('"]\n');
const fields = 8;

function appendRows(piece: Buffer, rows: RowBuffers): void {
  for (let start = 0; start < piece.length; ) {
    let end = start;
    while (piece[end] !== comma) end += 1;
    const slot = slotOfHash(hashBytes(piece, start, end), rows.shards);
    const out = rows.reserve(slot, 512);
    let at = copyBytes(opening, 0, opening.length, out, rows.endOf(slot));
    at = copyBytes(piece, start, end, out, at);
    for (let field = 1; field < fields; field++) {
      const separator = field === 1 || field === 6 ? afterTab : between;
      at = copyBytes(separator, 0, separator.length, out, at);
      for (let byte = piece[++end] ?? 0; byte !== comma && byte !== lineFeed; byte = piece[++end] ?? 0)
        out[at++] = byte;
    }
    rows.grow(slot, copyBytes(closing, 0, closing.length, out, at));
    start = end + 1;
  }
}
