/** Which part of a partition a key condition asks for. */

import type { Comparator, Condition, Operand } from './condition.ts';
import { invalidRequest } from './exceptions.ts';
import { type Bindings, boundValue, nameOf } from './path.ts';
import type { KeyNames } from './table.ts';
import { compareText } from './value.ts';

export interface KeyRange {
  readonly partition: string;
  /** true from the first sort key of the range on */
  readonly hasBegun: (sort: string) => boolean;
  /** true from the first sort key behind the range on */
  readonly isOver: (sort: string) => boolean;
}

type SortRange = Omit<KeyRange, 'partition'>;

const everything: SortRange = { hasBegun: () => true, isOver: () => false };

/** @throws ValidationException for anything but `partition = :value`, alone or with one condition on the sort key */
export function readKeyRange(condition: Condition | undefined, bindings: Bindings, keys: KeyNames): KeyRange {
  const parts = condition?.kind === 'and' ? [condition.left, condition.right] : condition ? [condition] : [];
  const partition = parts.flatMap((part) =>
    part.kind === 'comparison' && part.comparator === '=' && nameIn(part.left, bindings) === keys.partition
      ? [textOf(part.right, bindings)]
      : [],
  );
  const sort = parts
    .filter((part) => 'operand' in part || part.kind === 'comparison')
    .filter((part) => {
      const operand = part.kind === 'comparison' ? part.left : part.operand;
      return keys.sort !== undefined && nameIn(operand, bindings) === keys.sort;
    });
  const [only] = partition;
  if (only === undefined || partition.length + sort.length !== parts.length || sort.length > 1) {
    throw invalidRequest('Query condition missed key schema element, or query key condition not supported');
  }
  return { partition: only, ...(sort[0] ? sortRange(sort[0], bindings) : everything) };
}

function sortRange(condition: Condition, bindings: Bindings): SortRange {
  if (condition.kind === 'comparison') return comparisonRange(condition.comparator, textOf(condition.right, bindings));
  if (condition.kind === 'between') {
    const [low, high] = [textOf(condition.low, bindings), textOf(condition.high, bindings)];
    if (compareText(low, high) > 0)
      throw invalidRequest('The BETWEEN operator requires upper bound to be greater than or equal to lower bound');
    return { hasBegun: (sort) => compareText(sort, low) >= 0, isOver: (sort) => compareText(sort, high) > 0 };
  }
  if (condition.kind === 'begins_with') {
    const prefix = textOf(condition.argument, bindings);
    return {
      hasBegun: (sort) => compareText(sort, prefix) >= 0,
      isOver: (sort) => compareText(sort, prefix) > 0 && !sort.startsWith(prefix),
    };
  }
  throw invalidRequest('Query key condition not supported');
}

function comparisonRange(comparator: Comparator, bound: string): SortRange {
  const reaches = (sort: string) => compareText(sort, bound) >= 0;
  const passes = (sort: string) => compareText(sort, bound) > 0;
  switch (comparator) {
    case '=':
      return { hasBegun: reaches, isOver: passes };
    case '<':
      return { ...everything, isOver: reaches };
    case '<=':
      return { ...everything, isOver: passes };
    case '>':
      return { ...everything, hasBegun: passes };
    case '>=':
      return { ...everything, hasBegun: reaches };
    case '<>':
      throw invalidRequest('Unsupported operator in KeyConditionExpression: <>');
  }
}

const nameIn = (operand: Operand, bindings: Bindings): string | undefined =>
  operand.kind === 'path' && operand.path.length === 1 ? nameOf(String(operand.path[0]), bindings) : undefined;

function textOf(operand: Operand, bindings: Bindings): string {
  const text = operand.kind === 'value' ? boundValue(operand.placeholder, bindings).S : undefined;
  if (!text)
    throw invalidRequest(
      'One or more parameter values were invalid: Condition parameter type does not match schema type, or an empty key',
    );
  return text;
}
