/** Credits whose text names a settlement. Whoever names each other stands together. */
import type { ArrivalId } from '../../kernel/ids.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { AwaitedArrival, ClaimedShare, UnclearCredit } from './arrival-claims.ts';

export interface NamedClaims {
  readonly shares: readonly ClaimedShare[];
  readonly unclear: readonly UnclearCredit[];
  /** which arrivals a credit names, by its line number; only credits that name any */
  readonly mentions: Mentions;
}

export type Mentions = ReadonlyMap<number, ReadonlySet<ArrivalId>>;

/** Banks break texts into lines and put blanks and slashes anywhere. */
const plain = (text: string): string => text.toUpperCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

export const textOf = ({
  remittance = '',
  ourReference,
  channelReference,
  settlementReference = '',
}: StagedLine): string => plain([remittance, ourReference, channelReference, settlementReference].join('\n'));

export const textNames = (text: string, words: string): boolean => text.includes(plain(words));

/** A shorter one stands in many texts by chance. */
const shortestReference = 6;

function isNamed(text: string, { references, rule }: AwaitedArrival): boolean {
  return references.some((reference) => {
    const whole = plain(reference);
    const part = rule.referenceCharacters === undefined ? whole : whole.slice(-rule.referenceCharacters);
    return part.length >= shortestReference && text.includes(part);
  });
}

export function claimByReference(credits: readonly StagedLine[], arrivals: readonly AwaitedArrival[]): NamedClaims {
  const mentions = new Map<number, Set<ArrivalId>>();
  for (const credit of credits) {
    const text = textOf(credit);
    const named = arrivals.filter((each) => each.currency === credit.currency && isNamed(text, each));
    if (named.length > 0) mentions.set(credit.lineNumber, new Set(named.map(({ id }) => id)));
  }
  const shares: ClaimedShare[] = [];
  const unclear: UnclearCredit[] = [];
  for (const group of groupsOf(credits, arrivals, mentions)) {
    if (standsTogether(group)) shares.push(...shareOut(group));
    else for (const { lineNumber } of group.credits) unclear.push({ lineNumber, reason: 'amount_of_reference' });
  }
  return { shares, unclear, mentions };
}

interface Group {
  readonly credits: StagedLine[];
  readonly arrivals: AwaitedArrival[];
}

/** Credits that name a common arrival, directly or by way of others. */
function groupsOf(
  credits: readonly StagedLine[],
  arrivals: readonly AwaitedArrival[],
  mentions: Mentions,
): readonly Group[] {
  const groupOf = new Map<ArrivalId, Group>();
  const byId = new Map(arrivals.map((each) => [each.id, each]));
  const groups = new Set<Group>();
  for (const credit of credits) {
    const named = mentions.get(credit.lineNumber);
    if (!named) continue;
    const group: Group = { credits: [credit], arrivals: [] };
    for (const id of named) {
      const known = groupOf.get(id);
      if (known && groups.delete(known)) {
        group.credits.push(...known.credits);
        group.arrivals.push(...known.arrivals);
        for (const each of known.arrivals) groupOf.set(each.id, group);
      }
      const arrival = byId.get(id);
      if (arrival && !group.arrivals.includes(arrival)) group.arrivals.push(arrival);
      groupOf.set(id, group);
    }
    groups.add(group);
  }
  return [...groups];
}

const amountOf = (rows: readonly { readonly amount: bigint }[]): bigint =>
  rows.reduce((sum, { amount }) => sum + amount, 0n);

const leftOfAll = (arrivals: readonly AwaitedArrival[]): bigint => arrivals.reduce((sum, { left }) => sum + left, 0n);

/** One arrival may come in parts; several are told apart only where they come whole. */
function standsTogether({ credits, arrivals }: Group): boolean {
  const missing = leftOfAll(arrivals) - amountOf(credits);
  if (missing < 0n) return false;
  return arrivals.length === 1 || missing === 0n || arrivals.some(({ rule }) => missing <= rule.tolerance);
}

/** Fills one arrival after the other; what the bank kept is missing of the last. */
export function shareOut({
  credits,
  arrivals,
}: {
  readonly credits: readonly StagedLine[];
  readonly arrivals: readonly AwaitedArrival[];
}): ClaimedShare[] {
  const shares: ClaimedShare[] = [];
  const toFill = arrivals
    .toSorted((left, right) => (`${left.from}#${left.id}` < `${right.from}#${right.id}` ? -1 : 1))
    .map(({ id, left }) => ({ id, left }));
  for (const { lineNumber, amount } of credits.toSorted((left, right) => left.lineNumber - right.lineNumber)) {
    let rest = amount;
    for (const arrival of toFill) {
      const isLess = rest < arrival.left;
      const share = isLess ? rest : arrival.left;
      if (share === 0n) continue;
      shares.push({ lineNumber, arrivalId: arrival.id, amount: share });
      arrival.left -= share;
      rest -= share;
    }
  }
  return shares;
}
