/** A document path such as `totals.#currency[0]`, and the names and values that an expression stands on. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalidRequest } from './exceptions.ts';
import type { Tokens } from './tokens.ts';
import type { Attributes } from './value.ts';

/** Attribute names, `#placeholders` of them, and positions in lists. */
export type Path = readonly (string | number)[];

/** What `#x` and `:x` mean in a request. */
export interface Bindings {
  readonly names: Readonly<Record<string, string>>;
  readonly values: Attributes;
}

export function parsePath(tokens: Tokens): Path {
  const path: (string | number)[] = [parseName(tokens)];
  for (;;) {
    if (tokens.accepts('.')) path.push(parseName(tokens));
    else if (tokens.accepts('[')) {
      path.push(Number(tokens.take()));
      tokens.expect(']');
    } else return path;
  }
}

function parseName(tokens: Tokens): string {
  const name = tokens.peek();
  if (name === undefined || !/^[A-Za-z_#]/.test(name)) return tokens.fail('expected the name of an attribute');
  return tokens.take();
}

export const resolvePath = (path: Path, bindings: Bindings): Path =>
  path.map((step) => (typeof step === 'string' ? nameOf(step, bindings) : step));

export function nameOf(step: string, { names }: Bindings): string {
  if (!step.startsWith('#')) return step;
  const name = names[step];
  if (name === undefined)
    throw invalidRequest(`An expression attribute name used in the expression is not defined: ${step}`);
  return name;
}

export function boundValue(placeholder: string, { values }: Bindings): AttributeValue {
  const value = values[placeholder];
  if (value === undefined) {
    throw invalidRequest(`An expression attribute value used in expression is not defined: ${placeholder}`);
  }
  return value;
}

/** @returns undefined where any step of the path leads nowhere */
export function valueAt(item: Attributes | undefined, path: Path, bindings: Bindings): AttributeValue | undefined {
  let found: AttributeValue | undefined;
  let inside: Attributes | undefined = item;
  for (const step of path) {
    found = typeof step === 'number' ? found?.L?.[step] : inside?.[nameOf(step, bindings)];
    inside = found?.M;
  }
  return found;
}
