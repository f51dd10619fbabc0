/**
 * Matches one shard's two sides: a pure function, so that shards are independent and a repeat gives the same.
 *
 * Lines and expectations meet by our reference; what is left over meets by the channel's own number and by payout batches, over
 * all shards ({@link matchLeftovers}), and what is left then stands alone ({@link standAlone}) unless it waits for another day.
 * Amount, fee, currency and status are compared, not matched on, and a line shows every difference that it has.
 */
import { type Claim, claimOf } from './claim.ts';
import { comesBack, compare, difference, ignored, ignoredBy, unexpected, unreported } from './compare.ts';
import type { Expectation } from './expectation.ts';
import { type MatchResult, mergeResults, type ShardResult } from './match-result.ts';
import type { MatchRules, ShardSides } from './match-rules.ts';
import { keyOfLine, kindsCharged, type Order, orderKey, ordersOf, referenceOf } from './order.ts';
import { matchBatches } from './payout-batches.ts';
import type { StagedLine } from './shard-rows.ts';
import { dealtOut } from './shared-number.ts';

export function matchShard({ lines, expectations, rules }: ShardSides): ShardResult {
  const { orders, loneFees, settlements } = ordersOf(lines, expectations);
  const results: MatchResult[] = [settledToBank(settlements)];
  const leftLines: StagedLine[] = [...loneFees];
  const leftExpectations: Expectation[] = [];
  for (const order of orders) {
    const claim = claimOf(order);
    if (claim && (order.expectation || claim.line.status !== 'succeeded')) {
      results.push(furtherLines(order, claim, rules), settled(claim, order.expectation, rules));
      leftLines.push(...claim.loneFees);
      continue;
    }
    // a later day, or the channel's own number, may bring the two together
    if (order.expectation) leftExpectations.push(order.expectation);
    const moved = order.lines.filter(({ status }) => status === 'succeeded');
    for (const each of order.lines) if (each.status !== 'succeeded') results.push(ignored([each]));
    leftLines.push(...moved, ...order.fees);
  }
  return { ...mergeResults(results), leftLines, leftExpectations };
}

const settled = (claim: Claim, expectation: Expectation | undefined, rules: MatchRules): MatchResult =>
  expectation ? compare(claim, expectation, rules) : unexpected(claim, rules.currency);

/** What our own bank account gets is no difference: the arrival check looks for it there. */
const settledToBank = (settlements: readonly StagedLine[]): MatchResult => ({
  ...ignoredBy('settled_to_bank', settlements),
  settlements,
});

/**
 * Matches what no shard could: lines and expectations that name different orders of ours, or none, but the same order of the
 * channel; and payouts that the channel carried out as one.
 */
export function matchLeftovers({ lines, expectations, rules }: ShardSides): ShardResult {
  const byTrade = Map.groupBy(
    expectations.filter(({ channelTradeNo }) => channelTradeNo !== ''),
    ({ kind, channelTradeNo }) => orderKey(kind, channelTradeNo),
  );
  const { orders, loneFees } = ordersOf(lines, []);
  const results: MatchResult[] = [];
  const leftLines: StagedLine[] = [...loneFees];
  const claimed = new Set<Expectation>();
  for (const { order, first } of inFileOrder(orders)) {
    const named = (first.channelReference && byTrade.get(orderKey(first.kind, first.channelReference))) || [];
    const free = named.filter((each) => !claimed.has(each));
    for (const part of dealtOut(order, free.length > 0 ? free : named.slice(0, 1))) {
      const { expectation } = part;
      const claim = expectation ? claimOf(part) : undefined;
      if (!expectation || !claim) {
        leftLines.push(...part.lines, ...part.fees);
        continue;
      }
      leftLines.push(...claim.loneFees);
      results.push(furtherLines(part, claim, rules));
      if (claimed.has(expectation)) {
        results.push(difference(claim, rules.currency, { type: 'duplicate', key: order.key }));
      } else {
        claimed.add(expectation);
        results.push(compare(claim, expectation, rules));
      }
    }
  }
  const rest = expectations.filter((each) => !claimed.has(each));
  const batches = matchBatches({ lines: leftLines, expectations: rest, rules });
  const { leftLines: remaining, leftExpectations } = batches;
  return { ...mergeResults([...results, batches]), leftLines: remaining, leftExpectations };
}

function inFileOrder(orders: readonly Order[]): readonly { readonly order: Order; readonly first: StagedLine }[] {
  return orders
    .flatMap((order) => {
      const [first, ...others] = order.lines;
      if (!first) return [];
      const earliest = others.reduce((least, each) => (each.lineNumber < least.lineNumber ? each : least), first);
      return [{ order, first: earliest }];
    })
    .sort((left, right) => left.first.lineNumber - right.first.lineNumber);
}

/** Whoever is left over at the end is missing on the other side. Fees that are charged for no order of ours are a difference of their own. */
export function standAlone({ lines, expectations, rules }: ShardSides): MatchResult {
  const { orders, loneFees } = ordersOf(lines, []);
  const results: MatchResult[] = [];
  const fees = [...loneFees];
  for (const order of orders) {
    const claim = claimOf(order);
    if (!claim) throw new Error(`${order.key} has no line`);
    fees.push(...claim.loneFees);
    results.push(furtherLines(order, claim, rules), unexpected(claim, rules.currency));
  }
  const missing = chargedThough({ lines: fees, expectations, rules });
  results.push(...missing.results);
  const counts = new Map<string, number>();
  for (const fee of missing.loneFees.toSorted((left, right) => left.lineNumber - right.lineNumber)) {
    const count = (counts.get(keyOfLine(fee)) ?? 0) + 1;
    counts.set(keyOfLine(fee), count);
    const key = count === 1 ? keyOfLine(fee) : `${keyOfLine(fee)}#${count}`;
    results.push(difference(lone(fee), rules.currency, { type: 'fee_mismatch', key }));
  }
  for (const each of missing.expectations) results.push(unreported(each));
  return mergeResults(results);
}

/**
 * An order of ours whose line is missing, or can't be read, while its fee stands on a line of its own: the fee is held to what we booked
 * as fee, and the order is missing without it. Else a line that says what we expect would be a difference for what another one lacks.
 */
function chargedThough({ lines: fees, expectations, rules }: ShardSides) {
  const { currency } = rules;
  const byReference = new Map<string, Expectation>();
  for (const each of expectations) {
    if (each.status !== 'succeeded' || each.currency !== currency) continue;
    if (each.channelTradeNo) byReference.set(orderKey(each.kind, `channel:${each.channelTradeNo}`), each);
    byReference.set(orderKey(each.kind, each.channelOrderNo), each);
  }
  const chargedFor = (fee: StagedLine): Expectation | undefined =>
    fee.currency === currency
      ? kindsCharged(fee)
          .map((kind) => byReference.get(orderKey(kind, referenceOf(fee))))
          .find((each) => each !== undefined)
      : undefined;
  const charges = Map.groupBy(fees, chargedFor);
  const results = [...charges].flatMap(([expectation, parts]) => {
    const [first] = parts;
    if (!expectation || !first) return [];
    const line = { ...first, fee: parts.reduce((sum, { fee }) => sum + fee, 0n) };
    const fee = compare({ line, parts }, { ...expectation, kind: 'fee', amount: 0n }, rules);
    return [fee, unreported({ ...expectation, fee: 0n })];
  });
  return {
    results,
    loneFees: charges.get(undefined) ?? [],
    expectations: expectations.filter((each) => !charges.has(each)),
  };
}

const lone = (line: StagedLine): Pick<Claim, 'line' | 'parts'> => ({ line, parts: [line] });

/** What becomes of the lines that did not claim: a second success is a duplicate. */
function furtherLines({ key }: Order, { line: claiming, others }: Claim, { currency }: MatchRules): MatchResult {
  let duplicates = 0;
  return mergeResults(
    others.map((other) => {
      const { line, parts } = other;
      if (line.status !== 'succeeded') return ignored(parts);
      if (claiming.status === 'revoked') return ignoredBy('revoked_by_other_line', parts);
      // a second return of one payout is a return again: each is money that came back
      duplicates += 1;
      const type = comesBack(line) ? 'returned' : 'duplicate';
      return difference(other, currency, { type, key: `${key}#${duplicates + 1}` });
    }),
  );
}
