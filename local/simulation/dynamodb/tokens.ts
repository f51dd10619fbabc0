/** The words of DynamoDB's expressions. */
import { invalidRequest } from './exceptions.ts';

const word = /\s*([A-Za-z_]\w*|[#:]\w+|\d+|<>|<=|>=|[=<>(),.[\]+-])\s*/y;

export class Tokens {
  readonly #words: readonly string[];
  readonly #expression: string;
  #next = 0;

  constructor(expression: string) {
    this.#expression = expression;
    this.#words = split(expression);
  }

  peek(): string | undefined {
    return this.#words[this.#next];
  }

  /** Takes the next word if it is this one; key words are the same in capitals and small letters. */
  accepts(expected: string): boolean {
    if (this.peek()?.toUpperCase() !== expected) return false;
    this.#next += 1;
    return true;
  }

  expect(expected: string): void {
    if (!this.accepts(expected)) this.fail(`expected ${expected}`);
  }

  /** Takes the next word, whatever it is. */
  take(): string {
    const taken = this.#words[this.#next++];
    return taken ?? this.fail('it ends too early');
  }

  expectEnd(): void {
    if (this.peek() !== undefined) this.fail('there is more than one expression');
  }

  fail(why: string): never {
    throw invalidRequest(
      `Invalid expression: Syntax error near ${this.peek() ?? 'the end'}, ${why}: ${this.#expression}`,
    );
  }

  /** The placeholders that begin with `#` or `:`. */
  placeholders(mark: '#' | ':'): ReadonlySet<string> {
    return new Set(this.#words.filter((each) => each.startsWith(mark)));
  }
}

function split(expression: string): string[] {
  const words: string[] = [];
  word.lastIndex = 0;
  while (word.lastIndex < expression.length) {
    const at = word.lastIndex;
    const [, found] = word.exec(expression) ?? [];
    if (found === undefined) throw invalidRequest(`Invalid expression: Syntax error at ${at}: ${expression}`);
    words.push(found);
  }
  return words;
}

/** `a , b , c` */
export function listOf<T>(tokens: Tokens, each: () => T): T[] {
  const found = [each()];
  while (tokens.accepts(',')) found.push(each());
  return found;
}
