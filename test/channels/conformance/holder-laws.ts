/** Bindings, verifications and the reserve. */
import assert from 'node:assert/strict';
import type { Law } from './law.ts';
import { has, made } from './world.ts';

export const holderLaws: readonly Law[] = [
  {
    name: 'a binding gives an agreement, and the same one for the same request',
    needs: ['bind:succeeds'],
    check: async (world, adapter) => {
      const request = await made(world.make.binding?.('succeeds'));
      const answer = await adapter.bind(request);
      assert.equal(answer.outcome, 'succeeded');
      assert.match(answer.agreementNo, /^[!-~]{1,64}$/);
      assert.deepEqual(await adapter.bind(request), answer);
    },
  },
  {
    name: 'a binding that the holder’s bank refuses is refused',
    needs: ['bind:refused'],
    check: async (world, adapter) => {
      assert.equal((await adapter.bind(await made(world.make.binding?.('refused')))).outcome, 'refused');
    },
  },
  {
    name: 'a binding that wants a code refuses a wrong one and agrees to the right one',
    needs: ['bind:code'],
    check: async (world, adapter) => {
      const request = await made(world.make.binding?.('code'));
      assert.deepEqual(await adapter.bind(request), { outcome: 'code_sent' });
      const confirm = async (which: 'right' | 'wrong') =>
        adapter.confirmBinding({ ...request, code: await made(world.make.code?.('binding', which)) });
      const wrong = await confirm('wrong');
      assert.equal(wrong.outcome, 'refused');
      assert.equal(wrong.reason, 'wrong_code');
      assert.equal((await confirm('right')).outcome, 'succeeded');
    },
  },
  ...(['succeeds', 'refused'] as const).map(
    (ending): Law => ({
      name: `facts that ${ending === 'succeeds' ? 'belong together are confirmed' : 'do not belong together are refused, here and elsewhere'}, and asking for the verdict tells it`,
      needs: [`verify:${ending}`],
      check: async (world, adapter) => {
        const request = await made(world.make.verification?.(ending));
        const verdict = await adapter.verify(request);
        assert.equal(verdict.outcome, ending === 'succeeds' ? 'succeeded' : 'refused');
        if (verdict.outcome === 'refused') assert.equal(verdict.retryElsewhere, false);
        assert.deepEqual(await adapter.verify(request), verdict);
        if (!world.lacks.includes('queryVerification')) {
          assert.deepEqual(await adapter.queryVerification(request), verdict);
        }
      },
    }),
  ),
  {
    name: 'a verification that never was is not found',
    needs: ['verify:succeeds'],
    check: async (world, adapter) => {
      if (world.lacks.includes('queryVerification')) return;
      const request = await made(world.make.verification?.('succeeds'));
      assert.deepEqual(await adapter.queryVerification(request), { outcome: 'not_found' });
    },
  },
  {
    name: 'the reserve is an amount of money',
    needs: ['reserve'],
    check: async (world, adapter) => {
      assert.ok(has(world, 'reserve'));
      const reserve = await adapter.queryReserve(await world.make.merchant());
      assert.equal(reserve.outcome, 'known');
      assert.equal(typeof reserve.balance.amount, 'bigint');
      assert.match(reserve.balance.currency, /^[A-Z]{3}$/);
    },
  },
];
