/** Everything that a scenario leaves to chance, by the scheduler's one seed. */

export interface Dice {
  readonly random: () => number;
  readonly chance: (share: number) => boolean;
  /** an integer between two, both included */
  readonly integer: (from: number, to: number) => number;
  readonly pick: <T>(choices: readonly T[]) => T;
  /** by weight; what weighs nothing is never picked */
  readonly pickWeighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => Name;
}

export function diceOf(random: () => number): Dice {
  const integer = (from: number, to: number) => from + Math.floor(random() * (to - from + 1));
  return {
    random,
    integer,
    chance: (share) => random() < share,
    pick: (choices) => {
      const chosen = choices[integer(0, choices.length - 1)];
      if (chosen === undefined) throw new RangeError('there is nothing to pick from');
      return chosen;
    },
    pickWeighted: <Name extends string>(weights: Readonly<Record<Name, number>>) => {
      const all = Object.entries<number>(weights);
      let left = random() * all.reduce((sum, [, weight]) => sum + weight, 0);
      for (const [name, weight] of all) {
        left -= weight;
        if (left < 0) return name as Name; // the record's own keys
      }
      throw new RangeError('nothing weighs anything');
    },
  };
}
