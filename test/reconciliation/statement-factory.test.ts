/** Every format is held to days whose differences are known: it finds them all, and nothing else. */
import { readdirSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { factories, measureFormat } from '../../bench/reconciling/formats-table.ts';
import { inThisProcess } from '../../bench/reconciling/workers.ts';
import type { StatementFactory } from '../../bench/statement-factory/statement-writer.ts';

const size = { seed: 7, orders: 300, orderOfEach: 20, orderOfKind: 4 };
const named = factories.map((factory) => [factory.format, factory] as const);
const measure = (factory: StatementFactory, labels = factory.labels) =>
  measureFormat(factory, { ...size, labels }, inThisProcess);

test('every format has a writer, but the one that tells of nothing that we expect', () => {
  const formats = readdirSync(new URL('../../functions/reconciliation/formats', import.meta.url));
  const names = formats.map((file) => file.replace(/\.ts$/, ''));
  // payouts to our own bank: the arrival check looks for those, and no payment of ours stands against them
  const withoutPayments = ['stripe-payouts'];
  expect(factories.map(({ format }) => format)).toEqual(names.filter((name) => !withoutPayments.includes(name)));
});

describe.each(named)('a day in %s', (_, factory) => {
  test('has every difference found that was put into it, and no other', async () => {
    const { labels } = factory;
    const found = await measure(factory);
    expect(found).toMatchObject({ precision: 1, recall: 1, lineErrors: 15 });
    const silent = ['completed', 'matched_by_trade_number', 'ignored'];
    expect(found.labelled).toBe(15 * labels.filter((label) => !silent.includes(label)).length);
  });

  test('adds up to what its file says of itself', async () => {
    const readable = factory.labels.filter((label) => label !== 'line_error');
    const found = await measure(factory, readable);
    expect(found).toMatchObject({ precision: 1, recall: 1, lineErrors: 0, tied: true });
  });
});
