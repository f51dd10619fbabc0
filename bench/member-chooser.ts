/** Which member the next top-up is for. */
import type { AccountId } from '../functions/kernel/ids.ts';
import { memberAt } from './busy-merchant.ts';

/** By Zipf's law: the member of rank r is chosen as often as 1 / r^skew says. */
export function memberChooser({
  members,
  skew,
  random,
}: {
  readonly members: number;
  readonly skew: number;
  readonly random: () => number;
}): () => AccountId {
  const upTo: number[] = [];
  let total = 0;
  for (let rank = 1; rank <= members; rank++) {
    total += rank ** -skew;
    upTo.push(total);
  }
  return () => {
    const drawn = random() * total;
    let [low, high] = [0, members - 1];
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((upTo[middle] ?? total) <= drawn) low = middle + 1;
      else high = middle;
    }
    return memberAt(low);
  };
}
