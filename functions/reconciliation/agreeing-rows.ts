/**
 * The fast lane of matching: one line and one payment of ours of the same reference whose compared bytes are the same, a success
 * in the account's currency, where the reference is that payment's own. Nothing of them is decoded but what they add to the
 * totals, and nothing is noted of them.
 *
 * Rows meet by the hash of their reference alone. Where more than two have the same one, by chance or because an order has several
 * lines, none of them is settled here.
 */
import type { AgreeingTotals } from './agreeing-totals.ts';
import type { RowIndex } from './row-index.ts';

/** 1 for each row that is settled. */
export interface Settled {
  readonly lines: Uint8Array;
  readonly own: Uint8Array;
}

/** @returns what settles the rows of one part */
export function agreeingRows(totals: AgreeingTotals): (lines: RowIndex, own: RowIndex) => Settled {
  const pairsOf = pairing();
  return (lines, own) => {
    const settled = { lines: new Uint8Array(lines.rows), own: new Uint8Array(own.rows) };
    const { table, places } = pairsOf(lines, own);
    for (let at = 0; at < places; at += placesOfSlot) {
      const payment = (table[at + 1] ?? 0) - 1;
      const line = (table[at + 2] ?? 0) - 1;
      if (payment < 0 || line < 0) continue;
      if (!totals.addAgreeing(lines.bytes, lines.starts[line] ?? 0, own.bytes, own.starts[payment] ?? 0)) continue;
      settled.lines[line] = 1;
      settled.own[payment] = 1;
    }
    return settled;
  };
}

/** Of a slot: the hash, one more than the row of ours, one more than the line; and one that is free. */
const placesOfSlot = 4;
const several = -1;

/** A table by hash, the same memory for each part. */
function pairing() {
  let table = new Int32Array(0);
  const place = ({ rows, hashes }: RowIndex, side: 1 | 2, bits: number): void => {
    const mask = 2 ** bits - 1;
    for (let row = 0; row < rows; row++) {
      const hash = hashes[row] ?? 0;
      // not by its own upper bits, which are those of the part
      let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
      let at = slot * placesOfSlot;
      while ((table[at + 1] !== 0 || table[at + 2] !== 0) && table[at] !== hash) {
        slot = (slot + 1) & mask;
        at = slot * placesOfSlot;
      }
      table[at] = hash;
      table[at + side] = table[at + side] === 0 ? row + 1 : several;
    }
  };
  return (lines: RowIndex, own: RowIndex): { readonly table: Int32Array; readonly places: number } => {
    const bits = Math.ceil(Math.log2((lines.rows + own.rows) * 1.25 + 2));
    const places = 2 ** bits * placesOfSlot;
    if (table.length < places) table = new Int32Array(places);
    else table.fill(0, 0, places);
    place(own, 1, bits);
    place(lines, 2, bits);
    return { table, places };
  };
}
