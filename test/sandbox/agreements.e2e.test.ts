import { describe, expect, test } from '@jest/globals';
import { bindAccountRequest, bindRequest, control, type Dialect, dialects } from '../channels/deployed-sandbox.ts';

const agreed = { outcome: 'succeeded', agreementNo: expect.stringMatching(/^[0-9A-Z]{26}$/) };
const refused = (reason: string) => ({ outcome: 'refused', reason });
const cardWithCode = '6200000000000609';

describe.each(['JSON', 'XML'])('an agreement in %s', (name) => {
  const dialect = (): Dialect => dialects().find((each) => each.name === name) ?? dialects()[0];

  test('on a card is made at once, and again under the same request number', async () => {
    const { adapter, newMerchant } = dialect();
    const request = bindRequest(await newMerchant(), '6200000000000005');
    const first = await adapter.bind(request);
    expect(first).toEqual(agreed);
    expect(await adapter.bind(request)).toEqual(first);
  });

  test('on a card that asks for a code is made when the code comes back', async () => {
    const { adapter, newMerchant } = dialect();
    const request = bindRequest(await newMerchant(), cardWithCode);
    expect(await adapter.bind(request)).toEqual({ outcome: 'code_sent' });
    expect(await adapter.bind(request)).toEqual({ outcome: 'code_sent' });
    expect(await adapter.confirmBinding({ ...request, code: '654321' })).toEqual(refused('wrong_code'));
    const confirmed = await adapter.confirmBinding({ ...request, code: '123456' });
    expect(confirmed).toEqual(agreed);
    expect(await adapter.confirmBinding({ ...request, code: '654321' })).toEqual(confirmed);
    expect(await adapter.bind(request)).toEqual(confirmed);
  });

  test('is never made after three wrong codes', async () => {
    const { adapter, newMerchant } = dialect();
    const request = bindRequest(await newMerchant(), cardWithCode);
    await adapter.bind(request);
    const confirm = (code: string) => adapter.confirmBinding({ ...request, code });
    expect(await confirm('1')).toEqual(refused('wrong_code'));
    expect(await confirm('2')).toEqual(refused('wrong_code'));
    expect(await confirm('3')).toEqual(refused('code_tries_used_up'));
    expect(await confirm('123456')).toEqual(refused('code_tries_used_up'));
    expect(await adapter.bind(request)).toEqual(refused('code_tries_used_up'));
  });

  test('that nobody asked for has no code', async () => {
    const { adapter, newMerchant } = dialect();
    const request = bindRequest(await newMerchant(), cardWithCode);
    expect(await adapter.confirmBinding({ ...request, code: '123456' })).toEqual(refused('binding_unknown'));
  });

  test.each([
    ['6222020200112233445', agreed],
    ['6200000000000500', refused('card_details_mismatch')],
    ['12', refused('invalid_account_number')],
  ])('on the corporate account %s is answered so', async (number, expected) => {
    const { adapter, newMerchant } = dialect();
    expect(await adapter.bind(bindAccountRequest(await newMerchant(), number))).toEqual(expected);
  });

  test('is refused while the channel is out', async () => {
    const { adapter, newMerchant } = dialect();
    const merchant = await newMerchant();
    await control('/control/outages', { ...merchant, forSeconds: 60 });
    expect(await adapter.bind(bindRequest(merchant, '6200000000000005'))).toEqual(refused('channel_busy'));
  });
});
