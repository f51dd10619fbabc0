/**
 * Random holds, transfers, batches, reversals and changes of accounts, each beside a model in plain numbers: after every
 * step the answer and all balances are the model's.
 */
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import type { AccountStatus } from '../../../functions/ledger/account.ts';
import { requestChange } from '../../../functions/ledger/account-changes.ts';
import { auditLedger } from '../../../functions/ledger/audit/audit.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import { expireHolds } from '../../../functions/ledger/holds/expire-holds.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { readAccount } from '../../../functions/ledger/read-account.ts';
import { reverseTransfer } from '../../../functions/ledger/transfers/reverse-transfer.ts';
import { transferIdOf } from '../../../functions/ledger/transfers/transfer.ts';
import { previewAll, transferAll, transferEach } from '../../../functions/ledger/transfers/transfer-batch.ts';
import { transferMoney } from '../../../functions/ledger/transfers/transfer-money.ts';
import { engines } from '../../support/engines.ts';
import { ledgerOn } from '../ledger-on.ts';
import {
  capture,
  cny,
  codeOf,
  openWith,
  operationIdOf,
  operator,
  order,
  party,
  place,
  release,
} from '../movements-on.ts';
import { accountId, institutionId, noon } from '../samples.ts';

const names = ['A', 'B', 'C'] as const;
type Name = (typeof names)[number];

/** What the books should say, and nothing of how they say it. */
class Model {
  readonly accounts = Object.fromEntries(
    names.map((name) => [
      name,
      { available: name === 'A' ? 300 : 50, frozen: 0, floor: 0, slots: 1, status: 'active' as AccountStatus },
    ]),
  ) as Record<Name, { available: number; frozen: number; floor: number; slots: number; status: AccountStatus }>;
  readonly holds: { account: Name; remaining: number; expires: number | undefined }[] = [];
  readonly transfers: { from: Name; to: Name; left: number }[] = [];
  minute = 0;

  /** The laws of a posting between two accounts, from its available or its frozen balance. */
  pay(from: Name, to: Name, amount: number, out: 'available' | 'frozen' = 'available'): string {
    const [source, target] = [this.accounts[from], this.accounts[to]];
    for (const [status, gives] of [
      [source.status, true],
      [target.status, false],
    ] as const) {
      if (status === 'blocked' || (gives && status === 'debit_blocked')) return 'account_blocked';
    }
    if (out === 'available' && source.available - amount < source.floor) return 'insufficient_funds';
    source[out] -= amount;
    target.available += amount;
    return 'done';
  }
}

interface World {
  readonly ledger: Ledger;
  step: number;
}

type Step = fc.AsyncCommand<Model, World>;

/** A step that always may happen; `run` tells what the books and what the model answer. */
const step = (
  name: string,
  run: (model: Model, world: World) => Promise<readonly [real: string, expected: string]>,
): Step => ({
  check: () => true,
  run: async (model, world) => {
    world.step += 1;
    const [real, expected] = await run(model, world);
    expect([name, real]).toEqual([name, expected]);
    for (const each of names) {
      const account = await readAccount(world.ledger, accountId(each));
      const { available, frozen, floor, slots, status } = model.accounts[each];
      expect({ ...account, name }).toMatchObject({
        name,
        balances: { available: BigInt(available), frozen: BigInt(frozen) },
        floor: BigInt(floor),
        slots,
        status,
      });
    }
  },
  toString: () => name,
});

const at = (model: Model) => new Date(noon.getTime() + model.minute * 60_000);
/** Half of the steps are made by a process that remembers, half by one that has just begun. */
const now = (model: Model, { ledger, step: count }: World): Ledger => ({
  ...ledger,
  clock: () => at(model),
  ...(count % 2 === 0 && { memory: headMemory(() => at(model)) }),
});

const nameOf = fc.constantFrom(...names);
const pairOf = fc.shuffledSubarray([...names], { minLength: 2, maxLength: 2 });
const amountOf = fc.integer({ min: 1, max: 120 });

const placing = fc
  .tuple(nameOf, amountOf, fc.option(fc.integer({ min: 1, max: 6 }), { nil: undefined }))
  .map(([account, amount, life]) =>
    step(`hold ${amount} of ${account} for ${life}`, async (model, world) => {
      const expires = life === undefined ? undefined : model.minute + life;
      const outcome = await place(now(model, world), account, BigInt(amount), {
        reference: `H${model.holds.length}-${world.step}`,
        ...(expires !== undefined && { expiresAt: new Date(noon.getTime() + expires * 60_000) }),
      });
      const facts = model.accounts[account];
      const expected =
        facts.status !== 'active'
          ? 'account_blocked'
          : facts.available - amount < facts.floor
            ? 'insufficient_funds'
            : 'done';
      if (expected === 'done') {
        facts.available -= amount;
        facts.frozen += amount;
        model.holds.push({ account, remaining: amount, expires });
        references.push(`H${model.holds.length - 1}-${world.step}`);
      }
      return [codeOf(outcome), expected];
    }),
  );

/** of the holds of the run at hand, by their place in the model */
let references: string[] = [];

const holdStep = (kind: 'capture' | 'release') =>
  fc.tuple(fc.nat({ max: 5 }), nameOf, fc.option(amountOf, { nil: undefined })).map(([pick, to, amount]) =>
    step(`${kind} ${amount ?? 'all'} of hold ${pick} to ${to}`, async (model, world) => {
      const hold = model.holds[pick % Math.max(1, model.holds.length)];
      const reference = references[pick % Math.max(1, model.holds.length)];
      if (!hold || reference === undefined) return ['none', 'none'];
      const part = {
        reference,
        operation: `${kind} ${world.step}`,
        ...(amount !== undefined && { amount: BigInt(amount) }),
      };
      const ledger = now(model, world);
      const outcome = codeOf(await (kind === 'capture' ? capture(ledger, to, part) : release(ledger, part)));
      const taken = amount ?? hold.remaining;
      const law = (): string => {
        if (kind === 'capture' && to === hold.account) return 'same_account';
        if (hold.remaining === 0) return 'hold_ended';
        if (kind === 'capture' && hold.expires !== undefined && hold.expires <= model.minute) return 'hold_expired';
        if (taken > hold.remaining) return 'exceeds_hold';
        if (kind === 'capture') return model.pay(hold.account, to, taken, 'frozen');
        model.accounts[hold.account].frozen -= taken;
        model.accounts[hold.account].available += taken;
        return 'done';
      };
      const expected = law();
      if (expected === 'done') hold.remaining -= taken;
      return [outcome, expected];
    }),
  );

const expiring = fc.integer({ min: 0, max: 4 }).map((minutes) =>
  step(`${minutes} minutes pass, and what is over is released`, async (model, world) => {
    model.minute += minutes;
    const { released } = await expireHolds(now(model, world));
    const over = model.holds.filter(
      ({ remaining, expires }) => remaining > 0 && expires !== undefined && expires <= model.minute,
    );
    for (const hold of over) {
      model.accounts[hold.account].frozen -= hold.remaining;
      model.accounts[hold.account].available += hold.remaining;
      hold.remaining = 0;
    }
    return [`${released}`, `${over.length}`];
  }),
);

const legOf = fc.tuple(pairOf, amountOf);
const batching = fc
  .tuple(fc.array(legOf, { minLength: 1, maxLength: 4 }), fc.constantFrom('one', 'all', 'each'))
  .map(([legs, mode]) =>
    step(`transfer ${mode} ${legs.map(([[from, to], amount]) => `${from}-${amount}-${to}`)}`, async (model, world) => {
      const ledger = now(model, world);
      const used = mode === 'one' ? legs.slice(0, 1) : legs;
      const first = transferNames.length;
      const orders = used.map(([[from = 'A', to = 'B'], amount], n) =>
        order(`T${world.step}-${n}`, from, to, BigInt(amount)),
      );
      const before = structuredClone(model.accounts);
      const expected = used.map(([[from = 'A', to = 'B'], amount]) => model.pay(from, to, amount));
      const refusal = expected.find((code) => code !== 'done');
      const undo = mode === 'all' && refusal !== undefined;
      if (undo) Object.assign(model.accounts, before);
      for (const [n, [[from = 'A', to = 'B'], amount]] of used.entries()) {
        if (undo || expected[n] !== 'done') continue;
        model.transfers.push({ from, to, left: amount });
        transferNames.push(`T${world.step}-${n}`);
      }
      expect(transferNames.length - first).toBe(model.transfers.length - first);
      if (mode === 'each') return [(await transferEach(ledger, party, orders)).map(codeOf).join(), expected.join()];
      if (mode === 'all') {
        const preview = await previewAll(ledger, party, orders);
        const outcome = await transferAll(ledger, party, orders);
        expect(isRefusal(preview) ? preview : preview.map(({ balances }) => balances)).toEqual(
          isRefusal(outcome) ? outcome : outcome.map(({ balances }) => balances),
        );
        return [codeOf(outcome), refusal ?? 'done'];
      }
      const [only] = orders;
      return [only ? codeOf(await transferMoney(ledger, party, only)) : 'none', expected.join()];
    }),
  );

/** of the transfers of the run at hand, by their place in the model */
let transferNames: string[] = [];

const reversing = fc.tuple(fc.nat({ max: 5 }), fc.option(amountOf, { nil: undefined })).map(([pick, amount]) =>
  step(`reverse ${amount ?? 'all'} of transfer ${pick}`, async (model, world) => {
    const transfer = model.transfers[pick % Math.max(1, model.transfers.length)];
    const name = transferNames[pick % Math.max(1, model.transfers.length)];
    if (!transfer || name === undefined) return ['none', 'none'];
    const outcome = await reverseTransfer(now(model, world), {
      ...party,
      transferId: transferIdOf(institutionId, name),
      amount: amount === undefined ? undefined : cny(BigInt(amount)),
      reason: 'in error',
      operationId: operationIdOf(`reversal ${world.step}`),
    });
    const taken = amount ?? transfer.left;
    const expected =
      taken === 0 || taken > transfer.left ? 'exceeds_original' : model.pay(transfer.to, transfer.from, taken);
    if (expected === 'done') transfer.left -= taken;
    return [codeOf(outcome), expected];
  }),
);

const changing = fc
  .tuple(
    nameOf,
    fc.oneof(
      fc.record({ status: fc.constantFrom<AccountStatus>('active', 'active', 'debit_blocked', 'blocked') }),
      fc.record({ slots: fc.integer({ min: 1, max: 4 }) }),
      fc.record({ limit: fc.integer({ min: 0, max: 100 }) }),
    ),
  )
  .map(([account, wanted]) =>
    step(`change ${account}: ${JSON.stringify(wanted)}`, async (model, world) => {
      const facts = model.accounts[account];
      const outcome = await requestChange(now(model, world), {
        caller: operator,
        accountId: accountId(account),
        wanted: 'limit' in wanted ? { overdraft: { limit: BigInt(wanted.limit), currency: 'CNY' } } : wanted,
        reason: 'model',
        operationId: operationIdOf(`change ${world.step}`),
      });
      const law = (): string => {
        const next = 'limit' in wanted ? { floor: 0 - wanted.limit } : wanted;
        if (Object.entries(next).every(([name, value]) => facts[name as keyof typeof facts] === value))
          return 'nothing_changes';
        if ('slots' in next && next.slots < facts.slots) return 'slots_only_rise';
        // an overdraft is the first slot's alone, so what others hold does not count: only one slot is surely known
        if ('floor' in next && facts.slots === 1 && facts.available < next.floor) return 'below_floor';
        if ('floor' in next && facts.slots > 1) return isRefusal(outcome) ? outcome.refused : change(next);
        return change(next);
      };
      const change = (next: object) => {
        Object.assign(facts, next);
        return 'done';
      };
      return [codeOf(outcome), law()];
    }),
  );

const steps = [
  placing,
  placing,
  holdStep('capture'),
  holdStep('release'),
  expiring,
  batching,
  batching,
  reversing,
  changing,
];

describe.each(engines)('holds, transfers and reversals on $name', (engine) => {
  test('do what a simple model of them says, step by step', async () => {
    await fc.assert(
      fc.asyncProperty(fc.commands(steps, { maxCommands: 30, size: 'max' }), async (commands) => {
        const ledger = await ledgerOn(engine);
        await openWith(ledger, { A: 300n, B: 50n, C: 50n });
        references = [];
        transferNames = [];
        await fc.asyncModelRun(() => ({ model: new Model(), real: { ledger, step: 0 } }), commands);
        expect((await auditLedger(ledger.table)).findings).toEqual([]);
      }),
      { numRuns: 15 },
    );
  });
});
