/**
 * Update expressions: SET, REMOVE and ADD of numbers.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalidRequest } from './exceptions.ts';
import { addNumbers } from './number.ts';
import { type Bindings, boundValue, type Path, parsePath, resolvePath, valueAt } from './path.ts';
import { listOf, type Tokens } from './tokens.ts';
import { type Attributes, keptValue } from './value.ts';

type UpdateValue =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'if_not_exists'; readonly path: Path; readonly otherwise: UpdateValue }
  | { readonly kind: 'list_append'; readonly first: UpdateValue; readonly second: UpdateValue }
  | { readonly kind: 'sum'; readonly left: UpdateValue; readonly sign: '+' | '-'; readonly right: UpdateValue };

interface Assignment {
  readonly path: Path;
  readonly value: UpdateValue;
}

export interface Update {
  readonly set: readonly Assignment[];
  readonly remove: readonly Path[];
  readonly add: readonly Assignment[];
}

export function parseUpdate(tokens: Tokens): Update {
  const update: { set: Assignment[]; remove: Path[]; add: Assignment[] } = { set: [], remove: [], add: [] };
  while (tokens.peek() !== undefined) {
    if (tokens.accepts('SET')) update.set = listOf(tokens, () => parseAssignment(tokens));
    else if (tokens.accepts('REMOVE')) update.remove = listOf(tokens, () => parsePath(tokens));
    else if (tokens.accepts('ADD')) update.add = listOf(tokens, () => parseAddition(tokens));
    else tokens.fail('expected SET, REMOVE or ADD');
  }
  return update;
}

function parseAssignment(tokens: Tokens): Assignment {
  const path = parsePath(tokens);
  tokens.expect('=');
  const left = parseOperand(tokens);
  for (const sign of ['+', '-'] as const) {
    if (tokens.accepts(sign)) return { path, value: { kind: 'sum', left, sign, right: parseOperand(tokens) } };
  }
  return { path, value: left };
}

const parseAddition = (tokens: Tokens): Assignment => ({
  path: parsePath(tokens),
  value: { kind: 'value', placeholder: tokens.take() },
});

function parseOperand(tokens: Tokens): UpdateValue {
  if (tokens.accepts('IF_NOT_EXISTS')) {
    const [path, otherwise] = parseArguments(tokens, () => parsePath(tokens));
    return { kind: 'if_not_exists', path, otherwise };
  }
  if (tokens.accepts('LIST_APPEND')) {
    const [first, second] = parseArguments(tokens, () => parseOperand(tokens));
    return { kind: 'list_append', first, second };
  }
  if (tokens.peek()?.startsWith(':')) return { kind: 'value', placeholder: tokens.take() };
  return { kind: 'path', path: parsePath(tokens) };
}

function parseArguments<T>(tokens: Tokens, parseFirst: () => T): [T, UpdateValue] {
  tokens.expect('(');
  const first = parseFirst();
  tokens.expect(',');
  const second = parseOperand(tokens);
  tokens.expect(')');
  return [first, second];
}

/** @throws ValidationException where an attribute is changed twice, or a part of the key at all */
export function checkTargets(update: Update, bindings: Bindings, keyNames: readonly string[]): void {
  const paths = [...update.set.map(({ path }) => path), ...update.remove, ...update.add.map(({ path }) => path)].map(
    (path) => resolvePath(path, bindings),
  );
  for (const [index, path] of paths.entries()) {
    if (keyNames.includes(String(path[0]))) {
      throw invalidRequest(
        `One or more parameter values were invalid: Cannot update attribute ${path[0]}. This attribute is part of the key`,
      );
    }
    if (paths.slice(0, index).some((other) => overlap(path, other))) {
      throw invalidRequest('Invalid UpdateExpression: Two document paths overlap with each other');
    }
  }
}

const overlap = (one: Path, other: Path): boolean =>
  one.slice(0, other.length).every((step, index) => step === other[index]);

/**
 * All values are taken from the item as it was before the update.
 * @throws ValidationException, once a condition is met, where the item has not what the update builds on
 */
export function applyUpdate(before: Attributes, update: Update, bindings: Bindings): Attributes {
  let after: Attributes = before;
  for (const { path, value } of update.set) {
    after = withValue(after, resolvePath(path, bindings), evaluate(value, before, bindings));
  }
  for (const { path, value } of update.add) {
    const added = evaluate(value, before, bindings);
    const sum = plus(valueAt(before, path, bindings) ?? { N: '0' }, '+', added);
    after = withValue(after, resolvePath(path, bindings), sum);
  }
  // from the end of a list to its beginning, so that positions stay what they were before the update
  const removed = update.remove.map((path) => resolvePath(path, bindings)).sort(byLastPosition);
  for (const path of removed) after = withValue(after, path, undefined);
  return after;
}

const byLastPosition = (one: Path, other: Path): number => Number(other.at(-1)) - Number(one.at(-1)) || 0;

function evaluate(value: UpdateValue, before: Attributes, bindings: Bindings): AttributeValue {
  switch (value.kind) {
    case 'value':
      return keptValue(boundValue(value.placeholder, bindings));
    case 'path': {
      const found = valueAt(before, value.path, bindings);
      if (found) return found;
      throw invalidRequest('The provided expression refers to an attribute that does not exist in the item');
    }
    case 'if_not_exists':
      return valueAt(before, value.path, bindings) ?? evaluate(value.otherwise, before, bindings);
    case 'sum':
      return plus(evaluate(value.left, before, bindings), value.sign, evaluate(value.right, before, bindings));
    case 'list_append': {
      const [first, second] = [evaluate(value.first, before, bindings).L, evaluate(value.second, before, bindings).L];
      if (first && second) return keptValue({ L: [...first, ...second] });
      throw wrongOperand();
    }
  }
}

function plus(left: AttributeValue, sign: '+' | '-', right: AttributeValue): AttributeValue {
  if (left.N === undefined || right.N === undefined) throw wrongOperand();
  return { N: addNumbers(left.N, sign, right.N) };
}

const wrongOperand = () => invalidRequest('An operand in the update expression has an incorrect data type');

/** A copy that shares what did not change. @param value undefined to remove what is there */
function withValue(item: Attributes, path: Path, value: AttributeValue | undefined): Attributes {
  const [name, ...rest] = path;
  if (typeof name !== 'string') throw nowhere();
  const { [name]: old, ...others } = item;
  const changed = rest.length === 0 ? value : changedInside(old, rest, value);
  return changed === undefined ? others : { ...item, [name]: changed };
}

function changedInside(old: AttributeValue | undefined, path: Path, value: AttributeValue | undefined): AttributeValue {
  const [step, ...rest] = path;
  if (typeof step !== 'number') {
    if (old?.M === undefined) throw nowhere();
    return { M: { ...withValue(old.M, path, value) } };
  }
  if (old?.L === undefined) throw nowhere();
  const list = [...old.L];
  const changed = rest.length === 0 ? value : changedInside(list[step], rest, value);
  if (changed === undefined) list.splice(step, 1);
  else list[Math.min(step, list.length)] = changed;
  return { L: list };
}

const nowhere = () => invalidRequest('The document path provided in the update expression is invalid for update');
