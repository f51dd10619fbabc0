/** What one side of the comparison found and what that took. */
export interface Measured {
  /** of the measured part: from the first byte of both sides to the last difference */
  readonly seconds: number;
  /** processor time of all threads and processes meanwhile */
  readonly cpuSeconds: number;
  /** of the whole process, or of the larger of several */
  readonly peakMegabytes: number;
  /** of all processes together */
  readonly totalMegabytes: number;
  /** `<type> <key>`, sorted */
  readonly differences: readonly string[];
  readonly matched: number;
  readonly lineErrors: number;
  /** the file's control figures, as the lines add up to them, in hundred-thousandths */
  readonly sums: Readonly<Record<string, string>>;
}
