/**
 * Before a payment of ours that the statement lacks becomes a case, its channel is asked what became of it, by the query
 * that also looks after payments without an end. The answer is a fact for people: it moves no money, and silence holds
 * nothing up.
 */
import { inLanes } from '../../kernel/in-lanes.ts';
import { queryOrder, readPayment } from '../../payments/index.ts';
import { workingCheck } from '../day-store.ts';
import { changeWrite, differencesNamed } from '../difference-store.ts';
import type { Reconciliation } from '../reconciliation.ts';
import type { LineKind } from '../statement-line.ts';
import { askedDifference, type Difference, isSame } from './case.ts';
import type { CaseBooks } from './cases.ts';
import { type ChannelAnswer, channelAnswerOf, notAsked } from './channel-answer.ts';
import { weightOf } from './urgency.ts';
import { mustWork, type Working } from './withdraw-difference.ts';

type Asking = CaseBooks & Pick<Reconciliation, 'channels' | 'adapters'>;

/**
 * A truncated file may lack a million lines, and a channel answers some ten queries a second: beyond so many of a version,
 * or so long, the rest become cases with the answer `not_asked`.
 */
export const questionBounds = {
  questions: 200,
  /** a query takes three seconds at most, so that the last of them end soon after */
  patienceMs: 60_000,
  atOnce: 8,
};

/** A return has the order number of its payout, whose end says nothing about it. */
const askable: ReadonlySet<LineKind> = new Set<LineKind>(['collection', 'payout', 'refund']);

/**
 * Each answer is kept with its difference at once, so that a repeat of the step asks only what it has no answer to. The most
 * money is asked about first. 1 read unit and 10 write units for each question.
 *
 * @param present all that the day shows, of which some have been asked about before
 * @returns those that are not open yet, each as it is now
 * @throws Error where another version has taken the day
 */
export async function askAboutMissing(
  needs: Asking,
  working: Working,
  {
    coming,
    present,
    bounds: { questions, patienceMs, atOnce } = questionBounds,
  }: {
    readonly coming: readonly Difference[];
    readonly present: readonly Difference[];
    readonly bounds?: typeof questionBounds;
  },
): Promise<readonly Difference[]> {
  const missing = coming
    .filter(({ facts, channelAnswer }) => facts.type === 'missing_at_channel' && !channelAnswer)
    .toSorted((left, right) => compare(weightOf(right.facts), weightOf(left.facts)));
  const askedBefore = present.filter((each) => each.channelAnswer?.askedAt && each.openedIn === working.version).length;
  const chosen = missing.filter(({ facts }) => askable.has(facts.kind)).slice(0, Math.max(0, questions - askedBefore));
  const until = needs.clock().getTime() + patienceMs;
  const asked = await inLanes(chosen, atOnce, (difference) => ask(needs, working, { difference, until }));
  const after = new Map<Difference, Difference | undefined>([
    ...missing.map((each) => [each, { ...each, channelAnswer: unasked(each, questions) }] as const),
    ...chosen.map((each, place) => [each, asked[place]] as const),
  ]);
  return coming.flatMap((each) => {
    const now = after.has(each) ? after.get(each) : each;
    return now?.state === 'found' ? [now] : [];
  });
}

const compare = (one: bigint, other: bigint): number => (one < other ? -1 : one > other ? 1 : 0);

const unasked = ({ facts }: Difference, questions: number): ChannelAnswer =>
  askable.has(facts.kind)
    ? notAsked(`the statement lacks more than ${questions} payments, and others are asked about`)
    : notAsked('it has no order of its own that the channel could be asked about');

/** @returns the difference with its answer, or as somebody else has left it */
async function ask(
  needs: Asking,
  working: Working,
  { difference, until }: { readonly difference: Difference; readonly until: number },
): Promise<Difference | undefined> {
  const { table, clock, commit } = needs;
  if (clock().getTime() >= until) {
    return { ...difference, channelAnswer: notAsked('the channel took too long over other payments') };
  }
  const answer = await answerAbout(needs, difference);
  const { series, version } = working;
  const asked = askedDifference(difference, answer, { at: clock(), version });
  const result = await commit([changeWrite(table, difference, asked), workingCheck(table, series, version)]);
  if (result.committed) return asked;
  // the same step at work twice: whoever was first has asked
  await mustWork(needs, working);
  return (await differencesNamed(table, difference.series, difference.id)).find((each) => isSame(each, difference));
}

async function answerAbout(needs: Asking, { facts }: Difference): Promise<ChannelAnswer> {
  const payment = facts.paymentId && (await readPayment(needs.payments.table, facts.paymentId));
  if (!payment || payment.channelOrderNo !== facts.ours?.channelOrderNo) {
    return notAsked('the payment goes under another order number by now');
  }
  const askedAt = needs.clock();
  try {
    const { channels, adapters, clock } = needs;
    const { result } = await queryOrder({ clock, channels: { catalogue: channels.catalogue, adapters } }, payment);
    return channelAnswerOf(result, askedAt);
  } catch (error) {
    // such as keys that can't be read: the case shows it, and the statement goes on
    return { status: 'unknown', askedAt, detail: `it could not be asked: ${nameOf(error)}` };
  }
}

/** Its text may hold what we sent. */
const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'Error');
