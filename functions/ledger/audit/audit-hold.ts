/** The laws of one hold: what it says was placed, captured and released is what its postings moved. */
import type { FactOf } from './audit-facts.ts';
import type { Finding } from './audit-finding.ts';

/** All that is said of one hold id. */
export interface HoldGroup {
  readonly holdId: string;
  readonly items: FactOf<'hold'>[];
  readonly entries: FactOf<'hold_entry'>[];
}

export const emptyHold = (holdId: string): HoldGroup => ({ holdId, items: [], entries: [] });

/** So the frozen balance of an account is what remains of its holds and of its withdrawals under way, each by itself. */
export function* checkHold({ holdId, items, entries }: HoldGroup): Generator<Finding, void> {
  const [hold] = items;
  if (!hold) {
    for (const { accountId, postingId, type } of entries) {
      const detail = `the hold of this ${type} is missing`;
      yield { code: 'hold_missing', accountId, postingId, transactionId: holdId, detail };
    }
    return;
  }
  const { accountId } = hold;
  const differs = (detail: string, facts: Partial<Finding> = {}): Finding => ({
    code: 'hold_differs',
    accountId,
    transactionId: holdId,
    detail,
    ...facts,
  });
  for (const entry of entries) {
    if (entry.accountId === accountId && entry.currency === hold.currency) continue;
    const detail = 'the posting moves another account or currency than the hold is on';
    yield differs(detail, { accountId: entry.accountId, postingId: entry.postingId });
  }
  for (const [type, said] of [
    ['hold', hold.amount],
    ['hold_capture', -hold.captured],
    ['hold_release', -hold.released],
  ] as const) {
    const moved = entries.reduce((sum, entry) => (entry.type === type ? sum + entry.frozen : sum), 0n);
    if (moved !== said) yield differs(`postings of type ${type} move ${moved} of frozen, the hold says ${said}`);
  }
  const steps = new Set(entries.map(({ postingId }) => postingId)).size;
  if (steps !== hold.version) yield differs(`the hold has changed ${hold.version} times, by ${steps} postings`);
  const placing = entries.find(({ type }) => type === 'hold');
  if (placing && placing.description !== hold.reason) {
    yield differs('its reason is not that of its posting', { postingId: placing.postingId });
  }
}
