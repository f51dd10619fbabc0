/**
 * Credits that name no settlement, or not in a way that fits: by amount alone. In each round all ways of matching are found
 * first; those that share nothing with another way are taken, and whatever is left in doubt takes no part in later rounds.
 */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { StagedLine } from '../shard-rows.ts';
import type { AwaitedArrival, ClaimedShare, UnclearCredit, UnclearReason } from './arrival-claims.ts';
import { type Mentions, shareOut, textNames, textOf } from './claim-by-reference.ts';
import { subsetsOfSum } from './subset-sums.ts';

interface Sides {
  readonly credits: readonly StagedLine[];
  readonly arrivals: readonly AwaitedArrival[];
  readonly mentions: Mentions;
  readonly day: AccountingDate;
}

interface Way {
  readonly credits: readonly StagedLine[];
  readonly arrivals: readonly AwaitedArrival[];
}

type Round = (
  open: Pick<Sides, 'credits' | 'arrivals'>,
  fits: Fits,
) => { readonly ways: readonly Way[]; readonly tooMany: readonly StagedLine[] };
type Fits = (credit: StagedLine, arrival: AwaitedArrival) => boolean;

export function claimByAmount(sides: Sides): { shares: readonly ClaimedShare[]; unclear: readonly UnclearCredit[] } {
  const fits = fitting(sides);
  const shares: ClaimedShare[] = [];
  const unclear: UnclearCredit[] = [];
  let { credits, arrivals } = sides;
  for (const round of [exactly, lessCharges, oneForSeveral, severalForOne]) {
    const { ways: found, tooMany } = round({ credits, arrivals }, fits);
    const ways = found.filter((way) => namesAll(way, sides.mentions));
    const { taken, doubtful } = undoubted(ways);
    for (const way of taken) shares.push(...shareOut(way));
    const tell = (some: readonly StagedLine[], reason: UnclearReason) =>
      unclear.push(...some.map(({ lineNumber }) => ({ lineNumber, reason })));
    const inDoubt = new Set(doubtful.flatMap((way) => way.credits));
    tell([...inDoubt], 'ambiguous');
    tell(tooMany, 'too_many_ways');
    const gone = new Set<unknown>([...taken, ...doubtful].flatMap((way) => [...way.credits, ...way.arrivals]));
    credits = credits.filter((each) => !gone.has(each));
    arrivals = arrivals.filter((each) => !gone.has(each));
  }
  return { shares, unclear };
}

/** Whether a credit may be an arrival's at all: of its currency, in its days, and from whom the rule says. */
function fitting({ credits, day }: Sides): Fits {
  const texts = new Map(credits.map((credit) => [credit, textOf(credit)]));
  return (credit, { currency, from, until, rule }) =>
    credit.currency === currency &&
    day >= from &&
    day <= until &&
    (rule.payer === undefined || textNames(texts.get(credit) ?? '', rule.payer));
}

/** A credit that names arrivals stands for all of them, whatever else it stands for. */
const namesAll = ({ credits, arrivals }: Way, mentions: Mentions): boolean => {
  const ids = new Set(arrivals.map(({ id }) => id));
  return credits.every(({ lineNumber }) => [...(mentions.get(lineNumber) ?? [])].every((id) => ids.has(id)));
};

/**
 * A way that shares nothing with another is taken. So are several of one credit and one arrival each, where as many credits as
 * arrivals fit each other all alike: whichever goes with which, the sums are the same.
 */
function undoubted(ways: readonly Way[]): { readonly taken: readonly Way[]; readonly doubtful: readonly Way[] } {
  const waysOf = new Map<StagedLine | AwaitedArrival, Way[]>();
  for (const way of ways) {
    for (const each of [...way.credits, ...way.arrivals]) waysOf.set(each, [...(waysOf.get(each) ?? []), way]);
  }
  const alone = (way: Way) => [...way.credits, ...way.arrivals].every((each) => waysOf.get(each)?.length === 1);
  const taken = ways.filter(alone);
  const doubtful: Way[] = [];
  const seen = new Set<Way>(taken);
  for (const way of ways) {
    if (seen.has(way)) continue;
    const cluster = connected(way, waysOf);
    for (const each of cluster) seen.add(each);
    const pairs = alike(cluster);
    if (pairs) taken.push(...pairs);
    else doubtful.push(...cluster);
  }
  return { taken, doubtful };
}

function connected(first: Way, waysOf: ReadonlyMap<StagedLine | AwaitedArrival, readonly Way[]>): readonly Way[] {
  const found = new Set([first]);
  for (const way of found) {
    for (const each of [...way.credits, ...way.arrivals]) for (const other of waysOf.get(each) ?? []) found.add(other);
  }
  return [...found];
}

function alike(cluster: readonly Way[]): readonly Way[] | undefined {
  const credits = [...new Set(cluster.flatMap((way) => way.credits))];
  const arrivals = [...new Set(cluster.flatMap((way) => way.arrivals))];
  const single = cluster.every((way) => way.credits.length === 1 && way.arrivals.length === 1);
  const sameAmount = arrivals.every(({ left }) => left === arrivals[0]?.left && left === credits[0]?.amount);
  if (!single || !sameAmount || credits.length !== arrivals.length) return undefined;
  if (cluster.length !== credits.length * arrivals.length) return undefined;
  const inOrder = credits.toSorted((left, right) => left.lineNumber - right.lineNumber);
  const ids = arrivals.toSorted((left, right) => (`${left.from}#${left.id}` < `${right.from}#${right.id}` ? -1 : 1));
  return inOrder.flatMap((credit, place) => {
    const arrival = ids[place];
    return arrival ? [{ credits: [credit], arrivals: [arrival] }] : [];
  });
}

const singles =
  (isRight: (credit: StagedLine, arrival: AwaitedArrival) => boolean): Round =>
  ({ credits, arrivals }, fits) => ({
    ways: credits.flatMap((credit) =>
      arrivals
        .filter((arrival) => fits(credit, arrival) && isRight(credit, arrival))
        .map((arrival) => ({ credits: [credit], arrivals: [arrival] })),
    ),
    tooMany: [],
  });

const exactly = singles(({ amount }, { left }) => amount === left);

const lessCharges = singles(({ amount }, { left, rule }) => amount < left && amount + rule.tolerance >= left);

const oneForSeveral: Round = ({ credits, arrivals }, fits) => {
  const tooMany: StagedLine[] = [];
  const ways = credits.flatMap((credit): Way[] => {
    const some = arrivals.filter((arrival) => fits(credit, arrival));
    const found = subsetsOfSum(some, ({ left }) => left, credit.amount);
    if (found === 'too_many') tooMany.push(credit);
    return found === 'too_many' ? [] : found.map((several) => ({ credits: [credit], arrivals: several }));
  });
  return { ways, tooMany };
};

const severalForOne: Round = ({ credits, arrivals }, fits) => {
  const tooMany = new Set<StagedLine>();
  const ways = arrivals.flatMap((arrival): Way[] => {
    const some = credits.filter((credit) => fits(credit, arrival));
    const found = subsetsOfSum(some, ({ amount }) => amount, arrival.left);
    if (found === 'too_many') for (const each of some) tooMany.add(each);
    return found === 'too_many' ? [] : found.map((several) => ({ credits: several, arrivals: [arrival] }));
  });
  return { ways, tooMany: [...tooMany] };
};
