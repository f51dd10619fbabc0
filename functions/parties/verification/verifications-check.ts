/** Ledger against verifications: what each verdict costs and is charged stands in the books, exactly, as a source for the audit. */
import type { Item, Table } from '../../kernel/table.ts';
import { type AuditSource, type Claim, netLegs } from '../../ledger/index.ts';
import type { Verification } from './verification.ts';
import { chargesOf } from './verification-charges.ts';
import { isVerdict, type VerificationStatus, verificationTransitions } from './verification-states.ts';
import { isVerificationItem, verificationFromItem } from './verification-store.ts';

export const checkVerifications = ({ table }: { readonly table: Table }): AuditSource => ({
  name: 'verifications',
  table,
  vouchesForPayments: true,
  claimsOf,
});

function* claimsOf(item: Item): Generator<Claim, void> {
  if (!isVerificationItem(item)) return;
  const verification = verificationFromItem(item);
  const { id, accountingDate } = verification;
  for (const detail of inconsistencies(verification)) {
    yield { claims: 'damage', finding: { code: 'altered_verification', transactionId: id, detail } };
  }
  for (const posting of chargesOf(verification)) {
    const { id: postingId, type } = posting;
    yield {
      claims: 'posting',
      posting: { postingId, type, transactionId: id, moves: netLegs(posting), accountingDate },
    };
  }
}

/** What it says twice it says alike, and its history leads to where it stands. */
function* inconsistencies(verification: Verification): Generator<string, void> {
  const { status, version, attempt, history, cachedFrom, completedAt, cost, fee } = verification;
  if (version !== history.length + 1) yield `it is version ${version} after ${history.length} change(s)`;
  const reroutes = history.filter(({ event }) => event === 'reroute').length;
  if (attempt !== (cachedFrom ? 0 : reroutes + 1)) yield `it is at attempt ${attempt} after ${reroutes} reroute(s)`;
  const led = cachedFrom ? 'succeeded' : statusByHistory(verification);
  if (led !== status) yield `its history does not make it ${status}`;
  const ended = status === 'succeeded' || status === 'failed' || status === 'expired';
  if (ended !== (completedAt !== undefined)) yield 'its completion does not go with its status';
  if (cost.amount < 0n || fee.amount < 0n) yield 'its amounts are below zero';
  if (history.filter(({ event }) => isVerdict(event)).length > 1) yield 'it has two verdicts';
}

const statusByHistory = ({ history }: Verification): VerificationStatus | undefined =>
  history.reduce<VerificationStatus | undefined>(
    (status, { event }) => status && verificationTransitions[status][event],
    'processing',
  );
