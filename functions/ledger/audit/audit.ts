/**
 * The audit in one process, by the very steps that the workflow `audit-ledger` runs: plan, scan, join, conclude, and all of
 * it a second time for what was found.
 */
import * as z from 'zod';
import type { Table } from '../../kernel/table.ts';
import { concludeAudit } from './audit-conclude.ts';
import { auditKeys, memoryFiles } from './audit-files.ts';
import { joinShard } from './audit-join.ts';
import { type Look, planAudit, scanWorkSchema } from './audit-plan.ts';
import { type AuditReport, auditReportSchema } from './audit-report.ts';
import { scanPart } from './audit-scan.ts';
import type { AuditSource, AuditTables } from './audit-source.ts';

/** Reads and joins so many parts side by side: one process waits for the table more than it reckons. */
const partsAtOnce = 4;

/** A ledger small enough to be audited in memory, such as a test's: about 1 KB for each entry. */
export const auditLedger = (ledger: Table, sources: readonly AuditSource[] = []): Promise<AuditReport> =>
  runAudit({ ledger, sources, files: memoryFiles() }, { runId: 'audit', size: 'small' });

/** @param run `size` as for {@link planAudit}; a run's id names its files */
export async function runAudit(
  tables: AuditTables,
  run: { readonly runId: string; readonly size?: 'small' | 'counted' },
): Promise<AuditReport> {
  let look: Look | undefined = await planAudit(tables, run);
  let reportKey = '';
  while (look) {
    const concluded = await lookOnce(tables, look);
    look = concluded.next;
    reportKey = concluded.reportKey;
  }
  return auditReportSchema.parse(JSON.parse(await tables.files.read(reportKey)));
}

async function lookOnce(tables: AuditTables, look: Look) {
  const read = async (key: string): Promise<unknown> => JSON.parse(await tables.files.read(key));
  const scans = z.array(scanWorkSchema).parse(await read(look.scansKey));
  await forEach(scans, (scan) => scanPart(tables, { look, scan, resumed: false }));
  const shards = z.array(z.object({ shard: z.int() })).parse(await read(auditKeys(look.runId).shards(look.number)));
  await forEach(shards, ({ shard }) => joinShard(tables, { look, shard }));
  return concludeAudit(tables, look);
}

async function forEach<Part>(parts: readonly Part[], work: (part: Part) => Promise<unknown>): Promise<void> {
  const waiting = [...parts];
  const worker = async () => {
    for (let part = waiting.shift(); part !== undefined; part = waiting.shift()) await work(part);
  };
  await Promise.all(Array.from({ length: partsAtOnce }, worker));
}
