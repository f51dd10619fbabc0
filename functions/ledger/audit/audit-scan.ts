/** The first step: reads one part of a table from end to end and lays what it says out by shard. */
import * as z from 'zod';
import type { Item, Table } from '../../kernel/table.ts';
import { getEntry } from '../entry-store.ts';
import { ChainFollower, chainProgressSchema } from './audit-chains.ts';
import { DaySums } from './audit-days.ts';
import { encodeFact, type Fact, keyOf, shardOfKey, toJson } from './audit-facts.ts';
import { type AuditFiles, auditKeys } from './audit-files.ts';
import { readItem } from './audit-items.ts';
import type { Look, ScanWork } from './audit-plan.ts';
import type { AuditSource, AuditTables, Claim } from './audit-source.ts';
import { scanPages } from './audit-store.ts';
import { Totals, totalsSchema } from './audit-totals.ts';

export interface ScanRequest {
  readonly look: Look;
  readonly scan: ScanWork;
  /** goes on where an earlier call has stopped */
  readonly resumed: boolean;
}

/** Sums of a day, an owner and a subject that are held before they are written. */
const heldDaySums = 20_000;

/** What is held in memory before it is written, in characters. */
const bufferedCharacters = 16 * 1024 ** 2;

const progressSchema = z.object({
  after: z.object({ pk: z.string(), sk: z.string() }),
  part: z.int(),
  chain: chainProgressSchema.optional(),
  totals: totalsSchema,
});

/**
 * Memory: one page of 1 MiB, the last link of one chain and the lines that wait to be written, whatever the size of the
 * table. Cost: 1 read unit per 4 KiB.
 *
 * @param mustStop asked after each page; a chain of any length may so be read by several calls
 * @returns false where the part is not at its end, and another call has to resume it
 */
export async function scanPart(
  { ledger, sources, files }: AuditTables,
  { look, scan, resumed }: ScanRequest,
  mustStop: () => boolean = () => false,
): Promise<boolean> {
  const keys = auditKeys(look.runId);
  const progress = resumed
    ? progressSchema.parse(JSON.parse(await files.read(keys.progress(look.number, scan.scan))))
    : undefined;
  const out = new ShardWriter({ files, look, scan: scan.scan, part: progress?.part ?? 0 });
  await out.open();
  const totals = new Totals();
  if (progress) totals.add(progress.totals);
  const reader =
    scan.table === 'ledger'
      ? await ledgerReader({ ledger, totals, out, chain: progress?.chain })
      : sourceReader({ source: sourceNamed(sources, scan.table), totals, out });

  const table = scan.table === 'ledger' ? ledger : sourceNamed(sources, scan.table).table;
  for await (const { items, next } of scanPages(table, scan, progress?.after)) {
    totals.counts.items += items.length;
    for (const item of items) reader.take(item);
    if (out.characters > bufferedCharacters) await out.flush('more');
    if (!next || !mustStop()) continue;
    reader.pause();
    await out.flush('more');
    const stored = { after: next, part: out.part, chain: reader.chain?.progress(), totals: totals.stored() };
    await files.write(keys.progress(look.number, scan.scan), toJson(stored));
    return false;
  }
  reader.end();
  await out.flush('end');
  await files.write(keys.scanned(look.number, scan.scan), toJson(totals.stored()));
  return true;
}

interface Reader {
  readonly take: (item: Item) => void;
  /** nothing is kept back that another call would not know */
  readonly pause: () => void;
  readonly end: () => void;
  readonly chain?: ChainFollower;
}

interface ReaderParts {
  readonly totals: Totals;
  readonly out: ShardWriter;
}

async function ledgerReader({
  ledger,
  totals,
  out,
  chain: progress,
}: ReaderParts & {
  readonly ledger: Table;
  readonly chain: z.output<typeof chainProgressSchema> | undefined;
}): Promise<Reader> {
  const last = progress && (await getEntry(ledger, progress));
  const chain = new ChainFollower(last);
  const days = new DaySums();
  const emitDays = () => {
    for (const fact of days.taken()) out.emit(fact);
  };
  const emitChain = (fact: Fact) => {
    if (fact.fact === 'slot') {
      totals.counts.chains += 1;
      if (fact.slot === 0) totals.counts.accounts += 1;
      totals.addBalances(fact.account, fact.after);
    }
    out.emit(fact);
  };
  return {
    chain,
    take: (item) => {
      const reading = readItem(item);
      if ('entry' in reading) {
        const { entry } = reading;
        totals.counts.entries += 1;
        totals.addMovement(entry);
        days.add(entry);
        if (days.size > heldDaySums) emitDays();
        for (const fact of chain.take(entry, out.isWanted(entry.accountId))) emitChain(fact);
      } else {
        if (reading.posting) totals.counts.postings += 1;
        if (reading.businessDates) totals.businessDates = reading.businessDates;
        if (reading.close) totals.closes.push(reading.close);
      }
      for (const fact of reading.facts) out.emit(fact);
    },
    pause: emitDays,
    end: () => {
      for (const fact of chain.end()) emitChain(fact);
      emitDays();
    },
  };
}

const sourceReader = ({ source, totals, out }: ReaderParts & { readonly source: AuditSource }): Reader => ({
  take: (item) => {
    for (const claim of claimsOf(source, item)) {
      totals.counts.claims += 1;
      out.emit(factOf(claim));
    }
  },
  pause: () => undefined,
  end: () => undefined,
});

function claimsOf(source: AuditSource, item: Item): readonly Claim[] {
  try {
    return [...source.claimsOf(item)];
  } catch (error) {
    const reason = error instanceof Error ? error.message.replaceAll(/\s+/g, ' ') : String(error);
    const detail = `${item['pk']} / ${item['sk']} of ${source.name}: ${reason}`;
    return [{ claims: 'damage', finding: { code: 'unreadable_item', detail } }];
  }
}

function factOf(claim: Claim): Fact {
  switch (claim.claims) {
    case 'posting':
      return { fact: 'posting_claim', claim: claim.posting };
    case 'balance':
      return { fact: 'balance_claim', claim: claim.balance };
    case 'damage':
      return { fact: 'finding', finding: claim.finding };
  }
}

function sourceNamed(sources: readonly AuditSource[], name: string): AuditSource {
  const source = sources.find((each) => each.name === name);
  if (!source) throw new Error(`there is no source ${name}`);
  return source;
}

/** Lines by shard. The last line of a file says whether another part follows it, so a reader asks for no list of files. */
class ShardWriter {
  characters = 0;
  part: number;
  private readonly target: { readonly files: AuditFiles; readonly look: Look; readonly scan: number };
  private readonly lines = new Map<number, string[]>();

  constructor({ part, ...target }: { files: AuditFiles; look: Look; scan: number; part: number }) {
    this.target = target;
    this.part = part;
  }

  /** Only the shards that this look joins. */
  async open(): Promise<void> {
    const { files, look } = this.target;
    for (const { shard } of await wantedShards(files, look)) this.lines.set(shard, []);
  }

  isWanted(key: string): boolean {
    return this.lines.has(shardOfKey(key, this.target.look.shards));
  }

  emit(fact: Fact): void {
    const key = keyOf(fact);
    if (key === undefined) {
      for (const lines of this.lines.values()) this.push(lines, fact);
    } else {
      const lines = this.lines.get(shardOfKey(key, this.target.look.shards));
      if (lines) this.push(lines, fact);
    }
  }

  private push(lines: string[], fact: Fact): void {
    const line = encodeFact(fact);
    lines.push(line);
    this.characters += line.length;
  }

  async flush(then: 'more' | 'end'): Promise<void> {
    const { files, look, scan } = this.target;
    const waiting = [...this.lines];
    // some at a time: a shard's file is small, and there may be a thousand of them
    for (let first = 0; first < waiting.length; first += writesAtOnce) {
      await Promise.all(
        waiting.slice(first, first + writesAtOnce).map(([shard, lines]) => {
          const key = auditKeys(look.runId).facts(look.number, { shard, scan, part: this.part });
          return files.write(key, `${lines.join('')}${then}\n`);
        }),
      );
    }
    for (const shard of this.lines.keys()) this.lines.set(shard, []);
    this.characters = 0;
    this.part += 1;
  }
}

const writesAtOnce = 16;

const shardsSchema = z.array(z.object({ shard: z.int() }));

const wantedShards = async (files: AuditFiles, look: Look) =>
  shardsSchema.parse(JSON.parse(await files.read(auditKeys(look.runId).shards(look.number))));

/** The facts of one shard, by whatever scan they were written. */
export async function* factsOfShard(files: AuditFiles, look: Look, shard: number): AsyncGenerator<string, void> {
  for (let scan = 0; scan < look.scans; scan++) {
    for (let part = 0; ; part++) {
      const text = await files.read(auditKeys(look.runId).facts(look.number, { shard, scan, part }));
      const end = text.lastIndexOf('\n', text.length - 2) + 1;
      yield text.slice(0, end);
      if (text.slice(end) === 'end\n') break;
    }
  }
}
