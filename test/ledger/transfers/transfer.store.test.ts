import { beforeEach, describe, expect, test } from '@jest/globals';
import { type Caller, signatureOf } from '../../../functions/kernel/caller.ts';
import { isRefusal } from '../../../functions/kernel/refusal.ts';
import { auditLedger } from '../../../functions/ledger/audit/audit.ts';
import { headMemory } from '../../../functions/ledger/head-memory.ts';
import { captureHold } from '../../../functions/ledger/holds/capture-hold.ts';
import { holdIdOf } from '../../../functions/ledger/holds/hold.ts';
import type { Ledger } from '../../../functions/ledger/ledger.ts';
import { wordsSchema } from '../../../functions/ledger/movement-schemas.ts';
import { post } from '../../../functions/ledger/post.ts';
import { findTransfer } from '../../../functions/ledger/transfers/find-transfer.ts';
import { reverseTransfer } from '../../../functions/ledger/transfers/reverse-transfer.ts';
import { transferIdOf } from '../../../functions/ledger/transfers/transfer.ts';
import { previewAll, transferAll, transferEach } from '../../../functions/ledger/transfers/transfer-batch.ts';
import {
  previewTransfer,
  previewTransfers,
  transferMoney,
} from '../../../functions/ledger/transfers/transfer-money.ts';
import { meterClient, sumUsage } from '../../../local/metering.ts';
import { engines } from '../../support/engines.ts';
import { balanceOf, ledgerOn, open, through } from '../ledger-on.ts';
import {
  capture,
  cny,
  codeOf,
  codesOf,
  later,
  openWith,
  operationIdOf,
  order,
  party,
  place,
  release,
  stranger,
} from '../movements-on.ts';
import { accountId, institutionId, member, noon, settlement, topUp } from '../samples.ts';

/** As a process of its own would act, that remembers nothing. */
const another = (ledger: Ledger): Ledger => ({ ...ledger, memory: headMemory(() => noon) });

describe.each(engines)('transfers on $name', (engine) => {
  let ledger: Ledger;
  const balances = async (...names: string[]) =>
    Promise.all(names.map(async (name) => Number((await balanceOf(ledger, accountId(name)))[0])));
  const reverse = (reference: string, operation: string, amount?: bigint, on = ledger) =>
    reverseTransfer(on, {
      ...party,
      transferId: transferIdOf(institutionId, reference),
      amount: amount === undefined ? undefined : cny(amount),
      reason: 'sent in error',
      operationId: operationIdOf(operation),
    });

  beforeEach(async () => {
    ledger = await ledgerOn(engine);
    await openWith(ledger, { A: 1000n, B: 0n, C: 0n });
  });

  test('tell what they did, and the balances of both accounts', async () => {
    const made = await transferMoney(ledger, party, order('T1', 'A', 'B', 300n, { description: 'rent' }));
    expect(made).toMatchObject({
      transfer: {
        id: transferIdOf(institutionId, 'T1'),
        kind: 'transfer',
        fromAccountId: accountId('A'),
        toAccountId: accountId('B'),
        amount: cny(300n),
        reference: 'T1',
        description: 'rent',
      },
      balances: [
        { accountId: accountId('A'), available: 700n, frozen: 0n },
        { accountId: accountId('B'), available: 300n, frozen: 0n },
      ],
    });
  });

  test('a repeat finds the first, and answers with the balances of then', async () => {
    const first = await transferMoney(ledger, party, order('T1', 'A', 'B', 300n));
    await transferMoney(ledger, party, order('T2', 'A', 'B', 50n));
    expect(await transferMoney(another(ledger), party, order('T1', 'A', 'B', 300n))).toEqual(first);
    expect(await balances('A', 'B')).toEqual([650, 350]);
  });

  test('a reference stands for one transfer; two that are alike but for it are two', async () => {
    await transferMoney(ledger, party, order('T1', 'A', 'B', 300n));
    const others = [
      order('T1', 'A', 'B', 301n),
      order('T1', 'A', 'C', 300n),
      order('T1', 'B', 'A', 300n),
      order('T1', 'A', 'B', 9999n),
    ];
    for (const each of others) expect(codeOf(await transferMoney(ledger, party, each))).toBe('reference_taken');
    expect(codeOf(await transferMoney(ledger, party, order('T2', 'A', 'B', 300n)))).toBe('done');
    expect(await balances('A', 'B')).toEqual([400, 600]);
  });

  test('of one reference at once are one, and what differs from it is refused', async () => {
    const amounts = [10n, 10n, 20n, 20n, 10n];
    const codes = codesOf(
      await Promise.all(amounts.map((amount) => transferMoney(another(ledger), party, order('T', 'A', 'B', amount)))),
    );
    const [moved] = await balances('B');
    expect(codes).toEqual(amounts.map((amount) => (Number(amount) === moved ? 'done' : 'reference_taken')));
  });

  test('stay within the institution and its accounts of deposits', async () => {
    const foreign = { institutionId: stranger.kind === 'institution' ? stranger.institutionId : institutionId, by: '' };
    const refused = [
      await transferMoney(ledger, foreign, order('T', 'A', 'B', 1n)),
      await transferMoney(ledger, party, order('T', 'A', 'nobody', 1n)),
      await transferMoney(ledger, party, order('T', 'S', 'B', 1n)),
      await transferMoney(ledger, party, order('T', 'A', 'B', 1001n)),
    ];
    expect(codesOf(refused)).toEqual(['not_found', 'not_found', 'account_not_payable', 'insufficient_funds']);
    expect(
      codeOf(await findTransfer(ledger, { scope: foreign.institutionId, id: transferIdOf(institutionId, 'T') })),
    ).toBe('not_found');
  });

  test('a dry run answers what would be answered and writes nothing', async () => {
    const wanted = order('T1', 'A', 'B', 300n);
    const preview = await previewTransfer(another(ledger), party, wanted);
    expect(codeOf(await previewTransfer(ledger, party, order('T2', 'A', 'B', 1001n)))).toBe('insufficient_funds');
    expect(await balances('A', 'B')).toEqual([1000, 0]);
    expect(await transferMoney(ledger, party, wanted)).toEqual(preview);
    expect(await previewTransfer(another(ledger), party, wanted)).toEqual(preview);
    expect(codeOf(await previewTransfer(ledger, party, order('T1', 'A', 'B', 5n)))).toBe('reference_taken');
  });

  const chain = [order('1', 'A', 'B', 600n), order('2', 'B', 'C', 600n), order('3', 'C', 'A', 100n)];
  const broken = [order('4', 'A', 'B', 400n), order('5', 'A', 'B', 5000n), order('6', 'A', 'C', 1n)];

  test('all of a batch happen, one after the other', async () => {
    const preview = await previewAll(ledger, party, chain);
    const made = await transferAll(ledger, party, chain);
    expect(made).toEqual(preview);
    expect(await balances('A', 'B', 'C')).toEqual([500, 0, 500]);
    expect(await transferAll(another(ledger), party, chain)).toEqual(made);
    expect(await balances('A', 'B', 'C')).toEqual([500, 0, 500]);
  });

  test('none of a batch happens where one can not, and its number is told', async () => {
    for (const outcome of [await transferAll(ledger, party, broken), await previewAll(ledger, party, broken)]) {
      expect(outcome).toMatchObject({ refused: 'insufficient_funds', detail: expect.stringContaining('Number 2') });
    }
    expect(await balances('A', 'B', 'C')).toEqual([1000, 0, 0]);
  });

  test('each of a batch item by item has an outcome of its own', async () => {
    const preview = await previewTransfers(ledger, party, broken);
    const outcomes = await transferEach(ledger, party, broken);
    expect(codesOf(outcomes)).toEqual(['done', 'insufficient_funds', 'done']);
    expect(outcomes.map((each) => isRefusal(each) || each.balances)).toEqual(
      preview.map((each) => isRefusal(each) || each.balances),
    );
    expect(await balances('A', 'B', 'C')).toEqual([599, 400, 1]);
  });

  test('a batch of which a part was made before is refused as a whole', async () => {
    await transferMoney(ledger, party, chain[0] ?? order('', '', '', 0n));
    expect(codeOf(await transferAll(another(ledger), party, chain))).toBe('reference_taken');
    expect(await balances('A', 'B', 'C')).toEqual([400, 600, 0]);
  });

  test('the same batch at once, many times, happens once', async () => {
    const runs = await Promise.all(Array.from({ length: 6 }, () => transferAll(another(ledger), party, chain)));
    expect(new Set(codesOf(runs))).toEqual(new Set(['done']));
    expect(await balances('A', 'B', 'C')).toEqual([500, 0, 500]);
  });

  test('twenty legs fit a transaction', async () => {
    const twenty = Array.from({ length: 20 }, (_, n) => order(`leg-${n}`, 'A', n % 2 === 0 ? 'B' : 'C', BigInt(n + 1)));
    expect(codeOf(await transferAll(ledger, party, twenty))).toBe('done');
    expect(await balances('A', 'B', 'C')).toEqual([790, 100, 110]);
  });

  test('reversals take back a part, then all that is left, and never more', async () => {
    await transferMoney(ledger, party, order('T', 'A', 'B', 300n));
    const part = await reverse('T', 'first', 120n);
    expect(part).toMatchObject({
      transfer: { kind: 'reversal', reverses: transferIdOf(institutionId, 'T'), amount: cny(120n) },
      balances: [
        { accountId: accountId('B'), available: 180n },
        { accountId: accountId('A'), available: 820n },
      ],
    });
    expect(await findTransfer(ledger, { scope: institutionId, id: transferIdOf(institutionId, 'T') })).toMatchObject({
      reversed: 120n,
    });
    expect(codeOf(await reverse('T', 'second', 181n))).toBe('exceeds_original');
    expect(codeOf(await reverse('T', 'third'))).toBe('done');
    expect(codesOf([await reverse('T', 'fourth'), await reverse('T', 'fifth', 1n)])).toEqual([
      'exceeds_original',
      'exceeds_original',
    ]);
    expect(await balances('A', 'B')).toEqual([1000, 0]);
    // a repeat of each is answered as before
    expect(await reverse('T', 'first', 120n, another(ledger))).toEqual(part);
    expect(codeOf(await reverse('T', 'third', undefined, another(ledger)))).toBe('done');
    expect(await balances('A', 'B')).toEqual([1000, 0]);
  });

  test('what was spent, or is itself a reversal or a capture, is not taken back', async () => {
    await transferMoney(ledger, party, order('T', 'A', 'B', 300n));
    await transferMoney(ledger, party, order('U', 'B', 'C', 200n));
    expect(codeOf(await reverse('T', 'whole'))).toBe('insufficient_funds');
    const part = await reverse('T', 'part', 100n);
    if (isRefusal(part)) throw new Error(part.detail);
    await place(ledger, 'A', 50n);
    const captured = await capture(ledger, 'B', { operation: 'capture' });
    if (isRefusal(captured)) throw new Error(captured.detail);
    for (const transferId of [part.transfer.id, captured.posting.postingId]) {
      const again = await reverseTransfer(ledger, {
        ...party,
        transferId,
        reason: 'no',
        operationId: operationIdOf('again'),
      });
      expect(codeOf(again)).toBe('not_reversible');
    }
  });

  test('twelve reversals at once take back no more than there was', async () => {
    await transferMoney(ledger, party, order('T', 'A', 'B', 100n));
    const outcomes = await Promise.all(
      Array.from({ length: 12 }, (_, n) => reverse('T', `r${n}`, n % 3 === 0 ? undefined : 15n, another(ledger))),
    );
    expect(await balances('A', 'B')).toEqual([1000, 0]);
    const taken = outcomes.reduce((sum, each) => (isRefusal(each) ? sum : sum + each.transfer.amount.amount), 0n);
    expect(taken).toBe(100n);
    expect(new Set(codesOf(outcomes))).toEqual(new Set(['done', 'exceeds_original']));
  });

  test('an account in several slots is shown with the sum of them', async () => {
    const spread = await ledgerOn(engine);
    await open(spread, settlement('S', 1), member('H', { slots: 4 }), member('B'));
    for (let n = 0; n < 8; n++) await post(another(spread), topUp(`fund ${n}`, 'H', 10n));
    const made = await transferMoney(another(spread), party, order('T', 'H', 'B', 75n));
    expect(made).toMatchObject({
      transfer: { fromAccountId: accountId('H'), toAccountId: accountId('B') },
      balances: [{ available: 5n }, { available: 75n }],
    });
    expect(await previewTransfer(another(spread), party, order('U', 'H', 'B', 5n))).toMatchObject({
      balances: [{ available: 0n }, { available: 80n }],
    });
  });

  test('leave books that the audit finds nothing in', async () => {
    await transferMoney(ledger, party, order('T', 'A', 'B', 300n));
    await reverse('T', 'part', 100n);
    await place(ledger, 'A', 50n);
    await capture(ledger, 'B', { operation: 'c', amount: 20n });
    expect((await auditLedger(ledger.table)).findings).toEqual([]);
  });
});

describe('with the longest words and beyond its indexes', () => {
  const words = wordsSchema.parse('转'.repeat(80));
  const reference = 'R'.repeat(64);
  const app: Caller = { kind: 'institution', clientId: 'c'.repeat(26), institutionId };

  /** The units of one step, in a process that remembers nothing; capacity is the emulator's to count. */
  const costs = async (step: (ledger: Ledger) => Promise<object>, prepare: typeof step = async () => ({})) => {
    const [engine] = engines.filter(({ name }) => name === 'ministack');
    if (!engine) throw new Error('the emulator is not there');
    const ledger = await ledgerOn(engine);
    await openWith(ledger, { A: 1000n, B: 0n });
    await prepare(ledger);
    const client = engine.client();
    const meter = meterClient(client);
    expect(codeOf(await step(through(ledger, client)))).toBe('done');
    const { readUnits, writeUnits, indexWriteUnits } = sumUsage(meter.read());
    return { reads: readUnits, writes: writeUnits + indexWriteUnits };
  };
  const expiring = { caller: app, reference, reason: words, expiresAt: later(60) };
  const placed = (ledger: Ledger) => place(ledger, 'A', 100n, expiring);

  test('more is turned away', () => {
    for (const tooLong of ['转'.repeat(81), 'x'.repeat(101), ' ']) {
      expect(wordsSchema.safeParse(tooLong).success).toBe(false);
    }
  });

  test('a transfer costs six write units', async () => {
    const wanted = order(reference, 'A', 'B', 1n, { description: words });
    // one more for each entry in the index by day, and for the posting in that by institution
    expect(await costs((ledger) => transferMoney(ledger, { ...party, by: signatureOf(app) }, wanted))).toEqual({
      reads: 2,
      writes: 6 + 3,
    });
  });

  test('a hold and its release cost six, a capture eight', async () => {
    expect(await costs(placed)).toEqual({ reads: 2, writes: 6 + 3 });
    const released = (ledger: Ledger) => release(ledger, { caller: app, reference, operation: 'r', amount: 40n });
    expect(await costs(released, placed)).toEqual({ reads: 2, writes: 6 + 2 });
    const captured = (ledger: Ledger) =>
      captureHold(ledger, {
        caller: app,
        holdId: holdIdOf(app, reference),
        toAccountId: accountId('B'),
        reference,
        description: words,
        operationId: operationIdOf('c'),
      });
    expect(await costs(captured, placed)).toEqual({ reads: 3, writes: 8 + 5 });
  });
});
