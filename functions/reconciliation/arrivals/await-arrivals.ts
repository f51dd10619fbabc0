/** What a channel's statement says that it settled to our bank becomes awaited there. */
import { type ArrivalRule, type Channels, findArrivalRule } from '../../channels/index.ts';
import { addDays } from '../../kernel/clock.ts';
import { type InstitutionId, idFrom } from '../../kernel/ids.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { StatementDay } from '../statement-key.ts';
import { type Arrival, isOpen, returnedOf, type Share } from './arrival.ts';
import {
  arrivalsAt,
  arrivalsOfMerchant,
  deleteArrivalWrites,
  moveArrivalWrites,
  putArrivalWrites,
  rememberedDays,
  type StoredArrival,
} from './arrival-store.ts';
import { askBankDays } from './ask-bank-days.ts';

type Needs = Pick<Reconciliation, 'table' | 'commit' | 'clock'> & { readonly channels: Pick<Channels, 'table'> };

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

/**
 * For Conclude of any statement: hand in `MatchResult.settlements`, once the version has taken its day. What an earlier version
 * told of and this one does not is withdrawn; what it told of otherwise is changed, and keeps the bank's credits. A repeat writes
 * nothing. Nothing is awaited where no rule says at which bank account: what an earlier version told of under a rule that there is no
 * more is withdrawn as well, unless something has come of it.
 *
 * 1 read unit for the rules, some for the arrivals of the bank account and of the institution in three months, and 4 write units for each that is new or changed.
 *
 * @throws Error where another statement changes the same arrival at this moment: the step is repeated
 */
export async function awaitArrivals(
  { table, commit, clock, channels }: Needs,
  { statement, version, institutionId }: SettledStatement,
  settlements: readonly StagedLine[],
): Promise<Awaiting> {
  const rule = await findArrivalRule(channels, statement);
  const ours = await knownArrivals(table, { statement, institutionId, bank: rule?.bank });
  if (!rule && ours.length === 0) return { awaited: 0, unknownReturns: [] };
  const told = toldSettlements({ statement, version, institutionId }, settlements);
  const { arrivals, unknownReturns } = withReturns(merged(ours, told, { statement, rule }), {
    returns: succeeded(settlements, 'settlement_return'),
    statement,
    version,
  });
  for (const { before, after } of arrivals) {
    if (before && sameArrival(before.arrival, after)) continue;
    const isGone = before && after.isWithdrawn && after.claims.length === 0 && after.returns.length === 0;
    const { committed } = await commit(
      isGone ? deleteArrivalWrites(table, before) : arrivalWrites(table, before, after),
    );
    if (!committed) throw new ArrivalChanged(`the arrival ${after.id} was changed meanwhile`);
  }
  if (rule && told.length > 0) await askBankDays({ table, commit, clock }, rule, statement);
  return { awaited: rule ? told.length : 0, unknownReturns };
}

/** Two statements change the same arrival at once: whoever comes second looks again. */
export class ArrivalChanged extends Error {
  override readonly name = 'ArrivalChanged';
}

/** All of the merchant number that the books remember, at whatever bank accounts they are awaited. */
async function knownArrivals(
  table: Needs['table'],
  {
    statement,
    institutionId,
    bank,
  }: Pick<SettledStatement, 'statement' | 'institutionId'> & { readonly bank: ArrivalRule['bank'] | undefined },
): Promise<readonly StoredArrival[]> {
  const { date } = statement;
  const days = { from: addDays(date, -rememberedDays), to: date };
  const listed = await arrivalsOfMerchant(table, { institutionId, merchant: statement, ...days });
  const places = [...(bank ? [bank] : []), ...listed.map(({ rule }) => rule.bank)];
  const banks = new Map(places.map((each) => [nameOf(each), each]));
  const found = await Promise.all([...banks.values()].map((each) => arrivalsAt(table, each, days)));
  return found.flat().filter(({ arrival }) => isOfMerchant(arrival.settled, statement));
}

const nameOf = ({ channel, merchantNo }: ArrivalRule['bank']): string => `${channel}#${merchantNo}`;

const isAt = ({ rule }: Arrival, bank: ArrivalRule['bank']): boolean => nameOf(rule.bank) === nameOf(bank);

const arrivalWrites = (table: Needs['table'], before: StoredArrival | undefined, after: Arrival) =>
  before && !isAt(before.arrival, after.rule.bank)
    ? moveArrivalWrites(table, before, after)
    : putArrivalWrites(table, before, after);

const isOfMerchant = (left: StatementDay, right: StatementDay): boolean =>
  left.channel === right.channel && left.merchantNo === right.merchantNo;

const succeeded = (lines: readonly StagedLine[], kind: StagedLine['kind']): readonly StagedLine[] =>
  lines
    .filter((line) => line.kind === kind && line.status === 'succeeded' && line.amount > 0n)
    .toSorted((left, right) => left.lineNumber - right.lineNumber);

const referencesOf = ({ settlementReference = '', channelReference, ourReference }: StagedLine): string[] => [
  ...new Set([settlementReference, channelReference, ourReference].filter((reference) => reference !== '')),
];

/** All but what the rule says of it. */
type ToldSettlement = Omit<Arrival, 'rule' | 'dueOn'>;

/** Ids follow from the day and the reference, so that a corrected statement tells of the same arrival. */
function toldSettlements(
  { statement, version, institutionId }: SettledStatement,
  settlements: readonly StagedLine[],
): ToldSettlement[] {
  const counts = new Map<string, number>();
  return succeeded(settlements, 'settlement').map((line) => {
    const { channel, merchantNo, date } = statement;
    const references = referencesOf(line);
    const name = references[0] ?? '';
    const place = (counts.get(name) ?? 0) + 1;
    counts.set(name, place);
    return {
      id: idFrom('arr', channel, merchantNo, date, name, `${place}`),
      institutionId,
      settled: { channel, merchantNo, date },
      settledVersion: version,
      amount: line.amount,
      currency: line.currency,
      references,
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

interface Telling {
  readonly statement: StatementDay;
  readonly rule: ArrivalRule | undefined;
}

/** What this version tells of, and what earlier statements and versions did. */
function merged(
  known: readonly StoredArrival[],
  told: readonly ToldSettlement[],
  { statement: { date }, rule }: Telling,
): Change[] {
  const byId = new Map(known.map((each) => [each.arrival.id, each]));
  const toldIds = new Set(told.map(({ id }) => id));
  const others = known.filter(({ arrival: { id } }) => !toldIds.has(id));
  return [
    ...told.flatMap((settlement) => toldOf(settlement, byId.get(settlement.id))),
    ...others.map((before) => ({ before, after: toldNoMore(before.arrival) })),
  ];

  function toldOf(settlement: ToldSettlement, before: StoredArrival | undefined): Change[] {
    const { claims = [], returns = [] } = before?.arrival ?? {};
    const terms = rule && { rule: awaitedBy(rule), dueOn: addDays(date, rule.daysToArrive) };
    if (before && !mayMove(before.arrival)) {
      const { dueOn, rule: itsRule } = before.arrival;
      return [{ before, after: { ...settlement, dueOn, ...terms, claims, returns, rule: itsRule } }];
    }
    if (terms) return [{ before, after: { ...settlement, ...terms } }];
    return before ? [{ before, after: { ...before.arrival, isWithdrawn: true } }] : [];
  }

  function toldNoMore(arrival: Arrival): Arrival {
    if (arrival.settled.date === date) return { ...arrival, isWithdrawn: true };
    if (!rule || isAt(arrival, rule.bank) || !isOpen(arrival) || !mayMove(arrival)) return arrival;
    return { ...arrival, rule: awaitedBy(rule), dueOn: addDays(arrival.settled.date, rule.daysToArrive) };
  }
}

/** Once a credit stands against it, it is where that has come. */
const mayMove = ({ claims, returns }: Arrival): boolean => claims.length + returns.length === 0;

const awaitedBy = ({ bank, tolerance, payer, referenceCharacters }: ArrivalRule): Arrival['rule'] => ({
  bank,
  tolerance,
  payer,
  referenceCharacters,
});

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
