/** Which pairs of rows agree, and what those add up to, read from their bytes. */
import type { Currency } from '../kernel/money.ts';
import { ExactSums } from './exact-sums.ts';
import { middleOf } from './shard-rows.ts';
import type { LineKind } from './statement-line.ts';
import type { KindTotals, SideTotals } from './totals.ts';

const [quote, minus, zero, tab] = [0x22, 0x2d, 0x30, 0x09];

/** Those that are payments of ours: of them alone is a single line what we expect. */
const orderKinds: readonly LineKind[] = ['collection', 'refund', 'payout', 'payout_return'];

/** With what a row of ours goes on where the reference names its payment: else the match is noted. */
const ownId = Buffer.from('\t,"",');

/** A row begins with a bracket and a quote. */
const opening = 2;

/** Longer numbers are left to bigint. */
const exactDigits = 15;

export interface AgreeingTotals {
  /** Adds a pair of rows, if they agree: they begin at the given places. */
  readonly addAgreeing: (lines: Uint8Array, line: number, own: Uint8Array, payment: number) => boolean;
  /** How many pairs there were, and what they add up to on either side. */
  readonly take: () => { readonly count: number; readonly sums: SideTotals };
}

/** @param currency of the settlement account: rows in another one are never enough by themselves */
export function totalsOfAgreeing(currency: Currency): AgreeingTotals {
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

  return {
    addAgreeing(lines, line, own, payment) {
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
      if (kind < 0 || !isBytes(own, at, ownId)) return false;
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

    take() {
      const sums: Partial<Record<LineKind, KindTotals>> = {};
      let pairs = 0;
      for (const [index, kind] of orderKinds.entries()) {
        const count = counts[index] ?? 0;
        if (count > 0) sums[kind] = { count, amount: amounts.take(index), fee: fees.take(index) };
        counts[index] = 0;
        pairs += count;
      }
      return { count: pairs, sums };
    },
  };
}

function isBytes(bytes: Uint8Array, at: number, expected: Uint8Array): boolean {
  for (let index = 0; index < expected.length; index++) if (bytes[at + index] !== expected[index]) return false;
  return true;
}
