import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { offeredResolutions } from '../../../functions/reconciliation/cases/resolution.ts';
import { compare, standingAlone, unexpected, unreported } from '../../../functions/reconciliation/compare.ts';
import type { DifferenceFacts } from '../../../functions/reconciliation/difference.ts';
import type { Expectation } from '../../../functions/reconciliation/expectation.ts';
import type { StagedLine } from '../../../functions/reconciliation/shard-rows.ts';
import type { LineKind } from '../../../functions/reconciliation/statement-line.ts';
import { expectation } from '../sample-day.ts';

const currency = 'CNY';
const rules = { currency, fees: 'per_line' } as Parameters<typeof compare>[2]; // all that it looks at

const ours = (kind: LineKind, status: Expectation['status'] = 'succeeded') =>
  expectation({ kind, status, fee: kind === 'payout_return' ? 0n : 60n });

const theirs = (kind: LineKind, some: Partial<StagedLine> = {}): StagedLine => ({
  lineNumber: 2,
  kind,
  ourReference: 'order-1',
  channelReference: 'trade-1',
  amount: 10_000n,
  fee: kind === 'payout_return' ? 0n : 60n,
  currency,
  status: 'succeeded',
  at: new Date(0),
  ...some,
});

type Case = readonly [order: string, here: string, there: string, facts: DifferenceFacts];

const differences = (...found: Parameters<typeof compare>) => compare(...found).differences;
const pair = (line: StagedLine, mine: Expectation) => differences({ line, parts: [line] }, mine, rules);
const alone = (line: StagedLine) => unexpected({ line, parts: [line] }, currency).differences;

const orders = ['collection', 'payout', 'refund', 'payout_return'] as const;

/** Every difference that a line and a payment of ours can show. */
const cases: readonly Case[] = orders.flatMap((kind) => {
  const of = (here: string, there: string, found: readonly DifferenceFacts[]) =>
    found.map((facts): Case => [kind, here, there, facts]);
  const line = theirs(kind);
  const duplicate = standingAlone(line, currency, { type: 'duplicate', key: 'x' });
  return [
    ...of('none', 'succeeded', alone(line)),
    ...(kind === 'payout_return'
      ? of('none', 'succeeded, without our number', alone(theirs(kind, { ourReference: '' })))
      : []),
    ...of('succeeded', 'none', unreported(ours(kind)).differences),
    ...of('succeeded', 'succeeded twice', [duplicate]),
    ...of('succeeded', 'more', pair(theirs(kind, { amount: 10_100n }), ours(kind))),
    ...of('succeeded', 'less', pair(theirs(kind, { amount: 9_900n }), ours(kind))),
    ...of('succeeded', 'another fee', pair(theirs(kind, { fee: 61n }), ours(kind))),
    ...of('succeeded', 'failed', pair(theirs(kind, { status: 'failed' }), ours(kind))),
    // a return is booked when it has happened
    ...(kind === 'payout_return' ? [] : of('failed', 'succeeded', pair(line, ours(kind, 'failed')))),
  ];
});

/** One row for all orders of which the same is offered. */
function table(): readonly (readonly string[])[] {
  const rows = new Map<string, { cells: string[]; orders: string[] }>();
  for (const [order, here, there, facts] of cases) {
    const offered = offeredResolutions({ facts, currency })
      .map((kind) => `\`${kind}\``)
      .join(', ');
    const key = [facts.type, here, there, offered].join('|');
    const row = rows.get(key) ?? { cells: [`\`${facts.type}\``, here, there, offered], orders: [] };
    rows.set(key, { ...row, orders: [...row.orders, order] });
  }
  return [...rows.values()]
    .map(({ cells: [type = '', ...rest], orders: some }) => [type, some.join(', '), ...rest])
    .sort(([one = ''], [other = '']) => one.localeCompare(other));
}

describe('what is offered', () => {
  test('is what the README says, for each difference of each order', () => {
    const readme = readFileSync(new URL('../../../functions/reconciliation/README.md', import.meta.url), 'utf8');
    const start = readme.split('\n').findIndex((line) => /^\| difference\s+\| order/.test(line));
    const lines = readme.split('\n').slice(start + 2);
    const shown = lines.slice(
      0,
      lines.findIndex((line) => !line.startsWith('|')),
    );
    const cells = shown.map((line) =>
      line
        .split('|')
        .slice(1, -1)
        .map((cell) => cell.trim()),
    );
    expect(cells).toEqual(table());
  });

  test('is always something: nobody is left with a case that can only wait', () => {
    for (const [, , , facts] of cases) {
      const closing = offeredResolutions({ facts, currency }).filter((kind) => kind !== 'await_correction');
      expect(closing.length).toBeGreaterThan(0);
    }
  });
});
