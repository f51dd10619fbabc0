/** Damages samples by a seed and holds the reader of their format to its laws. */
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import { diceOf } from '../simulation/scenarios/dice.ts';
import { damaged } from './damage.ts';
import { holdFile, type Outcome } from './hold.ts';
import type { FormatWithSamples } from './samples.ts';

export interface Broken {
  /** with which this input, and no other, comes again */
  readonly seed: number;
  readonly sample: string;
  readonly error: unknown;
}

export interface Tried {
  readonly inputs: number;
  readonly outcomes: Readonly<Record<Outcome, number>>;
  readonly slowestMs: number;
  readonly broken: readonly Broken[];
}

export interface Inputs {
  readonly seed: number;
  readonly inputs: number;
  /** told before each */
  readonly onInput?: (seed: number) => void;
}

/** What a file of some kilobytes may take. */
const maximumMs = 2_000;

/** After so many there is enough to mend. */
const maximumBroken = 5;

/** Input `n` is made of `seed + n` alone. */
export async function fuzzFormat(
  { format, samples }: FormatWithSamples,
  { seed, inputs, onInput }: Inputs,
): Promise<Tried> {
  const outcomes = { read: 0, 'turned away': 0 };
  const broken: Broken[] = [];
  let [slowestMs, tried] = [0, 0];
  for (; tried < inputs && broken.length < maximumBroken; tried++) {
    const own = seed + tried;
    onInput?.(own);
    const generator = mersenne(own);
    const dice = diceOf(() => uniformFloat64(generator));
    const sample = dice.pick(samples);
    const bytes = damaged(sample.bytes, dice);
    const cut = { chunkBytes: dice.pick([1, 7, 100, 4_096]), rangeBytes: dice.pick([1, 50, 500, 100_000]) };
    const started = performance.now();
    try {
      outcomes[await holdFile(format, { bytes, context: sample.context }, cut)] += 1;
      const ms = performance.now() - started;
      slowestMs = Math.max(slowestMs, ms);
      if (ms > maximumMs) throw new Error(`${bytes.length} bytes took ${Math.round(ms)} ms`);
    } catch (error) {
      broken.push({ seed: own, sample: sample.name, error });
    }
  }
  return { inputs: tried, outcomes, slowestMs, broken };
}
