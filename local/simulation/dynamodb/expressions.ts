/** The expressions of a request, each parsed once however often it is sent, and the bindings checked against them. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { type Condition, parseCondition } from './condition.ts';
import { invalidRequest } from './exceptions.ts';

import { type Bindings, type Path, parsePath } from './path.ts';
import { listOf, Tokens } from './tokens.ts';
import { parseUpdate, type Update } from './update.ts';

interface Parsed<T> {
  readonly meaning: T;
  readonly names: ReadonlySet<string>;
  readonly values: ReadonlySet<string>;
}

/** Stores put together few different expressions, so nothing is ever forgotten. */
function remembering<T>(parse: (tokens: Tokens) => T): (expression: string) => Parsed<T> {
  const known = new Map<string, Parsed<T>>();
  return (expression) => {
    const found = known.get(expression);
    if (found) return found;
    const tokens = new Tokens(expression);
    const meaning = parse(tokens);
    tokens.expectEnd();
    const parsed = { meaning, names: tokens.placeholders('#'), values: tokens.placeholders(':') };
    known.set(expression, parsed);
    return parsed;
  };
}

const condition = remembering(parseCondition);
const update = remembering(parseUpdate);
const projection = remembering((tokens) => listOf(tokens, () => parsePath(tokens)));

export interface ExpressionInput {
  readonly ConditionExpression?: string | undefined;
  readonly FilterExpression?: string | undefined;
  readonly KeyConditionExpression?: string | undefined;
  readonly ProjectionExpression?: string | undefined;
  readonly UpdateExpression?: string | undefined;
  readonly ExpressionAttributeNames?: Record<string, string> | undefined;
  readonly ExpressionAttributeValues?: Record<string, AttributeValue> | undefined;
}

export interface Expressions {
  readonly condition?: Condition | undefined;
  readonly filter?: Condition | undefined;
  readonly keys?: Condition | undefined;
  readonly projection?: readonly Path[] | undefined;
  readonly update?: Update | undefined;
  readonly bindings: Bindings;
}

/** @throws ValidationException for a syntax error, and for a name or value that is used nowhere or defined nowhere */
export function readExpressions(input: ExpressionInput): Expressions {
  const parsed = {
    condition: given(input.ConditionExpression, condition),
    filter: given(input.FilterExpression, condition),
    keys: given(input.KeyConditionExpression, condition),
    projection: given(input.ProjectionExpression, projection),
    update: given(input.UpdateExpression, update),
  };
  const all = Object.values(parsed).filter((each) => each !== undefined);
  checkPlaceholders('ExpressionAttributeNames', input.ExpressionAttributeNames, all, 'names');
  checkPlaceholders('ExpressionAttributeValues', input.ExpressionAttributeValues, all, 'values');
  return {
    condition: parsed.condition?.meaning,
    filter: parsed.filter?.meaning,
    keys: parsed.keys?.meaning,
    projection: parsed.projection?.meaning,
    update: parsed.update?.meaning,
    bindings: { names: input.ExpressionAttributeNames ?? {}, values: input.ExpressionAttributeValues ?? {} },
  };
}

function given<T>(expression: string | undefined, parse: (expression: string) => Parsed<T>): Parsed<T> | undefined {
  if (expression === undefined) return undefined;
  if (expression.trim() === '') throw invalidRequest('Invalid expression: The expression can not be empty;');
  return parse(expression);
}

function checkPlaceholders(
  parameter: string,
  defined: Record<string, unknown> | undefined,
  expressions: readonly Parsed<unknown>[],
  kind: 'names' | 'values',
): void {
  if (defined && expressions.length === 0) {
    throw invalidRequest(`${parameter} can only be specified when using expressions`);
  }
  if (defined && Object.keys(defined).length === 0) throw invalidRequest(`${parameter} must not be empty`);
  for (const { [kind]: used } of expressions) {
    for (const each of used) {
      if (defined?.[each] === undefined) throw invalidRequest(`${parameter}: ${each} is used and not defined`);
    }
  }
  for (const each in defined) {
    if (!expressions.some(({ [kind]: used }) => used.has(each))) {
      throw invalidRequest(`Value provided in ${parameter} unused in expressions: keys: {${each}}`);
    }
  }
}
