/**
 * Matches one shard's two sides: a pure function, so that shards are independent and a repeat gives the same.
 *
 * Lines and expectations meet by our reference; what is left over meets by the channel's own number, over all shards
 * ({@link matchLeftovers}). Amount, fee, currency and status are compared, not matched on, and a line shows every
 * difference that it has. One expectation is claimed by one line.
 */
import type { PaymentId } from '../kernel/ids.ts';
import type { Currency } from '../kernel/money.ts';
import { compare, difference, ignored, ignoredBy, keyOfLine, orderKey, unexpected, unreported } from './compare.ts';
import type { Expectation } from './expectation.ts';
import { type MatchResult, mergeResults, type ShardResult } from './match-result.ts';
import type { StagedLine } from './shard-rows.ts';

export interface ShardSides {
  readonly lines: readonly StagedLine[];
  readonly expectations: readonly Expectation[];
  /** of the settlement account */
  readonly currency: Currency;
}

export function matchShard({ lines, expectations, currency }: ShardSides): ShardResult {
  const expected = new Map(expectations.map((each) => [orderKey(each.kind, each.channelOrderNo), each]));
  const orders = groupByOrder(lines);
  const results: MatchResult[] = [];
  const leftLines: StagedLine[] = [];
  for (const [key, group] of orders) {
    const expectation = expected.get(key);
    expected.delete(key);
    const claim = claimOf(group, expectation);
    results.push(furtherLines(key, claim, currency));
    if (expectation) results.push(compare(claim.line, expectation, currency));
    else if (claim.line.status === 'succeeded') leftLines.push(claim.line);
    else results.push(unexpected(claim.line, currency));
  }
  return { ...mergeResults(results), leftLines, leftExpectations: [...expected.values()] };
}

/**
 * Matches what no shard could: lines and expectations that name different orders of ours, or none, but the same order
 * of the channel. Whoever is left over then is missing on the other side.
 */
export function matchLeftovers({ lines, expectations, currency }: ShardSides): MatchResult {
  const byTrade = new Map<string, Expectation>();
  for (const each of expectations) {
    if (each.channelTradeNo) byTrade.set(orderKey(each.kind, each.channelTradeNo), each);
  }
  const results: MatchResult[] = [];
  const claimed = new Set<PaymentId>();
  for (const line of [...lines].sort((left, right) => left.lineNumber - right.lineNumber)) {
    const expectation = line.channelReference && byTrade.get(orderKey(line.kind, line.channelReference));
    if (!expectation) {
      results.push(unexpected(line, currency));
    } else if (claimed.has(expectation.paymentId)) {
      results.push(difference(line, currency, { type: 'duplicate', key: keyOfLine(line) }));
    } else {
      claimed.add(expectation.paymentId);
      results.push(compare(line, expectation, currency));
    }
  }
  for (const each of expectations) if (!claimed.has(each.paymentId)) results.push(unreported(each));
  return mergeResults(results);
}

function groupByOrder(lines: readonly StagedLine[]): Map<string, StagedLine[]> {
  const orders = new Map<string, StagedLine[]>();
  for (const line of lines) {
    const key = keyOfLine(line);
    const group = orders.get(key);
    if (group) group.push(line);
    else orders.set(key, [line]);
  }
  return orders;
}

interface Claim {
  /** the line that is compared with our side */
  readonly line: StagedLine;
  readonly others: readonly StagedLine[];
}

/** A revoked line tells the order's end. Else it is a successful line, the one that agrees best, then the first. */
function claimOf(group: readonly StagedLine[], expectation: Expectation | undefined): Claim {
  const rank = (line: StagedLine): number => {
    if (line.status === 'revoked') return 0;
    if (line.status !== 'succeeded') return 10;
    if (!expectation) return 1;
    return 1 + Number(line.amount !== expectation.amount) + Number(line.fee !== expectation.fee);
  };
  const ordered = [...group].sort((left, right) => rank(left) - rank(right) || left.lineNumber - right.lineNumber);
  const [line, ...others] = ordered;
  if (!line) throw new Error('an order without lines');
  return { line, others };
}

/** What becomes of the lines that did not claim: a second success is a duplicate. */
function furtherLines(key: string, { line: claiming, others }: Claim, currency: Currency): MatchResult {
  let duplicates = 0;
  return mergeResults(
    others.map((line) => {
      if (line.status !== 'succeeded') return ignored(line);
      if (claiming.status === 'revoked') return ignoredBy('revoked_by_other_line', line);
      // a second return of one payout is a return again: each is money that came back
      duplicates += 1;
      const type = line.kind === 'payout_return' ? 'returned' : 'duplicate';
      return difference(line, currency, { type, key: `${key}#${duplicates + 1}` });
    }),
  );
}
