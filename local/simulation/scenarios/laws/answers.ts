/** Rule 4: a key has one answer and one operation, however often it is sent; that of a refusal too. */
import type { Evidence } from './evidence.ts';

export function* answersAreOne({ operations }: Evidence): Generator<string> {
  for (const { number, asked, told, operationIds } of operations) {
    const [first] = told;
    const other = told.find(({ status, body }) => status !== first?.status || body !== first.body);
    if (first && other) {
      yield `the key of request ${number} (${asked.kind}) was answered ${first.status} ${first.body} and later ${other.status} ${other.body}`;
    }
    if (operationIds.size > 1) yield `request ${number} (${asked.kind}) ran as ${operationIds.size} operations`;
  }
}
