/**
 * Condition, filter and key condition expressions.
 * https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
 *
 * Reserved words are let through: the stores' own tests on real engines find those.
 */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalidRequest } from './exceptions.ts';
import { type Bindings, boundValue, type Path, parsePath, valueAt } from './path.ts';
import { listOf, type Tokens } from './tokens.ts';
import { type Attributes, areEqual, compareValues, typeOf } from './value.ts';

export type Operand =
  | { readonly kind: 'path'; readonly path: Path }
  | { readonly kind: 'value'; readonly placeholder: string }
  | { readonly kind: 'size'; readonly of: Operand };

export type Comparator = '=' | '<>' | '<' | '<=' | '>' | '>=';

export type Condition =
  | { readonly kind: 'and' | 'or'; readonly left: Condition; readonly right: Condition }
  | { readonly kind: 'not'; readonly negated: Condition }
  | { readonly kind: 'comparison'; readonly left: Operand; readonly comparator: Comparator; readonly right: Operand }
  | { readonly kind: 'between'; readonly operand: Operand; readonly low: Operand; readonly high: Operand }
  | { readonly kind: 'in'; readonly operand: Operand; readonly choices: readonly Operand[] }
  | { readonly kind: 'exists'; readonly path: Path; readonly wanted: boolean }
  | {
      readonly kind: 'begins_with' | 'contains' | 'attribute_type';
      readonly operand: Operand;
      readonly argument: Operand;
    };

/** OR binds weakest, then AND, then NOT. */
export function parseCondition(tokens: Tokens): Condition {
  let left = parseConjunction(tokens);
  while (tokens.accepts('OR')) left = { kind: 'or', left, right: parseConjunction(tokens) };
  return left;
}

function parseConjunction(tokens: Tokens): Condition {
  let left = parseNegation(tokens);
  while (tokens.accepts('AND')) left = { kind: 'and', left, right: parseNegation(tokens) };
  return left;
}

function parseNegation(tokens: Tokens): Condition {
  if (tokens.accepts('NOT')) return { kind: 'not', negated: parseNegation(tokens) };
  if (tokens.accepts('(')) {
    const inner = parseCondition(tokens);
    tokens.expect(')');
    return inner;
  }
  return parseFunction(tokens) ?? parseComparison(tokens);
}

function parseFunction(tokens: Tokens): Condition | undefined {
  for (const [name, wanted] of [
    ['ATTRIBUTE_EXISTS', true],
    ['ATTRIBUTE_NOT_EXISTS', false],
  ] as const) {
    if (!tokens.accepts(name)) continue;
    tokens.expect('(');
    const path = parsePath(tokens);
    tokens.expect(')');
    return { kind: 'exists', path, wanted };
  }
  for (const kind of ['begins_with', 'contains', 'attribute_type'] as const) {
    if (!tokens.accepts(kind.toUpperCase())) continue;
    tokens.expect('(');
    const operand = parseOperand(tokens);
    tokens.expect(',');
    const argument = parseOperand(tokens);
    tokens.expect(')');
    return { kind, operand, argument };
  }
  return undefined;
}

function parseComparison(tokens: Tokens): Condition {
  const left = parseOperand(tokens);
  if (tokens.accepts('BETWEEN')) {
    const low = parseOperand(tokens);
    tokens.expect('AND');
    return { kind: 'between', operand: left, low, high: parseOperand(tokens) };
  }
  if (tokens.accepts('IN')) {
    tokens.expect('(');
    const choices = listOf(tokens, () => parseOperand(tokens));
    tokens.expect(')');
    return { kind: 'in', operand: left, choices };
  }
  const comparator = tokens.take();
  if (!isComparator(comparator)) return tokens.fail('expected a comparison');
  return { kind: 'comparison', left, comparator, right: parseOperand(tokens) };
}

const isComparator = (text: string): text is Comparator => ['=', '<>', '<', '<=', '>', '>='].includes(text);

function parseOperand(tokens: Tokens): Operand {
  if (tokens.accepts('SIZE')) {
    tokens.expect('(');
    const of = parseOperand(tokens);
    tokens.expect(')');
    return { kind: 'size', of };
  }
  if (tokens.peek()?.startsWith(':')) return { kind: 'value', placeholder: tokens.take() };
  return { kind: 'path', path: parsePath(tokens) };
}

/** @param item undefined where there is none: every attribute is missing then */
export function isMet(condition: Condition, item: Attributes | undefined, bindings: Bindings): boolean {
  const value = (operand: Operand) => operandOf(operand, item, bindings);
  switch (condition.kind) {
    case 'and':
      return isMet(condition.left, item, bindings) && isMet(condition.right, item, bindings);
    case 'or':
      return isMet(condition.left, item, bindings) || isMet(condition.right, item, bindings);
    case 'not':
      return !isMet(condition.negated, item, bindings);
    case 'exists':
      return (valueAt(item, condition.path, bindings) !== undefined) === condition.wanted;
    case 'comparison':
      return holds(value(condition.left), condition.comparator, value(condition.right));
    case 'between': {
      const operand = value(condition.operand);
      return holds(operand, '>=', value(condition.low)) && holds(operand, '<=', value(condition.high));
    }
    case 'in': {
      const operand = value(condition.operand);
      return condition.choices.some((choice) => holds(operand, '=', value(choice)));
    }
    default:
      return matches(condition.kind, value(condition.operand), value(condition.argument));
  }
}

/** Every attribute that the condition looks at. */
export function pathsIn(condition: Condition): readonly Path[] {
  switch (condition.kind) {
    case 'and':
    case 'or':
      return [...pathsIn(condition.left), ...pathsIn(condition.right)];
    case 'not':
      return pathsIn(condition.negated);
    case 'exists':
      return [condition.path];
    case 'comparison':
      return pathsOf(condition.left, condition.right);
    case 'between':
      return pathsOf(condition.operand, condition.low, condition.high);
    case 'in':
      return pathsOf(condition.operand, ...condition.choices);
    default:
      return pathsOf(condition.operand, condition.argument);
  }
}

const pathsOf = (...operands: readonly Operand[]): readonly Path[] =>
  operands.flatMap((operand): readonly Path[] => {
    if (operand.kind === 'size') return pathsOf(operand.of);
    return operand.kind === 'path' ? [operand.path] : [];
  });

function operandOf(operand: Operand, item: Attributes | undefined, bindings: Bindings): AttributeValue | undefined {
  if (operand.kind === 'value') return boundValue(operand.placeholder, bindings);
  if (operand.kind === 'path') return valueAt(item, operand.path, bindings);
  const sized = operandOf(operand.of, item, bindings);
  const size = sized?.S?.length ?? sized?.B?.byteLength ?? membersOf(sized)?.length;
  return size === undefined ? undefined : { N: String(size) };
}

const membersOf = (value: AttributeValue | undefined): readonly unknown[] | undefined =>
  value?.L ?? value?.SS ?? value?.NS ?? (value?.M && Object.keys(value.M));

/** A missing attribute equals nothing and has no order; it is unequal to everything, another missing one included. */
function holds(left: AttributeValue | undefined, comparator: Comparator, right: AttributeValue | undefined): boolean {
  if (left === undefined || right === undefined) return comparator === '<>';
  if (comparator === '=') return areEqual(left, right);
  if (comparator === '<>') return !areEqual(left, right);
  const order = compareValues(left, right);
  if (order === undefined) return false;
  if (comparator === '<') return order < 0;
  if (comparator === '<=') return order <= 0;
  return comparator === '>' ? order > 0 : order >= 0;
}

function matches(
  kind: 'begins_with' | 'contains' | 'attribute_type',
  operand: AttributeValue | undefined,
  argument: AttributeValue | undefined,
): boolean {
  if (operand === undefined || argument === undefined) return false;
  if (kind === 'attribute_type') return typeOf(operand) === argument.S;
  if (kind === 'begins_with') {
    if (argument.S === undefined) throw invalidRequest('Incorrect operand type for operator or function: begins_with');
    return operand.S?.startsWith(argument.S) ?? false;
  }
  if (operand.L !== undefined) return operand.L.some((each) => areEqual(each, argument));
  if (argument.S === undefined) return argument.N !== undefined && (operand.NS?.includes(argument.N) ?? false);
  return operand.S?.includes(argument.S) ?? operand.SS?.includes(argument.S) ?? false;
}
