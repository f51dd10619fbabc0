/**
 * Our own side from a text file in place of the table's index: one part of it into shard files, as `stageOwnPayments` leaves them.
 * The rows are those that `writeDay` writes, nothing is quoted.
 */
import { currencySchema } from '../../functions/kernel/money.ts';
import { copyBytes } from '../../functions/reconciliation/append-line.ts';
import { wholeLines } from '../../functions/reconciliation/byte-ranges.ts';
import { streamPart, type WorkingFiles } from '../../functions/reconciliation/files.ts';
import { isText } from '../../functions/reconciliation/reading/bytes/fields.ts';
import { RowBuffers } from '../../functions/reconciliation/row-buffers.ts';
import { hashBytes, slotOfHash } from '../../functions/reconciliation/row-hash.ts';
import type { PlannedRun } from '../../functions/reconciliation/run.ts';
import { middleOf } from '../../functions/reconciliation/shard-rows.ts';
import { stagingRows } from '../../functions/reconciliation/staged-rows.ts';
import { lineKinds } from '../../functions/reconciliation/statement-line.ts';
import { workingKeys } from '../../functions/reconciliation/working-keys.ts';

export interface OwnPart {
  readonly shard: number;
  readonly key: string;
  /** whole rows */
  readonly start: number;
  readonly end: number;
}

export async function stageOwnText(files: WorkingFiles, { run, item }: { run: PlannedRun; item: OwnPart }) {
  const rows = new RowBuffers(run.plan.shards, (item.end - item.start) * 0.9);
  const content = { bucket: run.file.bucket, key: item.key };
  const staging = stagingRows(files, workingKeys(run.reconciliationId).ownRows(item.shard), rows);
  for await (const piece of wholeLines(streamPart(files, content, item))) {
    appendRows(piece, rows);
    if (rows.isFull) await staging.writePiece();
  }
  await staging.finish();
}

const [comma, lineFeed] = [0x2c, 0x0a];
const opening = Buffer.from('["');
const betweenNumbers = Buffer.from('","');
const behindNumbers = Buffer.from('"\t,"');
const beforeTradeNo = Buffer.from('","');
const beforeTime = Buffer.from('",');
const closing = Buffer.from(']\n');
const idStart = Buffer.from('pay_');

/** What the text says in three columns, and what stands for it in a row. */
const middles = currencySchema.options.flatMap((currency) =>
  (['succeeded', 'processing', 'failed'] as const).flatMap((status) =>
    lineKinds.map((kind) => ({
      text: Buffer.from(`,${kind},${status},${currency},`),
      row: Buffer.from(`"${middleOf({ kind, status, currency })}`),
    })),
  ),
);

const copyAll = (from: Uint8Array, to: Uint8Array, at: number): number => copyBytes(from, 0, from.length, to, at);

function appendRows(piece: Buffer, rows: RowBuffers): void {
  let [last] = middles;
  let from = 0;
  const copyField = (end: number, to: Uint8Array, start: number): number => {
    let at = start;
    for (let byte = piece[from] ?? end; byte !== end; byte = piece[from] ?? end) {
      to[at++] = byte;
      from += 1;
    }
    from += 1;
    return at;
  };
  while (from < piece.length) {
    const start = from;
    while (piece[from] !== comma) from += 1;
    const end = from;
    if (!last || !isText(piece, end, end + last.text.length, last.text)) {
      last = middles.find(({ text }) => isText(piece, end, end + text.length, text));
      if (!last) throw new Error(`no such payment: ${piece.toString('utf8', start, start + 100)}`);
    }
    const slot = slotOfHash(hashBytes(piece, start, end), rows.shards);
    const out = rows.reserve(slot, 512);
    let at = copyAll(opening, out, rows.endOf(slot));
    at = copyBytes(piece, start, end, out, at);
    at = copyAll(last.row, out, at);
    from = end + last.text.length;
    at = copyAll(betweenNumbers, out, copyField(comma, out, at));
    at = copyAll(behindNumbers, out, copyField(comma, out, at));
    const idEnd = from + idStart.length + end - start - 1;
    if (namesPayment(piece, from, { start, end })) from = idEnd + 1;
    else at = copyField(comma, out, at);
    at = copyAll(beforeTradeNo, out, at);
    at = copyAll(beforeTime, out, copyField(comma, out, at));
    at = copyAll(closing, out, copyField(lineFeed, out, at));
    rows.grow(slot, at);
  }
}

/** Whether the id is that of the order number without its last digit (`paymentIdOfOrder`). */
function namesPayment(piece: Buffer, at: number, { start, end }: { start: number; end: number }): boolean {
  if (!isText(piece, at, at + idStart.length, idStart)) return false;
  const id = at + idStart.length;
  const length = end - start - 1;
  for (let index = 0; index < length; index++) if (piece[id + index] !== piece[start + index]) return false;
  return piece[id + length] === comma;
}
