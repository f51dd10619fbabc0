/** What an order is worth at a channel, and in which order channels are asked. */

export interface Worth {
  /** the lowest is asked first */
  readonly priority: number;
  readonly successRate: number;
  /** minor units */
  readonly cost: bigint;
  readonly expectedValue: number;
  readonly channel: string;
  readonly merchantNo: string;
}

/**
 * Success rate × (amount − cost), in minor units: an estimate to compare channels by, and no money. Where the cost is more
 * than the amount, as of a verification, the loss is divided by the rate instead: it is what one success costs, and a better
 * rate makes it smaller.
 */
export function expectedValue(amount: bigint, cost: bigint, successRate: number): number {
  const net = Number(amount - cost);
  return net >= 0 ? net * successRate : net / successRate;
}

/** By priority, then value, then cost and rate; at last by name, so that there is one order only. */
export const compareWorth = (one: Worth, other: Worth): number =>
  one.priority - other.priority ||
  Math.sign(other.expectedValue - one.expectedValue) ||
  Math.sign(Number(one.cost - other.cost)) ||
  Math.sign(other.successRate - one.successRate) ||
  compareText(one.channel, other.channel) ||
  compareText(one.merchantNo, other.merchantNo);

const compareText = (one: string, other: string): number => (one < other ? -1 : one > other ? 1 : 0);
