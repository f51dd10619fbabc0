/**
 * Runs processes in virtual time, one step after another, by a seed: the same seed gives the same history.
 *
 * A process is an async function. Whatever it waits for (an answer, a sleep) comes from here; when all of them wait, the
 * clock jumps to the next thing that is due, one thing happens, and the processes that it wakes run until they wait again.
 * What else a process awaits must settle by itself, in microtasks: real timers and sockets are not waited for.
 */
import { createHash } from 'node:crypto';
import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { mersenne } from 'pure-rand/generator/mersenne';
import type { RandomGenerator } from 'pure-rand/types/RandomGenerator';
import { DueQueue } from './due-queue.ts';

export type Outcome<T> =
  | { readonly status: 'returned'; readonly value: T }
  | { readonly status: 'threw'; readonly error: unknown }
  | { readonly status: 'killed' };

/** The process as itself sees it. */
export interface Self {
  readonly name: string;
  /** 0 ≤ random < 1, from the one seed */
  readonly random: () => number;
  /** the virtual clock */
  readonly now: () => Date;
  readonly sleepMs: (milliseconds: number) => Promise<void>;
  /** The same promise, but one that never settles once the process is dead. What comes from outside goes through here. */
  readonly hear: <T>(answer: Promise<T>) => Promise<T>;
  readonly isAlive: () => boolean;
  /** At once and for good: none of its awaits returns any more. What it has sent off before still happens. */
  readonly kill: () => void;
}

export interface Process<T> extends Pick<Self, 'name' | 'kill' | 'isAlive'> {
  /** Settles when the process ends, in whatever way; never rejects. */
  readonly ended: Promise<Outcome<T>>;
  /** undefined while it runs */
  readonly outcome: () => Outcome<T> | undefined;
}

export interface SchedulerOptions {
  readonly seed: number;
  readonly startsAt?: Date;
  /** a run that goes on beyond this many events is taken for one without an end */
  readonly maximumEvents?: number;
}

export class Scheduler {
  readonly #generator: RandomGenerator; // mixes its seed well: neighbours give unlike runs
  readonly #due = new DueQueue();
  readonly #running = new Set<string>();
  readonly #outside = new Set<Promise<unknown>>();
  readonly #history: string[] = [];
  readonly #startsAt: number;
  readonly #maximumEvents: number;
  #elapsedMs = 0;

  constructor({ seed, startsAt = new Date('2026-01-01T00:00:00Z'), maximumEvents = 1_000_000 }: SchedulerOptions) {
    this.#generator = mersenne(seed);
    this.#startsAt = startsAt.getTime();
    this.#maximumEvents = maximumEvents;
  }

  readonly random = (): number => uniformFloat64(this.#generator);

  readonly now = (): Date => new Date(this.#startsAt + this.#elapsedMs);

  /** Virtual milliseconds since the beginning, with fractions. */
  readonly elapsedMs = (): number => this.#elapsedMs;

  /** A number of milliseconds between two, the first included. */
  readonly between = (from: number, to: number): number => from + this.random() * (to - from);

  /** Makes something happen later, whichever processes live then. Settles as `happen` does. */
  after<T>(delayMs: number, happen: () => T | Promise<T>): Promise<T> {
    return new Promise((resolve, reject) => {
      const run = () => {
        try {
          resolve(happen());
        } catch (error) {
          reject(error);
        }
      };
      this.#due.add({ atMs: this.#elapsedMs + Math.max(0, delayMs), lot: this.random(), happen: run });
    });
  }

  /** For an answer from outside the simulation, such as a real database's: the clock stands still until it has come. */
  standStill<T>(answer: Promise<T>): Promise<T> {
    const settled: Promise<unknown> = answer.then(
      () => this.#outside.delete(settled),
      () => this.#outside.delete(settled),
    );
    this.#outside.add(settled);
    return answer;
  }

  /** Starts a process at this moment of the virtual time; before {@link run} or while it runs. */
  start<T>(name: string, body: (self: Self) => Promise<T>): Process<T> {
    let outcome: Outcome<T> | undefined;
    const { promise: ended, resolve } = Promise.withResolvers<Outcome<T>>();
    const end = (how: Outcome<T>): void => {
      if (outcome) return;
      outcome = how;
      this.#running.delete(name);
      this.record(`${name} ${how.status}`);
      resolve(how);
    };
    const self = this.#selfOf(name, { isAlive: () => outcome === undefined, kill: () => end({ status: 'killed' }) });
    if (this.#running.has(name)) throw new Error(`there is a process ${name} already`);
    this.#running.add(name);
    void this.after(0, async () => {
      if (!self.isAlive()) return;
      this.record(`${name} started`);
      try {
        end({ status: 'returned', value: await body(self) });
      } catch (error) {
        end({ status: 'threw', error });
      }
    });
    return { name, kill: self.kill, isAlive: self.isAlive, ended, outcome: () => outcome };
  }

  #selfOf(name: string, { isAlive, kill }: Pick<Self, 'isAlive' | 'kill'>): Self {
    const hear = <T>(answer: Promise<T>): Promise<T> =>
      new Promise((resolve, reject) => {
        answer.then(
          (value) => isAlive() && resolve(value),
          (error) => isAlive() && reject(error),
        );
      });
    const sleepMs = (milliseconds: number) => hear(this.after(milliseconds, () => {}));
    return { name, random: this.random, now: this.now, sleepMs, hear, isAlive, kill };
  }

  /**
   * Runs until nothing is due any more.
   * @throws Error for a process that waits for something that nobody will ever give it, and for a run without an end
   */
  async run(): Promise<void> {
    for (let events = 0; ; events++) {
      const due = this.#due.takeNext();
      if (due === undefined) break;
      if (events === this.#maximumEvents) throw new Error(`no end after ${events} events`);
      this.#elapsedMs = due.atMs;
      due.happen();
      await allMicrotasks();
      while (this.#outside.size > 0) {
        await Promise.all(this.#outside);
        await allMicrotasks();
      }
    }
    if (this.#running.size > 0) throw new Error(`wait for ever: ${[...this.#running].join(', ')}`);
  }

  /** Adds a line to the history, with the virtual time. */
  record(line: string): void {
    this.#history.push(`${this.#elapsedMs.toFixed(3)} ${line}`);
  }

  history(): readonly string[] {
    return this.#history;
  }

  /** SHA-256 of the history: equal for equal runs. */
  fingerprint(): string {
    return createHash('sha256').update(this.#history.join('\n')).digest('hex');
  }
}

/** Node calls back from `nextTick` once its queue of microtasks is empty, those included that were added meanwhile. */
const allMicrotasks = (): Promise<void> => new Promise((resolve) => process.nextTick(resolve));
