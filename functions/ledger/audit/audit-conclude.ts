/** The last step: the laws of the books as a whole, and the verdict. */
import * as z from 'zod';
import { addDays } from '../../kernel/clock.ts';
import { toJson } from './audit-facts.ts';
import { type AuditFiles, auditKeys } from './audit-files.ts';
import type { Finding } from './audit-finding.ts';
import { alsoIn, joinedSchema } from './audit-join.ts';
import { type Look, lookSchema } from './audit-plan.ts';
import type { AuditReport } from './audit-report.ts';
import type { AuditTables } from './audit-source.ts';
import { type StoredTotals, Totals, totalsSchema } from './audit-totals.ts';
import { trialBalance } from './trial-balance.ts';

/** `again`: something was found, and stands to be looked at a second time. */
export const verdictSchema = z.object({
  verdict: z.enum(['clean', 'damaged', 'again']),
  findings: z.int(),
  /** the first of them, in words */
  first: z.array(z.string()),
  reportKey: z.string(),
  /** the look that is to follow */
  next: lookSchema.optional(),
});

export type Verdict = z.infer<typeof verdictSchema>;

/** So many fit the cause of an execution that fails. */
const namedInVerdict = 10;

export async function concludeAudit({ sources, files }: AuditTables, look: Look): Promise<Verdict> {
  const keys = auditKeys(look.runId);
  const totals = new Totals();
  for (let scan = 0; scan < look.scans; scan++) {
    totals.add(totalsSchema.parse(JSON.parse(await files.read(keys.scanned(look.number, scan)))));
  }
  const books = totals.stored();
  const ofWhole = await keepStanding(files, look, [...checkWhole(books), ...checkDays(books)]);
  const damaged: number[] = [];
  const findings: Finding[] = [...ofWhole];
  for (const shard of await shardsOf(files, look)) {
    const joined = joinedSchema.parse(JSON.parse(await files.read(keys.joined(look.number, shard))));
    if (joined.findings.length > 0) damaged.push(shard);
    findings.push(...joined.findings);
  }
  const report: AuditReport = {
    runId: look.runId,
    looks: look.number,
    tables: ['ledger', ...sources.map(({ name }) => name)],
    counts: books.counts,
    trialBalance: [...trialBalance(books.balances)],
    findings,
  };
  await files.write(keys.report, toJson(report));
  const told = {
    findings: findings.length,
    first: findings.slice(0, namedInVerdict).map(inWords),
    reportKey: keys.report,
  };
  if (findings.length === 0) return { verdict: 'clean', ...told };
  if (look.number === 2) return { verdict: 'damaged', ...told };
  const next = { ...look, number: 2, shardsKey: keys.shards(2) };
  await files.write(next.shardsKey, JSON.stringify(damaged.map((shard) => ({ shard }))));
  return { verdict: 'again', ...told, next };
}

async function shardsOf(files: AuditFiles, look: Look): Promise<readonly number[]> {
  const stored = JSON.parse(await files.read(look.shardsKey));
  return z
    .array(z.object({ shard: z.int() }))
    .parse(stored)
    .map(({ shard }) => shard);
}

async function keepStanding(files: AuditFiles, look: Look, found: readonly Finding[]): Promise<readonly Finding[]> {
  const keys = auditKeys(look.runId);
  const findings = look.number === 1 ? found : await alsoIn(files, keys.wholeBooks(1), found);
  await files.write(keys.wholeBooks(look.number), toJson({ findings }));
  return findings;
}

/**
 * The trial balance is what the accounts' entries have moved. That its sides are equal follows from every posting's sum;
 * here it is not asked, since postings that commit meanwhile are seen in part and put it out by a little.
 */
function* checkWhole({ balances, movements }: StoredTotals): Generator<Finding, void> {
  const moved = new Map<string, bigint>();
  for (const { subject, currency, debits } of movements) {
    const name = `${subject} ${currency}`;
    moved.set(name, (moved.get(name) ?? 0n) + debits);
  }
  for (const { subject, currency, debits } of balances) {
    const differs = debits - (moved.get(`${subject} ${currency}`) ?? 0n);
    if (differs === 0n) continue;
    const detail = `the accounts of ${subject} hold ${differs} ${currency} more than their entries moved`;
    yield { code: 'unbalanced_books', detail };
  }
}

/** The open day is not behind its entries; every day up to the last closed one is closed, with the figures of its entries. */
function* checkDays({ days, businessDates, closes }: StoredTotals): Generator<Finding, void> {
  const { open, first, closedThrough } = businessDates ?? {};
  for (const date of new Set(days.map((each) => each.date))) {
    if (open === undefined || date <= open) continue;
    yield { code: 'goes_ahead', detail: `entries are booked on ${date}, and the open day is ${open}` };
  }
  const byDay = new Map(closes.map((close) => [close.day, close]));
  const differs = (detail: string): Finding => ({ code: 'close_differs', detail });
  for (let day = first; day && closedThrough && day <= closedThrough; day = addDays(day, 1)) {
    if (!byDay.has(day)) yield differs(`${day}: the close of the day is missing`);
  }
  for (const { day, entries, turnover } of closes) {
    if (closedThrough === undefined || day > closedThrough || (first && day < first)) {
      yield differs(`${day}: the day stands as closed, and is none of the closed days`);
    }
    const ofDay = days.filter(({ date }) => date === day);
    const counted = ofDay.reduce((sum, each) => sum + each.entries, 0);
    if (counted !== entries) yield differs(`${day}: the day has ${counted} entries, its close ${entries}`);
    for (const currency of new Set([...ofDay, ...turnover].map((each) => each.currency))) {
      const ours = ofDay.find((each) => each.currency === currency)?.debits ?? 0n;
      const theirs = turnover.find((each) => each.currency === currency)?.amount ?? 0n;
      if (ours !== theirs) yield differs(`${day}: the entries turn over ${ours} ${currency}, the close says ${theirs}`);
    }
  }
}

const inWords = ({ code, accountId, slot, seq, postingId, transactionId, detail }: Finding): string =>
  [
    code,
    accountId && `account ${accountId}`,
    slot !== undefined && `slot ${slot}`,
    seq !== undefined && `entry ${seq}`,
    postingId && `posting ${postingId}`,
    transactionId && `transaction ${transactionId}`,
    detail.slice(0, 200),
  ]
    .filter((part) => part !== undefined && part !== false)
    .join(' · ');
