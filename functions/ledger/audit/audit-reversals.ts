/** The laws of what was taken back of a posting: numbered without a gap, each by a posting of its own, never more than it moved. */
import type { PostingId } from '../../kernel/ids.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import { contentHash, type Move, postingRules } from '../posting.ts';
import { checkReversal } from '../reversal.ts';
import type { FactOf } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';

/** What is said of a posting that others take back. */
interface Reversed {
  readonly postingId: PostingId;
  readonly items: readonly FactOf<'posting'>[];
  readonly reversals: readonly FactOf<'reversal'>[];
  readonly reversing: readonly FactOf<'reversing'>[];
}

/** @param original what the posting that is corrected moves */
export function* checkReversals(group: Reversed, original: readonly Move[]): Generator<Finding, void> {
  const { postingId, items, reversing } = group;
  if (group.reversals.length === 0 && reversing.length === 0) return;
  const [item] = items;
  if (!item) {
    yield { code: 'reversed_missing', postingId, detail: 'the posting is missing, and others take it back' };
  } else if (holdsItself(item)) {
    yield {
      code: 'wrong_reversal',
      postingId,
      detail: 'what a hold or a payment moved is taken back by its own steps',
    };
  }
  const reversals = group.reversals.toSorted((left, right) => left.number - right.number);
  const told = new Map(reversing.map((each) => [each.postingId, each]));
  let expected = 1;
  for (const reversal of reversals) {
    if (reversal.number !== expected) {
      yield { code: 'reversal_gap', postingId, detail: `reversal ${expected} of the posting is missing` };
    }
    expected = reversal.number + 1;
    yield* compare(reversal, told.get(reversal.postingId));
    told.delete(reversal.postingId);
  }
  for (const { postingId: by } of told.values()) {
    yield { code: 'reversal_missing', postingId, detail: `${by} takes it back, and is not among its reversals` };
  }
  const moves = reversals.map((reversal) => reversal.moves);
  if (original.length > 0 && isRefusal(checkReversal(original, moves))) {
    yield { code: 'exceeds_original', postingId, detail: 'more is taken back than the posting has moved' };
  }
}

const holdsItself = ({ type }: FactOf<'posting'>): boolean =>
  postingRules[type].guard === 'payment' || type === 'hold' || type === 'hold_capture' || type === 'hold_release';

function* compare(reversal: FactOf<'reversal'>, by: FactOf<'reversing'> | undefined): Generator<Finding, void> {
  const { original: postingId, number } = reversal;
  if (!by) {
    const detail = `reversal ${number} is by ${reversal.postingId}, which does not say so or is missing`;
    yield { code: 'altered_reversal', postingId, detail };
  } else if (contentHash({ ...by, reverses: postingId }, reversal.moves) !== by.contentHash) {
    const detail = `reversal ${number} is not what ${by.postingId} moves`;
    yield { code: 'altered_reversal', postingId, detail };
  }
}
