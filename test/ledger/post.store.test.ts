import { PutItemCommand } from '@aws-sdk/client-dynamodb';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { bareId, idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { isRefusal } from '../../functions/kernel/refusal.ts';
import { getItem, type Item, toItem } from '../../functions/kernel/table.ts';
import { type Write, write } from '../../functions/kernel/write.ts';
import { changeAccount } from '../../functions/ledger/change-account.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import {
  openAccountWrites,
  openSettlementAccountWrites,
  settlementCompanions,
} from '../../functions/ledger/open-accounts.ts';
import { post, postGuardedBy } from '../../functions/ledger/post.ts';
import { readAccount } from '../../functions/ledger/read-account.ts';
import { engines } from '../support/engines.ts';
import { balanceOf, commitAll, ledgerOn, losingAnswers, open, postWord, through } from './ledger-on.ts';
import {
  accountId,
  balances,
  day,
  institutionId,
  legs,
  member,
  noon,
  payOut,
  posting,
  postingId,
  settlement,
  topUp,
} from './samples.ts';

describe.each(engines)('posting on $name', (engine) => {
  let ledger: Ledger;

  beforeAll(async () => {
    ledger = await ledgerOn(engine);
    await open(ledger, settlement('S', 4));
  });

  /** A fact of another context, committed in the posting's transaction. */
  const fact = (name: string, condition = 'attribute_not_exists(pk)'): Write =>
    write({
      Put: {
        TableName: ledger.table.name,
        Item: toItem({ pk: `FACT#${name}`, sk: 'FACT' }),
        ConditionExpression: condition,
      },
    });
  const factOf = (name: string): Promise<Item | undefined> => getItem(ledger.table, { pk: `FACT#${name}`, sk: 'FACT' });

  describe('a posting', () => {
    test('changes every account it names, and says what stands there now', async () => {
      await open(ledger, member('one'));
      const outcome = await post(
        ledger,
        posting('one/1', legs(['S', 'debit', 9940n], ['S', 'debit', 60n, 'fees'], ['one', 'credit', 10000n])),
      );
      expect(outcome).toMatchObject({ outcome: 'posted' });
      expect('balances' in outcome && outcome.balances.get(accountId('one'))).toEqual(balances(10000n));
      expect(await balanceOf(ledger, accountId('one'))).toEqual([10000n, 0n]);
    });

    test('holds for the accounts of a freeze, its capture and its release', async () => {
      await open(ledger, member('hold'));
      await post(ledger, topUp('hold/1', 'hold', 1000n));
      await post(ledger, posting('hold/2', legs(['hold', 'debit', 700n], ['hold', 'credit', 700n, 'frozen'])));
      expect(await balanceOf(ledger, accountId('hold'))).toEqual([300n, 700n]);
      await post(ledger, posting('hold/3', legs(['hold', 'debit', 500n, 'frozen'], ['S', 'credit', 500n])));
      await post(ledger, posting('hold/4', legs(['hold', 'debit', 200n, 'frozen'], ['hold', 'credit', 200n])));
      expect(await balanceOf(ledger, accountId('hold'))).toEqual([500n, 0n]);
    });

    test('that reverses names one that was posted', async () => {
      await open(ledger, member('reverse'));
      await post(ledger, topUp('reverse/1', 'reverse', 10n));
      const reversal = (name: string, of: string) => payOut(name, 'reverse', 10n, { reverses: postingId(of) });
      await expect(post(ledger, reversal('reverse/2', 'reverse/0'))).rejects.toThrow('was never posted');
      expect(await postWord(ledger, reversal('reverse/3', 'reverse/1'))).toBe('posted');
    });

    test('is reversed whole or in parts, never beyond itself, however many try at once', async () => {
      await open(ledger, member('parts'));
      await post(ledger, topUp('parts/1', 'parts', 100n));
      await post(ledger, topUp('parts/2', 'parts', 900n));
      const part = (name: string, amount: bigint) => payOut(name, 'parts', amount, { reverses: postingId('parts/1') });
      expect(await postWord(ledger, part('parts/3', 101n))).toBe('exceeds_original');
      const words = await Promise.all(
        Array.from({ length: 6 }, (_, index) => postWord(ledger, part(`parts/part-${index}`, 30n))),
      );
      expect(words.toSorted()).toEqual([...Array(3).fill('exceeds_original'), ...Array(3).fill('posted')]);
      expect(await postWord(ledger, part('parts/5', 10n))).toBe('posted');
      expect(await postWord(ledger, part('parts/5', 10n))).toBe('already_posted');
      expect(await balanceOf(ledger, accountId('parts'))).toEqual([900n, 0n]);
    });
  });

  describe('exactly once', () => {
    test('a repeat writes nothing and gets the balances of the first run', async () => {
      await open(ledger, member('twice'));
      const first = await post(ledger, topUp('twice/1', 'twice', 100n), [fact('twice')]);
      await post(ledger, topUp('twice/2', 'twice', 5n));
      const second = await post(ledger, topUp('twice/1', 'twice', 100n), [fact('twice')]);
      expect(second).toEqual({ ...first, outcome: 'already_posted' });
      expect(await balanceOf(ledger, accountId('twice'))).toEqual([105n, 0n]);
    });

    test('a repeat of what took the last of the money is still a repeat, not a refusal', async () => {
      await open(ledger, member('spent'));
      await post(ledger, topUp('spent/1', 'spent', 100n));
      expect(await postWord(ledger, payOut('spent/2', 'spent', 100n))).toBe('posted');
      expect(await postWord(ledger, payOut('spent/2', 'spent', 100n))).toBe('already_posted');
    });

    test('a repeat after midnight is a repeat', async () => {
      await open(ledger, member('midnight'));
      await post(ledger, topUp('midnight/1', 'midnight', 100n));
      const tomorrow = { ...ledger, businessDate: async () => day('2026-03-03') };
      expect(await postWord(tomorrow, topUp('midnight/1', 'midnight', 100n))).toBe('already_posted');
    });

    test('the same id with another content is a mistake', async () => {
      await open(ledger, member('other'));
      await post(ledger, topUp('other/1', 'other', 100n));
      await expect(post(ledger, topUp('other/1', 'other', 101n))).rejects.toThrow('another content');
      expect(await balanceOf(ledger, accountId('other'))).toEqual([100n, 0n]);
    });

    test('of twenty at once one posts and nineteen find it posted', async () => {
      await open(ledger, member('crowd'));
      const words = await Promise.all(
        Array.from({ length: 20 }, () => postWord(ledger, topUp('crowd/1', 'crowd', 7n))),
      );
      expect(words.toSorted()).toEqual([...Array(19).fill('already_posted'), 'posted']);
      expect(await balanceOf(ledger, accountId('crowd'))).toEqual([7n, 0n]);
    });

    test('a commit whose answer was lost is recognised', async () => {
      await open(ledger, member('lost'));
      const client = losingAnswers(ledger.table.client);
      expect(await postWord(through(ledger, client), topUp('lost/1', 'lost', 100n), [fact('lost')])).toBe(
        'already_posted',
      );
      expect(client.lost()).toBe(1);
      expect(await balanceOf(ledger, accountId('lost'))).toEqual([100n, 0n]);
      expect(await factOf('lost')).toBeDefined();
    });
  });

  describe('writes alongside', () => {
    test('are committed with the posting', async () => {
      await open(ledger, member('along'));
      expect(await postWord(ledger, topUp('along/1', 'along', 100n), [fact('along')])).toBe('posted');
      expect(await factOf('along')).toBeDefined();
    });

    test('that meet a broken condition leave nothing written, and say which', async () => {
      await open(ledger, member('behind'));
      await ledger.table.client.send(
        new PutItemCommand({
          TableName: ledger.table.name,
          Item: toItem({ pk: 'FACT#behind', sk: 'FACT', by: 'another' }),
        }),
      );
      const [free, taken] = [fact('free'), fact('behind')];
      const outcome = await post(ledger, topUp('behind/1', 'behind', 100n), [free, taken]);
      expect(outcome).toMatchObject({ outcome: 'overtaken', broken: [{ item: { by: { S: 'another' } } }] });
      expect('broken' in outcome && outcome.broken[0]?.write).toBe(taken);
      expect(await factOf('free')).toBeUndefined();
      expect(await balanceOf(ledger, accountId('behind'))).toEqual([0n, 0n]);
      expect(await postWord(ledger, topUp('behind/1', 'behind', 100n))).toBe('posted');
    });

    test('are not written where the posting is refused', async () => {
      await open(ledger, member('poor'));
      expect(await postWord(ledger, payOut('poor/1', 'poor', 1n), [fact('poor')])).toBe('insufficient_funds');
      expect(await factOf('poor')).toBeUndefined();
    });
  });

  describe('under concurrency', () => {
    test('of twenty debits at once just as many pass as the balance covers', async () => {
      await open(ledger, member('rush'));
      await post(ledger, topUp('rush/0', 'rush', 700n));
      const words = await Promise.all(
        Array.from({ length: 20 }, (_, index) => postWord(ledger, payOut(`rush/${index + 1}`, 'rush', 100n))),
      );
      expect(words.filter((word) => word === 'posted')).toHaveLength(7);
      expect(words.filter((word) => word === 'insufficient_funds')).toHaveLength(13);
      expect(await balanceOf(ledger, accountId('rush'))).toEqual([0n, 0n]);
    });

    test('an account of several slots sums what its writers spread', async () => {
      await open(ledger, settlement('busy', 8), ...Array.from({ length: 24 }, (_, index) => member(`busy/${index}`)));
      await Promise.all(
        Array.from({ length: 24 }, (_, index) =>
          post(ledger, posting(`busy/${index}`, legs(['busy', 'debit', 10n], [`busy/${index}`, 'credit', 10n]))),
        ),
      );
      expect(await balanceOf(ledger, accountId('busy'))).toEqual([240n, 0n]);
    });

    test('a spread account pays out just what it holds, though no slot of it alone could', async () => {
      await open(ledger, member('spread', { slots: 4 }));
      // each in a process of its own, so that the slots differ
      await Promise.all(
        Array.from({ length: 10 }, (_, index) =>
          post(through(ledger, ledger.table.client), topUp(`spread/in-${index}`, 'spread', 100n)),
        ),
      );
      const words = await Promise.all(
        Array.from({ length: 8 }, (_, index) =>
          postWord(through(ledger, ledger.table.client), payOut(`spread/out-${index}`, 'spread', 150n)),
        ),
      );
      expect(words.filter((word) => word === 'posted')).toHaveLength(6);
      expect(words.filter((word) => word === 'insufficient_funds')).toHaveLength(2);
      expect(await balanceOf(ledger, accountId('spread'))).toEqual([100n, 0n]);
    });

    test('who loses every race is told so, and nothing is written', async () => {
      await open(ledger, member('unlucky'));
      let rounds = 0;
      const unlucky: Ledger = {
        ...ledger,
        sleepMs: async () => undefined,
        commit: async (writes) => {
          rounds += 1;
          await post(ledger, topUp(`unlucky/rival-${rounds}`, 'unlucky', 1n));
          return ledger.commit(writes);
        },
      };
      await expect(post(unlucky, topUp('unlucky/1', 'unlucky', 100n))).rejects.toThrow('lost 40 races');
      expect(await balanceOf(ledger, accountId('unlucky'))).toEqual([40n, 0n]);
    });
  });

  describe('closing an account', () => {
    const close = async (name: string) => {
      const change = {
        operationId: bareId(accountId(name)),
        by: 'ops-1',
        reason: 'left',
        terms: { status: 'closed' },
      } as const;
      const closed = await changeAccount(ledger, { ...change, accountId: accountId(name) });
      return isRefusal(closed) ? closed.refused : closed.status;
    };

    test('needs it to be empty, is done once, and refuses what comes later', async () => {
      await open(ledger, member('leaver'));
      await post(ledger, topUp('leaver/1', 'leaver', 10n));
      expect(await close('leaver')).toBe('account_not_empty');
      await post(ledger, payOut('leaver/2', 'leaver', 10n));
      expect(await close('leaver')).toBe('closed');
      expect(await close('leaver')).toBe('closed');
      expect(await postWord(ledger, topUp('leaver/3', 'leaver', 10n))).toBe('account_closed');
      expect(await readAccount(ledger, accountId('leaver'))).toMatchObject({ status: 'closed' });
    });

    test('beats or loses to a posting that races it, and never both', async () => {
      await open(
        ledger,
        ...Array.from({ length: 6 }, (_, index) => member(`racer-${index}`, { slots: 1 + (index % 3) })),
      );
      for (let index = 0; index < 6; index++) {
        const name = `racer-${index}`;
        const [closed, posted] = await Promise.all([close(name), postWord(ledger, topUp(`${name}/1`, name, 10n))]);
        expect([
          ['closed', 'account_closed'],
          ['account_not_empty', 'posted'],
        ]).toContainEqual([closed, posted]);
      }
    });
  });

  describe('opening accounts', () => {
    test('a settlement account comes with all its companions', async () => {
      const id = accountId('merchant');
      await commitAll(
        ledger,
        await openSettlementAccountWrites(ledger, { id, institutionId, currency: 'CNY', openedAt: noon }),
      );
      const { pending, reconciled, feeIncome, feesReceivable, feesPayable, suspense } = settlementCompanions(id);
      const ids = [pending, reconciled, feeIncome, feesReceivable, feesPayable, ...Object.values(suspense)];
      const accounts = await Promise.all(ids.map((each) => readAccount(ledger, each)));
      expect(accounts.map((account) => [account?.kind, account?.subject])).toEqual([
        ['settlement', 'settlement_pending'],
        ['internal', 'settlement_reconciled'],
        ['internal', 'fee_income'],
        ['internal', 'fees_receivable'],
        ['internal', 'fees_payable'],
        ['internal', 'suspense_missing_in_books'],
        ['internal', 'suspense_missing_at_channel'],
        ['internal', 'suspense_amount_mismatch'],
        ['internal', 'suspense_fee_mismatch'],
        ['internal', 'suspense_status_mismatch'],
        ['internal', 'suspense_returned'],
      ]);
    });

    test('what a channel bills later is a cost and a debt, what is charged an income and a claim', async () => {
      const id = accountId('billed');
      await commitAll(
        ledger,
        await openSettlementAccountWrites(ledger, { id, institutionId, currency: 'CNY', openedAt: noon }),
      );
      const { pending, feeIncome, feesReceivable, feesPayable } = settlementCompanions(id);
      const [cost, fee] = [money(30n, 'CNY'), money(50n, 'CNY')];
      const outcome = await postGuardedBy(
        ledger,
        [
          {
            id: idFrom('post', id, 'cost'),
            type: 'verification_cost',
            legs: [
              { accountId: pending, balance: 'fees', side: 'debit', amount: cost },
              { accountId: feesPayable, balance: 'available', side: 'credit', amount: cost },
            ],
          },
          {
            id: idFrom('post', id, 'fee'),
            type: 'fee_charge',
            legs: [
              { accountId: feesReceivable, balance: 'available', side: 'debit', amount: fee },
              { accountId: feeIncome, balance: 'available', side: 'credit', amount: fee },
            ],
          },
        ],
        () => [fact('a verdict')],
      );
      expect(outcome).toMatchObject({ outcome: 'posted' });
      expect((await readAccount(ledger, pending))?.balances).toEqual({ available: 0n, frozen: 0n, fees: 30n });
      expect(await balanceOf(ledger, feesPayable)).toEqual([30n, 0n]);
      expect(await balanceOf(ledger, feesReceivable)).toEqual([50n, 0n]);
      expect(await balanceOf(ledger, feeIncome)).toEqual([50n, 0n]);
    });

    test('an id is opened once', async () => {
      await open(ledger, member('unique'));
      expect(await ledger.commit(await openAccountWrites(ledger, member('unique')))).toMatchObject({
        committed: false,
      });
    });

    test('an account has 1 to 64 slots', async () => {
      await expect(openAccountWrites(ledger, member('wide', { slots: 65 }))).rejects.toThrow('1 to 64 slots');
    });
  });
});
