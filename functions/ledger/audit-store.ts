/** The audit of a deployed table. */
import { type AttributeValue, ScanCommand } from '@aws-sdk/client-dynamodb';
import { fromItem, type Item, type Table } from '../kernel/table.ts';
import { type AuditReport, auditItems } from './audit.ts';
import type { BooksCheck, Finding } from './books.ts';

/** Parts of the table that are read side by side. */
const segments = 4;

/**
 * Reads the whole table (1 read unit per 4 KiB) and audits it. A scan is no snapshot: postings that commit while it
 * runs are seen in part. So what is found is looked for a second time, and only what stands both times is told.
 */
export async function auditLedger(table: Table, checks: readonly BooksCheck[] = []): Promise<AuditReport> {
  const first = await auditItems(scanItems(table), checks);
  if (first.findings.length === 0) return first;
  const foundBefore = new Set(first.findings.map(nameOf));
  const second = await auditItems(scanItems(table), checks);
  return { ...second, findings: second.findings.filter((finding) => foundBefore.has(nameOf(finding))) };
}

const nameOf = ({ code, accountId, slot, seq, postingId, detail }: Finding): string =>
  JSON.stringify([code, accountId, slot, seq, postingId, detail]);

/** All items of a table, in no order; a page of each segment is under way at any time. */
export async function* scanItems(table: Table): AsyncGenerator<Item, void> {
  const pages = new Map(
    Array.from({ length: segments }, (_, segment) => [segment, scanPage(table, segment, undefined)] as const),
  );
  while (pages.size > 0) {
    const { segment, items, next } = await Promise.race(pages.values());
    if (next) pages.set(segment, scanPage(table, segment, next));
    else pages.delete(segment);
    for (const item of items) yield fromItem(item);
  }
}

async function scanPage(table: Table, segment: number, start: Record<string, AttributeValue> | undefined) {
  const page = await table.client.send(
    new ScanCommand({
      TableName: table.name,
      ConsistentRead: true,
      Segment: segment,
      TotalSegments: segments,
      ExclusiveStartKey: start,
    }),
  );
  return { segment, items: page.Items ?? [], next: page.LastEvaluatedKey };
}
