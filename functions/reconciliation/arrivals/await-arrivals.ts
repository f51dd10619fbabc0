/** What a channel's statement says that it settled to our bank becomes awaited there. */
import { type ArrivalRule, type Channels, findArrivalRule } from '../../channels/index.ts';
import { addDays } from '../../kernel/clock.ts';
import { type InstitutionId, idFrom } from '../../kernel/ids.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { StatementDay } from '../statement-key.ts';
import { type Arrival, returnedOf, type Share } from './arrival.ts';
import { arrivalsAt, deleteArrivalWrites, putArrivalWrites, type StoredArrival } from './arrival-store.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit'> & { readonly channels: Pick<Channels, 'table'> };

export interface SettledStatement {
  readonly statement: StatementDay;
  readonly version: number;
  readonly institutionId: InstitutionId;
}

export interface Awaiting {
  readonly awaited: number;
  /** lines that give back a settlement which no statement told of */
  readonly unknownReturns: readonly number[];
}

/** A return may name a settlement of so long ago. */
export const rememberedDays = 92;

/**
 * For Conclude of any statement: hand in `MatchResult.settlements`, once the version has taken its day. What an earlier version
 * told of and this one does not is withdrawn; what it told of otherwise is changed, and keeps the bank's credits. A repeat writes
 * nothing. Nothing is awaited where no rule says at which bank account.
 *
 * 1 read unit for the rules, some for the arrivals of the bank account, and 4 write units for each that is new or changed.
 *
 * @throws Error where another statement changes the same arrival at this moment: the step is repeated
 */
export async function awaitArrivals(
  { table, commit, channels }: Needs,
  { statement, version, institutionId }: SettledStatement,
  settlements: readonly StagedLine[],
): Promise<Awaiting> {
  const rule = await findArrivalRule(channels, statement);
  if (!rule) return { awaited: 0, unknownReturns: [] };
  const { date } = statement;
  const known = await arrivalsAt(table, rule.bank, { from: addDays(date, -rememberedDays), to: date });
  const ours = known.filter(({ arrival: { settled } }) => isOfMerchant(settled, statement));
  const told = toldArrivals({ statement, version, institutionId, rule }, settlements);
  const { arrivals, unknownReturns } = withReturns(merged(ours, told, statement), {
    returns: succeeded(settlements, 'settlement_return'),
    statement,
    version,
  });
  for (const { before, after } of arrivals) {
    if (before && sameArrival(before.arrival, after)) continue;
    const isGone = before && after.isWithdrawn && after.claims.length === 0 && after.returns.length === 0;
    const writes = isGone ? deleteArrivalWrites(table, before) : putArrivalWrites(table, before, after);
    const { committed } = await commit(writes);
    if (!committed) throw new ArrivalChanged(`the arrival ${after.id} was changed meanwhile`);
  }
  return { awaited: told.length, unknownReturns };
}

/** Two statements change the same arrival at once: whoever comes second looks again. */
export class ArrivalChanged extends Error {
  override readonly name = 'ArrivalChanged';
}

const isOfMerchant = (left: StatementDay, right: StatementDay): boolean =>
  left.channel === right.channel && left.merchantNo === right.merchantNo;

const succeeded = (lines: readonly StagedLine[], kind: StagedLine['kind']): readonly StagedLine[] =>
  lines
    .filter((line) => line.kind === kind && line.status === 'succeeded' && line.amount > 0n)
    .toSorted((left, right) => left.lineNumber - right.lineNumber);

const referencesOf = ({ settlementReference = '', channelReference, ourReference }: StagedLine): string[] => [
  ...new Set([settlementReference, channelReference, ourReference].filter((reference) => reference !== '')),
];

/** Ids follow from the day and the reference, so that a corrected statement tells of the same arrival. */
function toldArrivals(
  { statement, version, institutionId, rule }: SettledStatement & { readonly rule: ArrivalRule },
  settlements: readonly StagedLine[],
): Arrival[] {
  const counts = new Map<string, number>();
  return succeeded(settlements, 'settlement').map((line) => {
    const { channel, merchantNo, date } = statement;
    const references = referencesOf(line);
    const name = references[0] ?? '';
    const place = (counts.get(name) ?? 0) + 1;
    counts.set(name, place);
    const { bank, tolerance, payer, referenceCharacters } = rule;
    return {
      id: idFrom('arr', channel, merchantNo, date, name, `${place}`),
      institutionId,
      settled: { channel, merchantNo, date },
      settledVersion: version,
      amount: line.amount,
      currency: line.currency,
      references,
      rule: { bank, tolerance, payer, referenceCharacters },
      dueOn: addDays(date, rule.daysToArrive),
      claims: [],
      returns: [],
      isWithdrawn: false,
    };
  });
}

interface Change {
  readonly before: StoredArrival | undefined;
  readonly after: Arrival;
}

/** What this version tells of, and what earlier statements and versions did. */
function merged(known: readonly StoredArrival[], told: readonly Arrival[], { date }: StatementDay): Change[] {
  const byId = new Map(known.map((each) => [each.arrival.id, each]));
  const toldIds = new Set(told.map(({ id }) => id));
  const others = known.filter(({ arrival: { id } }) => !toldIds.has(id));
  return [
    ...told.map((arrival) => {
      const before = byId.get(arrival.id);
      const { claims = [], returns = [] } = before?.arrival ?? {};
      return { before, after: { ...arrival, claims, returns } };
    }),
    ...others.map((before) => ({
      before,
      after: before.arrival.settled.date === date ? { ...before.arrival, isWithdrawn: true } : before.arrival,
    })),
  ];
}

interface Returns {
  readonly returns: readonly StagedLine[];
  readonly statement: StatementDay;
  readonly version: number;
}

/** Gives each return to the settlement that it names, the latest first; what earlier versions of the day gave is taken back. */
function withReturns(changes: readonly Change[], { returns, statement: { date }, version }: Returns) {
  const arrivals = changes.map(({ before, after }) => ({
    before,
    after: { ...after, returns: after.returns.filter(({ day }) => day !== date) },
  }));
  const latestFirst = arrivals.toSorted((left, right) => (left.after.settled.date < right.after.settled.date ? 1 : -1));
  const unknownReturns: number[] = [];
  for (const line of returns) {
    const named = referencesOf(line);
    const found = latestFirst.find(
      ({ after }) =>
        after.currency === line.currency &&
        after.references.some((reference) => named.includes(reference)) &&
        after.amount - returnedOf(after) >= line.amount,
    );
    if (!found) {
      unknownReturns.push(line.lineNumber);
      continue;
    }
    const { lineNumber, amount } = line;
    const share: Share = { day: date, version, lineNumber, reference: named[0] ?? '', amount };
    found.after = { ...found.after, returns: [...found.after.returns, share] };
  }
  return { arrivals, unknownReturns };
}

/** The rule may have changed since: what is awaited by an older one stays so until its statement comes again. */
const sameArrival = (left: Arrival, right: Arrival): boolean =>
  JSON.stringify(left, digits) === JSON.stringify({ ...left, ...right }, digits);

const digits = (_name: string, part: unknown): unknown => (typeof part === 'bigint' ? `${part}` : part);
