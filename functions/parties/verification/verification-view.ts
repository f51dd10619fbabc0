/** What callers are shown of a verification. */
import type * as z from 'zod';
import { moneyToJson } from '../../kernel/money.ts';
import type { Verification } from './verification.ts';
import type { verificationSchema } from './verification-schemas.ts';
import { isVerdict } from './verification-states.ts';

/** What is owed shows once there is a verdict, and is named as with every transaction: the channel's `fee`, and what is `charged`. */
export function verificationView(verification: Verification): z.input<typeof verificationSchema> {
  const { id, institutionId, kind, accountId, status, masked, route, history } = verification;
  const owed = history.some(({ event }) => isVerdict(event));
  const shown = (amount: Verification['fee']) => moneyToJson(owed ? amount : { ...amount, amount: 0n });
  return {
    id,
    institutionId,
    kind,
    accountId,
    status,
    facts: { ...masked },
    channel: route?.channel,
    merchantNo: route?.merchantNo,
    fee: shown(verification.cost),
    charged: shown(verification.fee),
    cachedFrom: verification.cachedFrom,
    bindingId: verification.bindingId,
    failure: verification.failure,
    createdAt: verification.createdAt,
    completedAt: verification.completedAt,
    accountingDate: verification.accountingDate,
    ...(status === 'awaiting_confirmation' && {
      nextAction: {
        type: 'amount' as const,
        expiresAt: verification.expiresAt ?? '',
        wrongAmounts: verification.wrongAmounts,
      },
    }),
    history: history.map(({ event, at, channel, call }) => ({ event, at, channel, call })),
  };
}
