import { randomInt, randomUUID } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { channelTimeoutMs, type VerificationFacts } from '../../functions/channels/index.ts';
import { money } from '../../functions/kernel/money.ts';
import { control, dialects } from '../channels/deployed-sandbox.ts';

const person = { name: '张小海', idNumber: '999999199001010016' };
const four = { ...person, cardNumber: '6200000000000005', mobile: '13900000000' };
const newAccount = (licenceNo = '91310000TEST000018') => ({
  number: `62${randomInt(1e9)}${randomInt(1e9)}`,
  companyName: '海港贸易有限公司',
  licenceNo,
  bank: 'SANDBOX',
});
const succeeded = { outcome: 'succeeded' };
const refused = (reason: string, retryElsewhere = false) => ({ outcome: 'refused', reason, retryElsewhere });
const tooLate = { outcome: 'unknown', cause: 'no answer in time' };

describe.each(['JSON', 'XML'])('a verification in %s', (name) => {
  const dialect = (timeoutMs?: number) => dialects(timeoutMs)[name === 'JSON' ? 0 : 1];

  /** @param timeoutMs of what is sent; a query has time, on a machine that does much else */
  async function verifying(facts: VerificationFacts, timeoutMs?: number) {
    const { adapter, newMerchant } = dialect();
    const reference = { ...(await newMerchant()), requestNo: randomUUID() };
    return {
      reference,
      verify: () => dialect(timeoutMs).adapter.verify({ ...reference, facts }),
      query: () => adapter.queryVerification(reference),
    };
  }

  test.each<[string, VerificationFacts, object]>([
    ['two facts', { factors: 'two', ...person }, succeeded],
    [
      'two facts of two people',
      { factors: 'two', ...person, idNumber: '999999199001014041' },
      refused('identity_mismatch'),
    ],
    ['three facts', { factors: 'three', ...person, cardNumber: four.cardNumber }, succeeded],
    [
      'three facts, one of them no card number',
      { factors: 'three', ...person, cardNumber: '6200000000000006' },
      refused('invalid_card_number'),
    ],
    ['four facts', { factors: 'four', ...four }, succeeded],
    [
      "four facts with somebody else's card",
      { factors: 'four', ...four, cardNumber: '6200000000000500' },
      refused('card_details_mismatch'),
    ],
    [
      "four facts with somebody else's phone",
      { factors: 'four', ...four, mobile: '13900000404' },
      refused('mobile_mismatch'),
    ],
    [
      'an enterprise that is another',
      { factors: 'enterprise', account: newAccount('91310000TEST000404'), transfer: money(12n, 'CNY') },
      refused('enterprise_mismatch'),
    ],
  ])('of %s has its verdict, whoever asks again', async (_what, facts, verdict) => {
    const { verify, query } = await verifying(facts);
    expect(await query()).toEqual({ outcome: 'not_found' });
    expect(await verify()).toEqual(verdict);
    expect(await verify()).toEqual(verdict);
    expect(await query()).toEqual(verdict);
  });

  test.each([
    ['was made though nobody heard it', '999999199001015036', succeeded],
    ['never arrived', '999999199001015044', { outcome: 'not_found' }],
  ])('that %s is told by a query', async (_what, idNumber, found) => {
    const { verify, query } = await verifying({ factors: 'two', ...person, idNumber }, channelTimeoutMs);
    expect(await verify()).toEqual(tooLate);
    expect(await query()).toEqual(found);
  });

  test('of an enterprise sends the amount that was asked for to its account, once', async () => {
    const account = newAccount();
    const { reference, verify } = await verifying({ factors: 'enterprise', account, transfer: money(37n, 'CNY') });
    expect(await Promise.all([verify(), verify()])).toEqual([succeeded, succeeded]);
    const { transfers } = (await control('/control/transfers', { accountNumber: account.number })) as {
      transfers: unknown;
    };
    expect(transfers).toEqual([{ ...reference, amount: 37, currency: 'CNY', at: expect.any(String) }]);
  });

  test('is left to another channel while this one is out', async () => {
    const { reference, verify, query } = await verifying({ factors: 'two', ...person });
    const { requestNo: _, ...merchant } = reference;
    await control('/control/outages', { ...merchant, forSeconds: 60 });
    expect(await verify()).toEqual(refused('channel_busy', true));
    await control('/control/outages', { ...merchant, forSeconds: 0 });
    expect(await query()).toEqual({ outcome: 'not_found' });
    expect(await verify()).toEqual(succeeded);
  });
});
