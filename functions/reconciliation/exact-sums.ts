/** Sums of whole numbers that are added up as numbers as long as that is exact, and carried over into bigint before it is not. */

/** Two whole numbers up to here add up exactly: 2^53 is not passed. */
export const maximumExact = 2 ** 52;

export class ExactSums {
  private readonly open: Float64Array;
  private readonly carried: bigint[];

  constructor(sums: number) {
    this.open = new Float64Array(sums);
    this.carried = Array.from({ length: sums }, () => 0n);
  }

  /** @param value a whole number within {@link maximumExact} */
  add(index: number, value: number): void {
    const sum = (this.open[index] ?? 0) + value;
    this.open[index] = sum;
    if (sum > maximumExact || sum < -maximumExact) this.carry(index);
  }

  /** The sum so far, which begins again at nothing. */
  take(index: number): bigint {
    this.carry(index);
    const sum = this.carried[index] ?? 0n;
    this.carried[index] = 0n;
    return sum;
  }

  private carry(index: number): void {
    this.carried[index] = (this.carried[index] ?? 0n) + BigInt(this.open[index] ?? 0);
    this.open[index] = 0;
  }
}
