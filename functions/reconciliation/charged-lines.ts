/** Which of an order's lines each fee on a line of its own was charged for. */
import type { Expectation } from './expectation.ts';
import type { StagedLine } from './shard-rows.ts';

/** A line with the fees that were charged for it, as one; or several lines that are the parts of one. */
export interface ShownTogether {
  readonly line: StagedLine;
  /** the lines of the file that it is made of, one at least */
  readonly parts: readonly StagedLine[];
}

export interface ChargedLines {
  /** of every line, in the order of the file */
  readonly lines: readonly ShownTogether[];
  /** what is charged for a payment that was not carried out, or in another currency, is charged all the same */
  readonly loneFees: readonly StagedLine[];
}

type Shares = ReadonlyMap<StagedLine, readonly StagedLine[]>;

/**
 * A charge belongs to a success of its own channel number, or else of any. Where there are several, since the channel listed an order
 * twice or in parts, it is that of the line before it, or the charges stand in the order of the lines: whichever lets a line agree with
 * ours.
 */
export function chargedLines(
  all: readonly StagedLine[],
  fees: readonly StagedLine[],
  expectation: Expectation | undefined,
): ChargedLines {
  const lines = [...all].sort(byLineNumber);
  const bearing = lines.some(({ status }) => status === 'revoked')
    ? []
    : lines.filter(({ status }) => status === 'succeeded');
  const shares = new Map<StagedLine, StagedLine[]>(lines.map((line) => [line, []]));
  const loneFees: StagedLine[] = [];
  for (const some of Map.groupBy([...fees].sort(byLineNumber), sameTransaction).values()) {
    const [{ currency, channelReference } = { currency: '', channelReference: '' }] = some;
    const payable = bearing.filter((line) => line.currency === currency);
    const named = payable.filter((line) => line.channelReference === channelReference);
    const candidates = named.length > 0 ? named : payable;
    if (candidates.length === 0) loneFees.push(...some);
    for (const [line, charged] of sharedOut(candidates, some, expectation)) shares.get(line)?.push(...charged);
  }
  return { lines: lines.map((line) => withFees(line, shares.get(line) ?? [])), loneFees };
}

const byLineNumber = (left: StagedLine, right: StagedLine): number => left.lineNumber - right.lineNumber;

const sameTransaction = ({ currency, channelReference }: StagedLine): string => `${currency} ${channelReference}`;

function sharedOut(
  lines: readonly StagedLine[],
  fees: readonly StagedLine[],
  expectation: Expectation | undefined,
): Shares {
  const [first] = lines;
  if (!first) return new Map();
  if (lines.length === 1) return new Map([[first, fees]]);
  const before = Map.groupBy(fees, (fee) => lines.findLast((line) => line.lineNumber < fee.lineNumber) ?? first);
  const most = Math.max(lines.length, fees.length);
  const turns = new Map(fees.map((fee, index) => [fee, lines[Math.floor((index * lines.length) / most)] ?? first]));
  const inOrder = Map.groupBy(fees, (fee) => turns.get(fee) ?? first);
  const agrees = (shares: Shares): boolean =>
    lines.some((line) => {
      const { amount, fee } = withFees(line, shares.get(line) ?? []).line;
      return amount === expectation?.amount && fee === expectation.fee;
    });
  const counts = lines.map((line) => before.get(line)?.length ?? 0);
  const isEven = Math.max(...counts) - Math.min(...counts) < 2;
  return [before, inOrder].find(agrees) ?? (isEven ? before : inOrder);
}

const withFees = (line: StagedLine, fees: readonly StagedLine[]): ShownTogether => ({
  line: fees.length === 0 ? line : { ...line, fee: fees.reduce((sum, { fee }) => sum + fee, line.fee) },
  parts: [line, ...fees],
});
