/** Holds and transfers as tests ask for them, each in a word or two. */
import type { Caller } from '../../functions/kernel/caller.ts';
import { idFrom } from '../../functions/kernel/ids.ts';
import { money } from '../../functions/kernel/money.ts';
import { isRefusal, type Refusal } from '../../functions/kernel/refusal.ts';
import type { NewAccount } from '../../functions/ledger/account.ts';
import { captureHold } from '../../functions/ledger/holds/capture-hold.ts';
import { holdIdOf } from '../../functions/ledger/holds/hold.ts';
import { type HoldPlacing, placeHold } from '../../functions/ledger/holds/place-hold.ts';
import { releaseHold } from '../../functions/ledger/holds/release-hold.ts';
import type { Ledger } from '../../functions/ledger/ledger.ts';
import { post } from '../../functions/ledger/post.ts';
import type { TransferOrder } from '../../functions/ledger/transfers/transfer.ts';
import { open } from './ledger-on.ts';
import { accountId, institutionId, member, noon, settlement, topUp } from './samples.ts';

export const app: Caller = { kind: 'institution', clientId: 'app', institutionId };
export const operator: Caller = { kind: 'operator', clientId: 'op' };
export const stranger: Caller = { kind: 'institution', clientId: 'other', institutionId: idFrom('inst', 'Stranger') };
export const party = { institutionId, by: 'institution:app' };

export const cny = (amount: bigint) => money(amount, 'CNY');
export const later = (seconds: number) => new Date(noon.getTime() + seconds * 1000);

/** A settlement account `S` and members, each with so much. */
export async function openWith(
  ledger: Ledger,
  funds: Readonly<Record<string, bigint>>,
  facts: Partial<NewAccount> = {},
): Promise<void> {
  await open(ledger, settlement('S', 1), ...Object.keys(funds).map((name) => member(name, facts)));
  for (const [name, amount] of Object.entries(funds)) {
    if (amount > 0n) await post(ledger, topUp(`fund ${name}`, name, amount));
  }
}

export const codeOf = (outcome: object): string => (isRefusal(outcome) ? outcome.refused : 'done');

export const place = (ledger: Ledger, account: string, amount: bigint, facts: Partial<HoldPlacing> = {}) =>
  placeHold(ledger, { caller: app, accountId: accountId(account), amount: cny(amount), reference: 'H', ...facts });

interface Part {
  readonly caller?: Caller;
  readonly reference?: string;
  readonly amount?: bigint;
  /** the same for a repeat of the same request */
  readonly operation: string;
}

const operationOf = (name: string): string => idFrom('post', 'operation', name).slice('post_'.length);

const holdOf = ({ caller = app, reference = 'H' }: Part) => holdIdOf(caller, reference);

export const release = (ledger: Ledger, part: Part) =>
  releaseHold(ledger, {
    caller: part.caller ?? app,
    holdId: holdOf(part),
    ...(part.amount !== undefined && { amount: cny(part.amount) }),
    operationId: operationOf(part.operation),
  });

export const capture = (ledger: Ledger, to: string, part: Part) =>
  captureHold(ledger, {
    caller: part.caller ?? app,
    holdId: holdOf(part),
    toAccountId: accountId(to),
    ...(part.amount !== undefined && { amount: cny(part.amount) }),
    operationId: operationOf(part.operation),
  });

export const operationIdOf = operationOf;

export const order = (
  reference: string,
  from: string,
  to: string,
  amount: bigint,
  facts: Partial<TransferOrder> = {},
): TransferOrder => ({
  reference,
  fromAccountId: accountId(from),
  toAccountId: accountId(to),
  amount: cny(amount),
  ...facts,
});

export const codesOf = (outcomes: readonly (object | Refusal)[]): string[] => outcomes.map(codeOf);
