/** Which of some amounts add up to a sum: every way of it, within bounds. */

/** More parts than that are no settlement that somebody would recognise. */
const maximumParts = 6;
const maximumRows = 40;
const maximumSteps = 200_000;
const maximumWays = 50;

/**
 * @returns each way with two parts or more, `too_many` where there are more rows than can be looked through, or too many steps to
 * take
 */
export function subsetsOfSum<Row>(
  rows: readonly Row[],
  amountOf: (row: Row) => bigint,
  sum: bigint,
): readonly (readonly Row[])[] | 'too_many' {
  // the largest first: a branch that can't reach the sum any more is left early
  const fitting = rows
    .map((row) => ({ row, amount: amountOf(row) }))
    .filter(({ amount }) => amount > 0n && amount < sum)
    .sort((left, right) => (left.amount < right.amount ? 1 : left.amount > right.amount ? -1 : 0));
  if (fitting.length > maximumRows) return 'too_many';
  const after = restSums(fitting.map(({ amount }) => amount));
  const ways: Row[][] = [];
  let steps = 0;
  const search = (from: number, left: bigint, chosen: readonly Row[]): boolean => {
    for (let place = from; place < fitting.length; place++) {
      steps += 1;
      const next = fitting[place];
      if (!next || steps > maximumSteps || ways.length > maximumWays) return false;
      if ((after[place] ?? 0n) < left) return true;
      if (next.amount > left) continue;
      const now = [...chosen, next.row];
      if (next.amount === left) ways.push(now);
      else if (now.length < maximumParts && !search(place + 1, left - next.amount, now)) return false;
    }
    return true;
  };
  const done = search(0, sum, []);
  return done ? ways.filter((way) => way.length > 1) : 'too_many';
}

/** What the amounts from each place on add up to. */
function restSums(amounts: readonly bigint[]): readonly bigint[] {
  const sums: bigint[] = [];
  let sum = 0n;
  for (const amount of amounts.toReversed()) {
    sum += amount;
    sums.push(sum);
  }
  return sums.toReversed();
}
