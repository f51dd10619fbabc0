import { ScanCommand } from '@aws-sdk/client-dynamodb';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { AccountId } from '../../../functions/kernel/ids.ts';
import { money } from '../../../functions/kernel/money.ts';
import type { Item, Table } from '../../../functions/kernel/table.ts';
import { committer } from '../../../functions/kernel/write.ts';
import { auditLedger } from '../../../functions/ledger/audit/audit.ts';
import { concludeAudit } from '../../../functions/ledger/audit/audit-conclude.ts';
import { memoryFiles } from '../../../functions/ledger/audit/audit-files.ts';
import { joinShard } from '../../../functions/ledger/audit/audit-join.ts';
import { planAudit } from '../../../functions/ledger/audit/audit-plan.ts';
import { auditReportSchema } from '../../../functions/ledger/audit/audit-report.ts';
import { scanPart } from '../../../functions/ledger/audit/audit-scan.ts';
import { changeAccount } from '../../../functions/ledger/change-account.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import { captureHold } from '../../../functions/ledger/holds/capture-hold.ts';
import { holdIdOf } from '../../../functions/ledger/holds/hold.ts';
import { placeHold } from '../../../functions/ledger/holds/place-hold.ts';
import { releaseHold } from '../../../functions/ledger/holds/release-hold.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { post } from '../../../functions/ledger/post.ts';
import { reverseTransfer } from '../../../functions/ledger/transfers/reverse-transfer.ts';
import { transferIdOf } from '../../../functions/ledger/transfers/transfer.ts';
import { transferMoney } from '../../../functions/ledger/transfers/transfer-money.ts';
import { clientThat, sendTo } from '../../../local/simulation/client.ts';
import { createMemoryStore } from '../../../local/simulation/memory-store.ts';
import { accountId, institutionId, member, noon, postingId, settlement, today, topUp } from '../samples.ts';
import { itemsOf, keyOf, openAll, whileTampered } from './audited-books.ts';

const caller = { kind: 'institution', clientId: 'shop', institutionId } as const;
const [A, B] = [accountId('A'), accountId('B')];

const step = fc.record({
  kind: fc.constantFrom('topUp', 'transfer', 'hold', 'capture', 'release', 'reversal', 'block', 'slots', 'overdraft'),
  amount: fc.bigInt({ min: 1n, max: 90n }),
  /** of the steps before, the one that it goes on from */
  earlier: fc.nat(),
  back: fc.boolean(),
});

type Step = typeof step extends fc.Arbitrary<infer Drawn> ? Drawn : never;

function memoryLedger(): Ledger {
  const client = createMemoryStore([{ name: 'ledger' }]);
  const pause = { random: () => 0.7, sleepMs: async () => undefined };
  return {
    table: { client, name: 'ledger' },
    commit: committer(client, pause, 'answered'),
    clock: () => noon,
    businessDate: async () => today,
    memory: headMemory(() => noon),
    ...pause,
  };
}

/** Whatever a step is refused, it is refused: the books are whole all the same. */
async function perform(ledger: Ledger, { kind, amount: minor, earlier, back }: Step, number: number): Promise<unknown> {
  const amount = money(minor, 'CNY');
  const operationId = postingId(`step ${number}`).slice('post_'.length);
  const [fromAccountId, toAccountId] = back ? [B, A] : [A, B];
  const reference = `step ${number === 0 ? 0 : earlier % number}`;
  const holdId = holdIdOf(caller, reference);
  const change = (accountId_: AccountId, terms: object) =>
    changeAccount(ledger, { accountId: accountId_, operationId, by: 'operator:anna', reason: 'agreed', terms });
  switch (kind) {
    case 'topUp':
      return post(ledger, topUp(`step ${number}`, back ? 'B' : 'A', minor));
    case 'transfer': {
      const order = { fromAccountId, toAccountId, amount, reference: `step ${number}` };
      return transferMoney(ledger, { institutionId, by: 'institution:shop' }, order);
    }
    case 'hold':
      return placeHold(ledger, {
        caller,
        accountId: fromAccountId,
        amount,
        reference: `step ${number}`,
        reason: 'room',
      });
    case 'capture':
      return captureHold(ledger, { caller, holdId, toAccountId, amount, operationId });
    case 'release':
      return releaseHold(ledger, { caller, holdId, amount, operationId });
    case 'reversal': {
      const transferId = transferIdOf(institutionId, reference);
      return reverseTransfer(ledger, {
        institutionId,
        by: 'institution:shop',
        transferId,
        amount,
        reason: 'wrong',
        operationId,
      });
    }
    case 'block':
      return change(fromAccountId, { status: back ? 'active' : 'debit_blocked' });
    case 'slots':
      return change(A, { slots: 3 });
    case 'overdraft':
      return change(fromAccountId, { floor: -minor });
  }
}

async function booksOf(steps: readonly Step[]): Promise<Ledger> {
  const ledger = memoryLedger();
  await openAll(ledger, [settlement('S', 2), member('A'), member('B')]);
  await post(ledger, topUp('first', 'A', 500n));
  for (const [number, drawn] of steps.entries()) await perform(ledger, drawn, number);
  return ledger;
}

const steps = fc.array(step, { minLength: 3, maxLength: 14 });

/** Another value of the same kind, somewhere inside it. */
function altered(value: unknown, draw: () => number): unknown {
  if (typeof value === 'bigint') return value + BigInt(1 + (draw() % 5));
  if (value === null) return 0n;
  if (Array.isArray(value) && value.length > 0) {
    const at = draw() % value.length;
    return draw() % 4 === 0 ? value.toSpliced(at, 1) : value.with(at, altered(value[at], draw));
  }
  if (typeof value === 'object') {
    const names = Object.keys(value);
    const name = names[draw() % names.length] ?? 'more';
    const inside: Item = { ...value };
    return { ...inside, [name]: altered(inside[name], draw) };
  }
  const text = String(value);
  const at = draw() % (text.length || 1);
  return `${text.slice(0, at)}${text[at] === '0' ? '1' : '0'}${text.slice(at + 1)}`;
}

/** The same table, as a client sees it that is told of each page of a scan before it is read. */
const watched = (table: Table, onScan: (scan: ScanCommand) => Promise<unknown>): Table => ({
  ...table,
  client: clientThat(async (command) => {
    if (command instanceof ScanCommand) await onScan(command);
    return sendTo(table.client, command);
  }),
});

describe('the audit of books in use', () => {
  test('tells nothing of postings that commit while it reads, and of damage all the same', async () => {
    const ledger = await booksOf([]);
    let posted = 0;
    // every page of both looks is read between two postings, which it therefore sees in part
    const busy = watched(ledger.table, () => post(ledger, topUp(`live ${posted++}`, posted % 2 === 0 ? 'A' : 'B', 1n)));
    const { findings, looks } = await auditLedger(busy);
    expect(posted).toBeGreaterThan(4);
    expect(looks).toBe(2);
    expect(findings).toEqual([]);

    const tampering = { removed: [{ pk: `POSTING#${postingId('first')}`, sk: 'POSTING' }] };
    const damaged = await whileTampered(ledger.table, tampering, () => auditLedger(busy));
    expect(new Set(damaged.findings.map(({ postingId: id }) => id))).toEqual(new Set([postingId('first')]));
  });

  test('goes on with a part where an earlier call has stopped, be it within a chain', async () => {
    const ledger = await booksOf([]);
    for (let number = 0; number < 9; number++) await post(ledger, topUp(`more ${number}`, 'A', 5n));
    const table = watched(ledger.table, async (scan) => {
      scan.input.Limit = 2;
    });
    const findings = async () => {
      const tables = { ledger: table, sources: [], files: memoryFiles() };
      const look = await planAudit(tables, { runId: 'stopping', size: 'small' });
      let calls = 0;
      for (let scan = 0; scan < look.scans; scan++) {
        const request = { look, scan: { scan, table: 'ledger', segment: scan, segments: look.scans } };
        for (let done = false, resumed = false; !done; resumed = true) {
          done = await scanPart(tables, { ...request, resumed }, () => true);
          calls += 1;
        }
      }
      expect(calls).toBeGreaterThan(12);
      for (let shard = 0; shard < look.shards; shard++) await joinShard(tables, { look, shard });
      await concludeAudit(tables, look);
      const report = auditReportSchema.parse(JSON.parse(await tables.files.read('reports/stopping.json')));
      expect(report.counts).toMatchObject({ accounts: 3, entries: 4 + 20 });
      return report.findings;
    };
    expect(await findings()).toEqual([]);
  });
});

describe('the audit of random books', () => {
  test('finds nothing where nobody has tampered', async () => {
    await fc.assert(
      fc.asyncProperty(steps, async (drawn) => {
        const { findings } = await auditLedger((await booksOf(drawn)).table);
        expect(findings).toEqual([]);
      }),
      { numRuns: 25 },
    );
  });

  test('finds any one attribute of any item that was changed, removed or added', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), async (drawn, picks) => {
        const { table } = await booksOf(drawn);
        const items = await itemsOf(table);
        for (const pick of picks) {
          let left = pick;
          const draw = () => {
            left = (left * 1_103_515_245 + 12_345) % 2_147_483_648;
            return left >>> 8;
          };
          const item = items[draw() % items.length] ?? {};
          const names = [...Object.keys(item), 'colour'];
          const name = names[draw() % names.length] ?? '';
          const { [name]: value, ...without } = item;
          const isKey = name === 'pk' || name === 'sk';
          const changed =
            value !== undefined && !isKey && draw() % 4 === 0 ? without : { ...item, [name]: altered(value, draw) };
          const tampering = { removed: isKey ? [keyOf(item)] : [], written: [changed] };
          const { findings } = await whileTampered(table, tampering, () => auditLedger(table));
          expect({ item, changed, found: findings.length > 0 }).toEqual({ item, changed, found: true });
        }
      }),
      { numRuns: 12 },
    );
  });

  test('finds any item that is gone, but for the last word on the terms of an account', async () => {
    await fc.assert(
      fc.asyncProperty(steps, fc.array(fc.nat(), { minLength: 8, maxLength: 8 }), async (drawn, picks) => {
        const { table } = await booksOf(drawn);
        const items = await itemsOf(table);
        for (const pick of picks) {
          const item = items[pick % items.length] ?? {};
          // nothing but its own chain speaks of such an entry, and of its end only what comes after it
          if (item['type'] === 'account_change' || item['type'] === 'account_opening') continue;
          const { findings } = await whileTampered(table, { removed: [keyOf(item)] }, () => auditLedger(table));
          expect({ item, found: findings.length > 0 }).toEqual({ item, found: true });
        }
      }),
      { numRuns: 12 },
    );
  });
});
