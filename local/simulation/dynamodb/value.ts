/** Attribute values as DynamoDB keeps, compares and orders them. */
import type { AttributeValue } from '@aws-sdk/client-dynamodb';
import { invalidRequest } from './exceptions.ts';
import { canonicalNumber, compareNumbers } from './number.ts';

export type Attributes = Readonly<Record<string, AttributeValue>>;

/** The letter under which a value is carried: `S`, `N`, `BOOL`, `L` … */
export function typeOf(value: AttributeValue): string {
  for (const type in value) return type;
  throw invalidRequest('Supplied AttributeValue is empty, must contain exactly one of the supported datatypes');
}

/** What is kept belongs to the store alone: a deep copy with numbers in one spelling, which nobody can change. */
export function keptItem(item: Attributes): Record<string, AttributeValue> {
  const kept: Record<string, AttributeValue> = {};
  for (const name in item) kept[name] = keptValue(item[name]);
  return Object.freeze(kept);
}

export function keptValue(value: AttributeValue | undefined): AttributeValue {
  if (value === undefined) throw invalidRequest('Supplied AttributeValue is empty');
  return Object.freeze(copyOf(value));
}

function copyOf(value: AttributeValue): AttributeValue {
  if (value.S !== undefined) return { S: value.S };
  if (value.N !== undefined) return { N: canonicalNumber(value.N) };
  if (value.BOOL !== undefined) return { BOOL: value.BOOL };
  if (value.NULL !== undefined) return { NULL: value.NULL };
  if (value.M !== undefined) return { M: keptItem(value.M) };
  if (value.L !== undefined) return { L: Object.freeze(value.L.map(keptValue)) as AttributeValue[] }; // the SDK's type is mutable
  if (value.B !== undefined) return { B: value.B.slice() };
  if (value.SS !== undefined) return { SS: members(value.SS) };
  if (value.NS !== undefined) return { NS: members(value.NS.map(canonicalNumber)) };
  throw new Error(`the simulated DynamoDB keeps no ${typeOf(value)}`);
}

function members(set: readonly string[]): string[] {
  if (set.length === 0) throw invalidRequest('One or more parameter values were invalid: An set may not be empty');
  if (new Set(set).size < set.length) {
    throw invalidRequest('One or more parameter values were invalid: Input collection contains duplicates');
  }
  return [...set];
}

/** Numbers by value, lists and maps by content, sets without order; values of two types are never equal. */
export function areEqual(left: AttributeValue, right: AttributeValue): boolean {
  if (left.S !== undefined) return left.S === right.S;
  if (left.N !== undefined) return right.N !== undefined && compareNumbers(left.N, right.N) === 0;
  if (left.BOOL !== undefined) return left.BOOL === right.BOOL;
  if (left.NULL !== undefined) return right.NULL !== undefined;
  if (left.B !== undefined) return right.B !== undefined && Buffer.compare(left.B, right.B) === 0;
  if (left.M !== undefined) return right.M !== undefined && haveEqualAttributes(left.M, right.M);
  if (left.L !== undefined) {
    const others = right.L;
    return (
      others?.length === left.L.length &&
      left.L.every((each, index) => {
        const other = others[index];
        return other !== undefined && areEqual(each, other);
      })
    );
  }
  const [ours, theirs] = left.SS !== undefined ? [left.SS, right.SS] : [left.NS, right.NS];
  return ours !== undefined && theirs?.length === ours.length && ours.every((each) => theirs.includes(each));
}

export function haveEqualAttributes(left: Attributes, right: Attributes): boolean {
  const names = Object.keys(left);
  return (
    names.length === Object.keys(right).length &&
    names.every((name) => {
      const [ours, theirs] = [left[name], right[name]];
      return ours !== undefined && theirs !== undefined && areEqual(ours, theirs);
    })
  );
}

/** @returns negative, 0 or positive; undefined for two types, and for types without an order */
export function compareValues(left: AttributeValue, right: AttributeValue): number | undefined {
  if (left.S !== undefined && right.S !== undefined) return compareText(left.S, right.S);
  if (left.N !== undefined && right.N !== undefined) return compareNumbers(left.N, right.N);
  if (left.B !== undefined && right.B !== undefined) return Buffer.compare(left.B, right.B);
  return undefined;
}

/** The order of the UTF-8 bytes, which is DynamoDB's; JavaScript's `<` differs behind U+D800. */
export function compareText(left: string, right: string): number {
  const common = Math.min(left.length, right.length);
  for (let at = 0; at < common; at++) {
    const [a, b] = [left.charCodeAt(at), right.charCodeAt(at)];
    if (a !== b) return a >= 0xd800 && b >= 0xd800 ? behindSurrogates(a) - behindSurrogates(b) : a - b;
  }
  return left.length - right.length;
}

/** Moves the surrogates, which stand for the characters from U+10000 on, behind all others. */
const behindSurrogates = (unit: number): number => (unit >= 0xe000 ? unit - 0x800 : unit + 0x2000);
