/** The arrival check of one bank statement: what came stands against what is awaited at the bank account. */
import { addDays } from '../../kernel/clock.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { StatementDay } from '../statement-key.ts';
import { type Arrival, isOpen, type Share } from './arrival.ts';
import { asAwaited, type UnclearCredit } from './arrival-claims.ts';
import { arrivalsAt, putArrivalWrites, rememberedDays, type StoredArrival } from './arrival-store.ts';
import { ArrivalChanged } from './await-arrivals.ts';
import { claimArrivals } from './claim-arrivals.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit'>;

export interface BankStatement {
  /** of the bank account: its channel and merchant number */
  readonly statement: StatementDay;
  readonly version: number;
}

export interface ClaimedCredits {
  /** to be ignored by the rule `arrival_of_settlement`, each as a whole */
  readonly claimed: readonly StagedLine[];
  /** to go on as differences like all others; for the log */
  readonly unclear: readonly UnclearCredit[];
}

/**
 * For Conclude of any statement: hand in the lines that matched nothing of ours, before they are called differences. The day's
 * claims are made anew, so that a repeat and a corrected statement release what they no longer claim; claims of other days stay.
 * An account at which nothing is awaited costs one read unit.
 *
 * 4 write units for each arrival whose claims change.
 *
 * @throws ArrivalChanged where another statement changes the same arrival at this moment: the step is repeated
 * @throws Error where a newer version of the day has claimed already, which must not have happened
 */
export async function claimBankDay(
  { table, commit }: Needs,
  { statement, version }: BankStatement,
  lines: readonly StagedLine[],
): Promise<ClaimedCredits> {
  const { date } = statement;
  const known = await arrivalsAt(table, statement, { from: addDays(date, -rememberedDays), to: addDays(date, 1) });
  if (known.length === 0) return { claimed: [], unclear: [] };
  const without = known.map((stored) => ({ stored, arrival: withoutDay(stored.arrival, { statement, version }) }));
  const awaited = without
    .map(({ arrival }) => arrival)
    .filter(isOpen)
    .map(asAwaited);
  const { shares, unclear } = claimArrivals(lines, awaited, date);

  const byNumber = new Map(lines.map((line) => [line.lineNumber, line]));
  for (const { stored, arrival } of without) {
    const claims = shares
      .filter(({ arrivalId }) => arrivalId === arrival.id)
      .map(({ lineNumber, amount }): Share => {
        const reference = byNumber.get(lineNumber)?.channelReference ?? '';
        return { day: date, version, lineNumber, reference, amount };
      });
    await record({ table, commit }, stored, { ...arrival, claims: [...arrival.claims, ...claims] });
  }
  const claimed = new Set(shares.map(({ lineNumber }) => lineNumber));
  return { claimed: lines.filter(({ lineNumber }) => claimed.has(lineNumber)), unclear };
}

function withoutDay(arrival: Arrival, { statement: { date }, version }: BankStatement): Arrival {
  const newer = arrival.claims.find((claim) => claim.day === date && claim.version > version);
  if (newer) throw new Error(`version ${newer.version} of the bank's statement of ${date} has claimed ${arrival.id}`);
  return { ...arrival, claims: arrival.claims.filter(({ day }) => day !== date) };
}

async function record({ table, commit }: Needs, stored: StoredArrival, arrival: Arrival): Promise<void> {
  if (namesOf(stored.arrival.claims) === namesOf(arrival.claims)) return;
  const { committed } = await commit(putArrivalWrites(table, stored, arrival));
  if (!committed) throw new ArrivalChanged(`the arrival ${arrival.id} was changed meanwhile`);
}

const namesOf = (claims: readonly Share[]): string =>
  claims
    .map(({ day, version, lineNumber, amount }) => `${day}#${version}#${lineNumber}#${amount}`)
    .sort()
    .join(' ');
