/**
 * The fast lane of matching: one line and one payment of ours of the same reference whose compared bytes are the same, a success
 * in the account's currency, where the reference is that payment's own. Nothing of them is decoded but what they add to the
 * totals, and nothing is noted of them.
 *
 * Rows meet by the hash of their reference alone. Where more than two have the same one, by chance or because an order has several
 * lines, none of them is settled here.
 */
import type { Currency } from '../kernel/money.ts';
import { ExactSums } from './exact-sums.ts';
import type { RowIndex } from './row-index.ts';
import { middleOf } from './shard-rows.ts';
import type { LineKind } from './statement-line.ts';
import type { KindTotals, SideTotals } from './totals.ts';

export interface AgreeingRows {
  readonly count: number;
  /** the same of both sides */
  readonly totals: SideTotals;
  /** 1 for each row that is settled */
  readonly settled: { readonly lines: Uint8Array; readonly own: Uint8Array };
}

export function agreeingRows(lines: RowIndex, own: RowIndex, currency: Currency): AgreeingRows {
  const settled = { lines: new Uint8Array(lines.rows), own: new Uint8Array(own.rows) };
  const totals = totalsOfAgreeing(currency);
  let count = 0;
  forEachPair(lines, own, (line, payment) => {
    if (!totals.addAgreeing(lines.bytes, lines.starts[line] ?? 0, own.bytes, own.starts[payment] ?? 0)) return;
    settled.lines[line] = 1;
    settled.own[payment] = 1;
    count += 1;
  });
  return { count, totals: totals.takeSums(), settled };
}

const several = -1;

/** Calls for each line and payment that are the only two of their hash. */
function forEachPair(lines: RowIndex, own: RowIndex, act: (line: number, payment: number) => void): void {
  // of a slot: the hash, one more than the row of ours, one more than the line
  const slotSize = 4;
  const bits = Math.ceil(Math.log2((lines.rows + own.rows) * 1.25 + 2));
  const slots = 2 ** bits;
  const table = new Int32Array(slots * slotSize);
  const place = ({ rows, hashes }: RowIndex, side: 1 | 2): void => {
    for (let row = 0; row < rows; row++) {
      const hash = hashes[row] ?? 0;
      // by its upper bits: the lower ones are much alike within a shard
      let slot = Math.imul(hash, 0x9e3779b1) >>> (32 - bits);
      let at = slot * slotSize;
      while ((table[at + 1] !== 0 || table[at + 2] !== 0) && table[at] !== hash) {
        slot = (slot + 1) & (slots - 1);
        at = slot * slotSize;
      }
      table[at] = hash;
      table[at + side] = table[at + side] === 0 ? row + 1 : several;
    }
  };
  place(own, 1);
  place(lines, 2);
  for (let at = 0; at < table.length; at += slotSize) {
    const payment = table[at + 1] ?? 0;
    const line = table[at + 2] ?? 0;
    if (payment > 0 && line > 0) act(line - 1, payment - 1);
  }
}

const [quote, minus, zero, tab] = [0x22, 0x2d, 0x30, 0x09];

/** Those that are payments of ours: of them alone is a single line what we expect. */
const orderKinds: readonly LineKind[] = ['collection', 'refund', 'payout', 'payout_return'];

/** With what a row of ours goes on behind the tab. */
const paymentIdStart = Buffer.from('\t,"pay_');

/** A row begins with a bracket and a quote. */
const opening = 2;

/** Longer numbers are left to bigint. */
const exactDigits = 15;

function totalsOfAgreeing(currency: Currency) {
  const middles = orderKinds.map((kind) => Buffer.from(middleOf({ kind, status: 'succeeded', currency })));
  const counts = new Float64Array(orderKinds.length);
  const amounts = new ExactSums(orderKinds.length);
  const fees = new ExactSums(orderKinds.length);
  // most rows are of the kind of the one before
  let lastKind = 0;
  // behind which digit a number ends, while a row is read from its end
  let place = 0;

  const isMiddle = (bytes: Uint8Array, at: number, kind: number): boolean => {
    const middle = middles[kind];
    return middle !== undefined && isBytes(bytes, at, middle);
  };

  const kindAt = (bytes: Uint8Array, at: number): number => {
    if (!isMiddle(bytes, at, lastKind)) lastKind = middles.findIndex((_, kind) => isMiddle(bytes, at, kind));
    return lastKind;
  };

  /** Reads digits backwards, up to the quote before them. */
  const numberBefore = (bytes: Uint8Array): number => {
    const end = place;
    let value = 0;
    let unit = 1;
    for (let byte = bytes[place - 1] ?? quote; byte !== quote; byte = bytes[place - 1] ?? quote) {
      place -= 1;
      if (byte === minus) value = -value;
      else value += (byte - zero) * unit;
      unit *= 10;
    }
    return end - place > exactDigits ? Number.NaN : value;
  };

  /** Whether the payment's id is the reference without its last digit (`paymentIdOfOrder`): else the match is noted. */
  const namesPayment = (own: Uint8Array, tabAt: number, reference: number, referenceEnd: number): boolean => {
    if (!isBytes(own, tabAt, paymentIdStart)) return false;
    const id = tabAt + paymentIdStart.length;
    const length = referenceEnd - reference - 1;
    for (let index = 0; index < length; index++) if (own[id + index] !== own[reference + index]) return false;
    return own[id + length] === quote;
  };

  return {
    /** Adds a pair of rows, if they agree. */
    addAgreeing(lines: Uint8Array, line: number, own: Uint8Array, payment: number): boolean {
      let middle = 0;
      let at = payment + opening;
      for (const shift = line - payment; ; at++) {
        const byte = own[at];
        if (byte !== lines[at + shift]) return false;
        if (byte !== tab) continue;
        if (middle > 0) break;
        middle = at;
      }
      const kind = kindAt(own, middle);
      if (kind < 0 || !namesPayment(own, at, payment + opening, middle - '"'.length)) return false;
      place = at - '"'.length;
      const fee = numberBefore(own);
      place -= '","'.length;
      const amount = numberBefore(own);
      if (Number.isNaN(fee) || Number.isNaN(amount)) return false;
      counts[kind] = (counts[kind] ?? 0) + 1;
      amounts.add(kind, amount);
      fees.add(kind, fee);
      return true;
    },

    takeSums(): SideTotals {
      const totals: Partial<Record<LineKind, KindTotals>> = {};
      for (const [index, kind] of orderKinds.entries()) {
        const count = counts[index] ?? 0;
        if (count > 0) totals[kind] = { count, amount: amounts.take(index), fee: fees.take(index) };
      }
      return totals;
    },
  };
}

function isBytes(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false;
  return true;
}
