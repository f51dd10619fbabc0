/** Nobody is refused for what was not so: a balance that did not suffice, a block. Seen over the time of the request. */
import type { AccountId } from '../../../../functions/kernel/ids.ts';
import { payoutCharge } from '../function-fleet.ts';
import { momentsBetween } from '../journal.ts';
import { type Operation, outcomeOf } from '../record.ts';
import type { Evidence } from './evidence.ts';

/** Before a posting is tried, an account may be looked at as it was remembered. */
const rememberedMs = 2_000;

export function* refusalsAreTrue({ journal, operations }: Evidence): Generator<string> {
  for (const operation of operations) {
    const outcome = outcomeOf(operation);
    if (outcome.outcome !== 'refused') continue;
    const { asked, number, startedMs, told } = operation;
    const endedMs = told[0]?.atMs ?? startedMs;
    const during = (accountId: AccountId, marginMs = 0) =>
      momentsBetween(journal.momentsOf(accountId), startedMs - marginMs, endedMs);
    switch (outcome.code) {
      case 'insufficient_funds': {
        if (asked.kind === 'capture_hold' || asked.kind === 'release_hold') {
          yield `request ${number} (${asked.kind}) was refused for funds that are frozen for it`;
          break;
        }
        const debit = debitOf(operation);
        const short = ({ balances, terms }: ReturnType<typeof during>[number]) =>
          terms.floor !== null && balances.available - BigInt(debit?.amount ?? 0) < terms.floor;
        if (debit && !during(debit.accountId).some(short)) {
          yield `request ${number} (${asked.kind}) was refused for want of ${debit.amount}, which ${debit.accountId} had all the time`;
        }
        break;
      }
      case 'account_blocked':
      case 'account_closed':
      case 'account_not_active': {
        const accounts = accountsOf(operation);
        const stopped = (id: AccountId) => during(id, rememberedMs).some(({ active }) => !active);
        if (accounts.length > 0 && !accounts.some(stopped)) {
          yield `request ${number} (${asked.kind}) was answered ${outcome.code}, and its accounts were active all the time`;
        }
        break;
      }
      case 'not_found':
        if (asked.kind === 'transfer') yield `request ${number} did not find its accounts`;
        break;
      default:
    }
  }
}

function debitOf({ asked }: Operation): { readonly accountId: AccountId; readonly amount: number } | undefined {
  if (asked.kind === 'withdrawal') return { ...asked, amount: asked.amount + Number(payoutCharge) };
  if (asked.kind === 'place_hold') return asked;
  if (asked.kind === 'transfer') return { accountId: asked.order.fromAccountId, amount: asked.order.amount };
  return undefined;
}

function accountsOf({ asked }: Operation): readonly AccountId[] {
  if (asked.kind === 'top_up' || asked.kind === 'withdrawal' || asked.kind === 'place_hold') return [asked.accountId];
  return asked.kind === 'transfer' ? [asked.order.fromAccountId, asked.order.toAccountId] : [];
}
