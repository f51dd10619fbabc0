/** The laws of one account over its chains. */
import type { AccountId } from '../../kernel/ids.ts';
import { accountStatuses } from '../account.ts';
import type { Subject } from '../chart-of-accounts.ts';
import type { BalanceClaim, SlotFact } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';

/** All that is said of one account id. */
export interface AccountGroup {
  readonly accountId: AccountId;
  readonly slots: SlotFact[];
  readonly claims: BalanceClaim[];
}

export const emptyAccount = (accountId: AccountId): AccountGroup => ({ accountId, slots: [], claims: [] });

/** @param vouched the subjects whose accounts must hold what is claimed of them */
export function* checkAccount(group: AccountGroup, vouched: ReadonlySet<Subject>): Generator<Finding, void> {
  const { accountId } = group;
  const slots = group.slots.toSorted((left, right) => left.slot - right.slot);
  const [first] = slots;
  if (first?.slot === 0) yield* checkSlots(first, slots);
  else if (first) {
    yield {
      code: 'account_missing',
      accountId,
      slot: 0,
      detail: 'slot 0, which tells what the account is, is missing',
    };
  }
  yield* checkBalance(group, vouched);
}

function* checkSlots(first: SlotFact, slots: readonly SlotFact[]): Generator<Finding, void> {
  const { accountId } = first;
  const present = new Set(slots.map(({ slot }) => slot));
  for (let slot = 0; slot < first.slots; slot++) {
    if (!present.has(slot)) yield { code: 'slot_missing', accountId, slot, detail: 'the slot is missing' };
  }
  const seen = new Set<number>();
  for (const each of slots) {
    const found = (code: string, detail: string): Finding => ({ code, accountId, slot: each.slot, detail });
    if (seen.has(each.slot)) yield found('duplicate_entry', 'the slot stands twice');
    seen.add(each.slot);
    if (each.slot >= first.slots) yield found('unknown_slot', `the account has ${first.slots} slot(s)`);
    if (factsText(each) !== factsText(first)) yield found('other_account', 'the facts differ from those of slot 0');
    yield* checkTerms(first, each);
  }
}

/**
 * A stricter status reaches slot 0 last and a milder one first, so a slot that differs is the stricter one: the change is
 * under way, or was broken off and waits for its repeat. A closing takes all slots at once, and its end is a block. Slots
 * and overdrafts are slot 0's alone.
 */
function* checkTerms(first: SlotFact, slot: SlotFact): Generator<Finding, void> {
  const found = (detail: string): Finding => ({
    code: 'wrong_terms',
    accountId: slot.accountId,
    slot: slot.slot,
    detail,
  });
  if (slot.slots > first.slots) yield found('the slot knows more slots than slot 0');
  if ((slot.floor === null) !== (first.floor === null)) yield found('one slot has a floor and another has none');
  const milder = accountStatuses.indexOf(slot.status) < accountStatuses.indexOf(first.status);
  const closedAlone = slot.status === 'closed' && first.status !== 'closed' && first.status !== 'blocked';
  if (milder || closedAlone) {
    yield found(`the slot is ${slot.status}, slot 0 is ${first.status}`);
  }
}

const factsText = ({ account: { kind, subject, currency, institutionId, openedAt } }: SlotFact): string =>
  JSON.stringify([kind, subject, currency, institutionId, openedAt]);

function* checkBalance(
  { accountId, slots, claims }: AccountGroup,
  vouched: ReadonlySet<Subject>,
): Generator<Finding, void> {
  const [slot] = slots;
  const claimed = claims.reduce((sum, { amount }) => sum + amount, 0n);
  if (slot && !vouched.has(slot.account.subject)) return;
  const held = slots.reduce((sum, { after }) => sum + after.available, 0n);
  if (held === claimed) return;
  const detail = slot
    ? `the account holds ${held - claimed} minor units more than the open differences add up to`
    : `open differences of ${claimed} minor units have no account`;
  yield { code: 'suspense_differs', accountId, detail };
}
