/** Plan: into how many parts the tables are read, and into how many shards what they say is laid out. */
import * as z from 'zod';
import { auditKeys } from './audit-files.ts';
import type { AuditTables } from './audit-source.ts';
import { countItems } from './audit-store.ts';

/** One part of one table: an item of the first map. */
export const scanWorkSchema = z.object({
  /** counted through all tables */
  scan: z.int(),
  /** `ledger`, or the name of a source */
  table: z.string(),
  segment: z.int(),
  segments: z.int(),
});

export type ScanWork = z.infer<typeof scanWorkSchema>;

/**
 * A scan is no snapshot: what commits while it runs is seen in part. So where the first look finds anything, the shards
 * concerned are looked at a second time, and only what stands both times is told.
 */
export const lookSchema = z.object({
  runId: z.string().regex(/^[\w.:-]{1,80}$/),
  number: z.int().min(1).max(2),
  scans: z.int(),
  shards: z.int(),
  scansKey: z.string(),
  shardsKey: z.string(),
});

export type Look = z.infer<typeof lookSchema>;

/** What one process reads and lays out in a minute or two, and joins within some 100 MB. */
const itemsPerScan = 200_000;
const itemsPerShard = 100_000;
const most = 1_000;

/** The least, so that small ledgers use several processors too, and tests several shards. */
const least = 4;

/**
 * @param size `small`: of no table the items are counted; any number of them passes through the least number of parts
 */
export async function planAudit(
  { ledger, sources, files }: AuditTables,
  { runId, size = 'counted' }: { readonly runId: string; readonly size?: 'small' | 'counted' | undefined },
): Promise<Look> {
  const tables = await Promise.all(
    [{ name: 'ledger', table: ledger }, ...sources].map(async ({ name, table }) => ({
      name,
      items: size === 'small' ? 0 : await countItems(table),
    })),
  );
  const scans = tables
    .flatMap(({ name, items }) => {
      const segments = within(Math.ceil(items / itemsPerScan));
      return Array.from({ length: segments }, (_, segment) => ({ table: name, segment, segments }));
    })
    .map((work, scan): ScanWork => ({ scan, ...work }));
  const shards = within(Math.ceil(tables.reduce((sum, { items }) => sum + items, 0) / itemsPerShard));
  const keys = auditKeys(runId);
  await Promise.all([
    files.write(keys.scans, JSON.stringify(scans)),
    files.write(keys.shards(1), JSON.stringify(Array.from({ length: shards }, (_, shard) => ({ shard })))),
  ]);
  return { runId, number: 1, scans: scans.length, shards, scansKey: keys.scans, shardsKey: keys.shards(1) };
}

const within = (count: number): number => Math.min(most, Math.max(least, count));
