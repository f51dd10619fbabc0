import type * as z from 'zod';
import { money, moneyToJson } from '../kernel/money.ts';
import type { Account, Balances } from './account.ts';
import { chartOfAccounts } from './chart-of-accounts.ts';
import type { ShownAccount } from './read-account.ts';
import type { accountSchema, balancesThenSchema, entrySchema } from './schemas.ts';
import type { BalancesThen } from './statements/balance-at.ts';
import type { StatementLine } from './statements/merge-chains.ts';
import type { Moment } from './statements/statement-range.ts';

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
    ...(account.floor !== null && { overdraft: shown(-account.floor) }),
    slots: account.slots,
    balances: balancesAnswer(account, { balances, reconciled }),
  };
}

export function entryAnswer({ entry, balancesAfter }: StatementLine): z.input<typeof entrySchema> {
  const { currency, kind } = entry.account;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  const shownAll = ({ available, frozen, fees }: Balances) => ({
    available: shown(available),
    frozen: shown(frozen),
    ...(kind === 'settlement' && { fees: shown(fees) }),
  });
  return {
    postingId: entry.postingId,
    type: entry.type,
    transactionId: entry.transactionId,
    description: entry.description,
    accountingDate: entry.accountingDate,
    belongsTo: entry.belongsTo,
    postedAt: entry.postedAt,
    changes: shownAll(entry.change),
    balancesAfter: shownAll(balancesAfter),
  };
}

export function balancesThenAnswer(
  { account, status, balances, reconciled }: BalancesThen,
  moment: Moment,
): z.input<typeof balancesThenSchema> {
  return {
    accountId: account.id,
    ...(moment.by === 'postedAt' ? { at: moment.value } : { date: moment.value }),
    open: status !== undefined && status !== 'closed',
    status,
    balances: balancesAnswer(account, { balances, reconciled }),
  };
}

function balancesAnswer(
  { currency }: Pick<Account, 'currency'>,
  { balances, reconciled }: { readonly balances: Balances; readonly reconciled?: bigint | undefined },
) {
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return {
    available: shown(balances.available),
    frozen: shown(balances.frozen),
    ...(reconciled !== undefined && {
      pending: shown(balances.available),
      reconciled: shown(reconciled),
      fees: shown(balances.fees),
    }),
  };
}
