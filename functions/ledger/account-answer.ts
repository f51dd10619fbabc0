import type * as z from 'zod';
import { type Currency, money, moneyToJson } from '../kernel/money.ts';
import type { Balances } from './account.ts';
import { chartOfAccounts } from './chart-of-accounts.ts';
import type { StatementLine } from './merge-chains.ts';
import type { ShownAccount } from './read-account.ts';
import type { accountSchema, entrySchema } from './schemas.ts';

export function accountAnswer({ balances, reconciled, ...account }: ShownAccount): z.input<typeof accountSchema> {
  const shown = (amount: bigint) => moneyToJson(money(amount, account.currency));
  const { en, zh, normalSide } = chartOfAccounts[account.subject];
  return {
    id: account.id,
    kind: account.kind,
    subject: { code: account.subject, name: en, nameZh: zh, normalSide },
    currency: account.currency,
    institutionId: account.institutionId,
    status: account.status,
    openedAt: account.openedAt,
    balances: {
      available: shown(balances.available),
      frozen: shown(balances.frozen),
      ...(reconciled !== undefined && {
        pending: shown(balances.available),
        reconciled: shown(reconciled),
        fees: shown(balances.fees),
      }),
    },
  };
}

export function entryAnswer({ entry, balancesAfter }: StatementLine, currency: Currency): z.input<typeof entrySchema> {
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  const shownBoth = ({ available, frozen }: Balances) => ({ available: shown(available), frozen: shown(frozen) });
  return {
    postingId: entry.postingId,
    type: entry.type,
    transactionId: entry.transactionId,
    description: entry.description,
    accountingDate: entry.accountingDate,
    belongsTo: entry.belongsTo,
    postedAt: entry.postedAt,
    changes: shownBoth(entry.change),
    balancesAfter: shownBoth(balancesAfter),
  };
}
