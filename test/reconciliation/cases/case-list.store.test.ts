import { beforeAll, describe, expect, test } from '@jest/globals';
import type { AccountingDate } from '../../../functions/kernel/clock.ts';
import { idFrom } from '../../../functions/kernel/ids.ts';
import type { Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { listBatches } from '../../../functions/reconciliation/batch-list-store.ts';
import { type Difference, openCase, resolveCase } from '../../../functions/reconciliation/cases/case.ts';
import { type CaseFilter, listCases } from '../../../functions/reconciliation/cases/case-list-store.ts';
import { foundDifference, putOpenWrites } from '../../../functions/reconciliation/difference-store.ts';
import type { DifferenceType } from '../../../functions/reconciliation/difference-types.ts';
import { createTable, engines } from '../../support/engines.ts';

const indexes = [
  { name: 'by-institution', partitionKey: 'institutionId', sortKey: 'listKey' },
  { name: 'by-listing', partitionKey: 'listing', sortKey: 'listKey' },
];
const now = new Date('2026-03-02T12:00:00Z');
const at = (hours: number) => new Date(now.getTime() + hours * 3_600_000);

interface Made {
  readonly name: string;
  readonly severity: 'low' | 'medium' | 'high';
  readonly dueIn: number;
  readonly owner?: string;
  readonly type?: DifferenceType;
}

function made({ name, severity, dueIn, owner = 'ours', type = 'missing_in_books' }: Made): Difference {
  const series = { channel: 'bank', merchantNo: '1', date: '2026-03-01' as AccountingDate }; // a real day
  const found = foundDifference(series, {
    id: idFrom('diff', name),
    facts: { type, kind: 'collection', key: name, adjustment: 1n },
    digest: name,
    openedIn: 1,
    settlementAccountId: idFrom('acct', owner),
    currency: 'CNY',
    foundAt: now,
  });
  const facts = { institutionId: idFrom('inst', owner), urgency: { severity, dueAt: at(dueIn) }, postingId: undefined };
  return openCase(found, facts, { at: now });
}

describe.each(engines)('the list of cases on $name', ({ client }) => {
  let table: Table;

  beforeAll(async () => {
    table = await createTable(client(), 'reconciliation', { indexes });
    const commit = committer(table.client, { random: Math.random, sleepMs: async () => {} });
    const cases = [
      made({ name: 'late', severity: 'low', dueIn: -1 }),
      made({ name: 'soon', severity: 'low', dueIn: 2, type: 'duplicate' }),
      made({ name: 'next', severity: 'medium', dueIn: 1 }),
      made({ name: 'worst', severity: 'medium', dueIn: -2 }),
      made({ name: 'foreign', severity: 'high', dueIn: 3, owner: 'theirs' }),
    ];
    const done = made({ name: 'done', severity: 'low', dueIn: 5 });
    const resolved = resolveCase(done, { resolution: { kind: 'write_off' }, at: now }, { at: now });
    for (const each of [...cases, resolved]) await commit([...putOpenWrites(table, each)]);
  });

  const names = async (filter: CaseFilter = {}, scope: 'ours' | 'theirs' | 'everyone' = 'ours', limit = 10) => {
    const found: string[] = [];
    let after: string | undefined;
    do {
      const owner = scope === 'everyone' ? scope : idFrom('inst', scope);
      const page = await listCases(table, { scope: owner, filter, now, limit, ...(after !== undefined && { after }) });
      expect(page.items.length).toBeLessThanOrEqual(limit);
      found.push(...page.items.map(({ facts }) => facts.key));
      after = page.nextCursor === null ? undefined : Buffer.from(page.nextCursor, 'base64url').toString();
    } while (after !== undefined);
    return found;
  };

  test('goes by due time, page by page, each institution its own', async () => {
    for (const limit of [1, 2, 10]) {
      expect(await names({}, 'ours', limit)).toEqual(['worst', 'late', 'next', 'soon']);
      expect(await names({}, 'everyone', limit)).toEqual(['worst', 'late', 'next', 'soon', 'foreign']);
    }
    expect(await names({}, 'theirs')).toEqual(['foreign']);
  });

  test.each<[string, CaseFilter, string[]]>([
    ['what is overdue', { overdue: true }, ['worst', 'late']],
    ['what is not', { overdue: false }, ['next', 'soon']],
    ['a type', { type: 'duplicate' }, ['soon']],
    ['a severity as it is shown: overdue ones are one step higher', { severity: 'medium' }, ['late', 'next']],
    ['the highest one', { severity: 'high' }, ['worst']],
    ['the lowest one', { severity: 'low' }, ['soon']],
    ['another merchant number', { merchantNo: '2' }, []],
    ['a settlement account', { settlementAccountId: idFrom('acct', 'ours') }, ['worst', 'late', 'next', 'soon']],
    ['what is proposed', { status: 'proposed' }, []],
    ['what is resolved', { status: 'resolved' }, ['done']],
  ])('is narrowed to %s', async (_name, filter, expected) => {
    expect(await names(filter)).toEqual(expected);
  });

  test('is none of the list of reconciliations, whose indexes it shares', async () => {
    const request = { scope: 'everyone', filter: {}, limit: 50 } as const;
    expect((await listBatches(table, request)).items).toEqual([]);
  });
});
