/** What an institution is charged for a verdict: by the schedule of verifications in force, whatever the channel costs. */
import { chargedFee, feeOf, feeOn } from '../../channels/index.ts';
import type { InstitutionId } from '../../kernel/ids.ts';
import { type Currency, type Money, money } from '../../kernel/money.ts';
import type { VerificationBooks } from './verifying.ts';

/** Zero where nothing is scheduled. A verification moves no amount, so only flat parts and minimums count. */
export async function verificationFee(
  { channels, ledger }: Pick<VerificationBooks, 'channels' | 'ledger'>,
  { institutionId, currency }: { readonly institutionId: InstitutionId; readonly currency: Currency },
): Promise<Money> {
  const configuration = await channels.configuration();
  const fee = chargedFee(configuration, { institutionId, product: 'verification', payer: 'institution' });
  return money(fee ? feeOf(feeOn(fee.schedule, await ledger.businessDate()), 0n) : 0n, currency);
}
