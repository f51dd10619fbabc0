/**
 * Lines read from bytes: what a format may offer beside `parseLine` where its files are large.
 *
 * A byte reader makes nothing of a line but numbers: where its references stand, and what it says. It reads only lines that
 * are regular in every byte that it looks at and gives back all others, which then go through `parseLine`: that stays the
 * format's law, and a test holds the two to each other on any bytes.
 */
import type { Currency } from '../../../kernel/money.ts';
import type { LineKind, LineStatus } from '../../statement-line.ts';

export interface ByteReader {
  /** what lines can be, for {@link ByteLine.outcome} */
  readonly outcomes: readonly LineOutcome[];
  /** names of the control sums, for {@link ByteLine.sums} */
  readonly sumNames: readonly string[];
  /**
   * Reads the line of the statement's own merchant that begins at `start`. What it fills in counts only when it returns a place.
   *
   * @param bytes whole lines in the format's encoding
   * @returns where the next line begins, or {@link notRegular}
   */
  readonly read: (bytes: Uint8Array, start: number, line: ByteLine) => number;
}

export const notRegular = -1;

export interface LineOutcome {
  readonly kind: LineKind;
  readonly status: LineStatus;
  readonly currency: Currency;
}

/** What was read of a line; the same object for each. Places are those of bytes. */
export interface ByteLine {
  outcome: number;
  /** never empty; letters, digits and signs of ASCII that JSON writes as they are, 128 at most. So is the channel's */
  ourReferenceStart: number;
  ourReferenceEnd: number;
  channelReferenceStart: number;
  channelReferenceEnd: number;
  /** minor units, a whole number from 0 to 2^53 − 1 */
  amount: number;
  /** minor units, a whole number */
  fee: number;
  /** milliseconds, not before 1970 */
  at: number;
  /** in hundred-thousandths, whole numbers within 2^52 */
  readonly sums: Float64Array;
}

export const byteLine = ({ sumNames }: ByteReader): ByteLine => ({
  outcome: 0,
  ourReferenceStart: 0,
  ourReferenceEnd: 0,
  channelReferenceStart: 0,
  channelReferenceEnd: 0,
  // not whole at first, so that the engine keeps them as doubles from the beginning
  amount: 0.5,
  fee: 0.5,
  at: 0.5,
  sums: new Float64Array(sumNames.length),
});
