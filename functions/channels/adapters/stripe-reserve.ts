/** What lies at Stripe to pay out of, in the currency that the merchant pays out in. */
import * as z from 'zod';
import { money } from '../../kernel/money.ts';
import type { ReserveResult } from '../channel-adapter.ts';
import { askStripe, type StripeAccount, unknown } from './stripe-account.ts';

const balanceSchema = z.object({
  object: z.literal('balance'),
  /** pending money can't be paid out yet */
  available: z.array(z.object({ amount: z.int(), currency: z.string() })),
});

export async function readReserve(account: StripeAccount): Promise<ReserveResult> {
  const answer = await askStripe(account, balanceSchema, (stripe) => stripe.balance.retrieve());
  if (answer.outcome === 'unknown') return answer;
  if (answer.outcome === 'rejected') return unknown(`the question was rejected: ${answer.code}`);
  const { currency } = account.credentials;
  const ours = answer.body.available.find((each) => each.currency === currency.toLowerCase());
  return ours ? { outcome: 'known', balance: money(BigInt(ours.amount), currency) } : { outcome: 'not_told' };
}
