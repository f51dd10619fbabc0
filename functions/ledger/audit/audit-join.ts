/** The second step: joins what was laid out in one shard, and checks each posting, account and hold that falls into it. */
import * as z from 'zod';
import type { AccountingDate } from '../../kernel/clock.ts';
import type { Subject } from '../chart-of-accounts.ts';
import { type AccountGroup, checkAccount, emptyAccount } from './audit-account.ts';
import { checkOwner, emptyOwner, type OwnerGroup } from './audit-days.ts';
import { decodeFacts, type Fact, toJson } from './audit-facts.ts';
import { auditKeys } from './audit-files.ts';
import { type Finding, findingSchema, nameOfFinding } from './audit-finding.ts';
import { checkHold, emptyHold, type HoldGroup } from './audit-hold.ts';
import type { Look } from './audit-plan.ts';
import { checkPosting, emptyPosting, type PostingGroup } from './audit-posting.ts';
import { factsOfShard } from './audit-scan.ts';
import type { AuditTables } from './audit-source.ts';

export const joinedSchema = z.object({ findings: z.array(findingSchema) });

/**
 * Holds the facts of one shard, some 100 MB. In the second look only what the first one found as well is kept.
 *
 * @returns how many findings there are
 */
export async function joinShard(
  { sources, files }: Pick<AuditTables, 'sources' | 'files'>,
  { look, shard }: { readonly look: Look; readonly shard: number },
): Promise<number> {
  const groups = new Groups();
  for await (const lines of factsOfShard(files, look, shard)) {
    for (const fact of decodeFacts(lines)) groups.add(fact);
  }
  const found = groups.check({
    payments: sources.some(({ vouchesForPayments }) => vouchesForPayments),
    subjects: new Set(sources.flatMap(({ vouchesFor = [] }) => vouchesFor)),
  });
  const keys = auditKeys(look.runId);
  const findings = look.number === 1 ? found : await alsoIn(files, keys.joined(1, shard), found);
  await files.write(keys.joined(look.number, shard), toJson({ findings }));
  return findings.length;
}

/** What a file of the first look names too. */
export async function alsoIn(
  files: AuditTables['files'],
  key: string,
  findings: readonly Finding[],
): Promise<readonly Finding[]> {
  const before = joinedSchema.parse(JSON.parse(await files.read(key)));
  const names = new Set(before.findings.map(nameOfFinding));
  return findings.filter((finding) => names.has(nameOfFinding(finding)));
}

interface Vouched {
  readonly payments: boolean;
  readonly subjects: ReadonlySet<Subject>;
}

/** Facts by what they are about. */
class Groups {
  private readonly findings: Finding[] = [];
  private readonly postings = new Map<string, PostingGroup>();
  private readonly accounts = new Map<string, AccountGroup>();
  private readonly holds = new Map<string, HoldGroup>();
  private readonly owners = new Map<string, OwnerGroup>();
  private readonly closed = new Map<AccountingDate, string>();

  add(fact: Fact): void {
    switch (fact.fact) {
      case 'entry':
        return void groupOf(this.postings, fact.postingId, emptyPosting).entries.push(fact);
      case 'posting':
        return void groupOf(this.postings, fact.postingId, emptyPosting).items.push(fact);
      case 'posting_claim':
        return void groupOf(this.postings, fact.claim.postingId, emptyPosting).claims.push(fact.claim);
      case 'reversal':
        return void groupOf(this.postings, fact.original, emptyPosting).reversals.push(fact);
      case 'reversing':
        return void groupOf(this.postings, fact.original, emptyPosting).reversing.push(fact);
      case 'slot':
        return void groupOf(this.accounts, fact.accountId, emptyAccount).slots.push(fact);
      case 'balance_claim':
        return void groupOf(this.accounts, fact.claim.accountId, emptyAccount).claims.push(fact.claim);
      case 'hold':
        return void groupOf(this.holds, fact.holdId, emptyHold).items.push(fact);
      case 'hold_entry':
        return void groupOf(this.holds, fact.holdId, emptyHold).entries.push(fact);
      case 'day':
        return void groupOf(this.owners, fact.owner, emptyOwner).days.push(fact);
      case 'owner_close':
        return void groupOf(this.owners, fact.owner, emptyOwner).closes.push(fact);
      case 'close':
        return void this.closed.set(fact.day, fact.run);
      case 'finding':
        return void this.findings.push(fact.finding);
    }
  }

  check({ payments, subjects }: Vouched): readonly Finding[] {
    const found = [...this.findings];
    for (const posting of this.postings.values()) found.push(...checkPosting(posting, payments));
    for (const account of this.accounts.values()) found.push(...checkAccount(account, subjects));
    for (const hold of this.holds.values()) found.push(...checkHold(hold));
    for (const owner of this.owners.values()) found.push(...checkOwner(owner, this.closed));
    return found;
  }
}

function groupOf<Key extends string, Group>(groups: Map<string, Group>, key: Key, empty: (key: Key) => Group): Group {
  const group = groups.get(key) ?? empty(key);
  groups.set(key, group);
  return group;
}
