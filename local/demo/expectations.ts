/** What must have come of the day. The demo is worth its name only if it would notice that something is wrong. */
import { numberAt } from '../outsider/json.ts';
import { type Payment, statusOf } from './payments.ts';
import type { Reconciled } from './reconciliations.ts';
import { differenceTypes, linesOf } from './statements.ts';

/** @returns what is not as it should be, one line each; none when all is well */
export const disappointments = (payments: readonly Payment[], reconciled: readonly Reconciled[]): string[] => [
  ...payments.flatMap(wrongEnd),
  ...reconciled.flatMap((each) => [...wrongOutcome(each), ...wrongSettlement(each, payments)]),
];

/** A slow machine may make any answer unknown at first; how a payment ends may not depend on that. */
function wrongEnd(payment: Payment): string[] {
  const { kind, reference, order, answer } = payment;
  const status = statusOf(payment);
  const ends = order.ends === 'processing' ? 'succeeded' : order.ends; // the statement has completed it
  if (status !== ends) return [`${kind} ${reference} is ${status} and should be ${ends}`];
  if (order.answer !== 'final' && answer !== order.answer) {
    return [`${kind} ${reference} was answered as ${answer} and should have been ${order.answer}`];
  }
  return [];
}

function wrongOutcome({ statement, report, differences }: Reconciled): string[] {
  const { executionName, spoilt } = statement;
  const { status, lines } = report.reconciliation;
  const wanted = spoilt ? 'differing' : 'balanced';
  const problems: string[] = [];
  if (status !== wanted) problems.push(`${executionName} is ${status} and should be ${wanted}`);
  if (lines?.read !== linesOf(statement)) {
    problems.push(`${executionName} read ${lines?.read} lines of ${linesOf(statement)}`);
  }
  for (const type of differenceTypes) {
    const found = differences.filter((difference) => difference.type === type).length;
    // a payout that came back is credited, and so differs no more
    const made = spoilt && type !== 'returned' ? 1 : 0;
    if (found !== made) problems.push(`${executionName} shows ${found} of ${type} and should show ${made}`);
  }
  if (report.lineErrors.total !== (spoilt ? 1 : 0)) {
    problems.push(`${executionName} shows ${report.lineErrors.total} line errors`);
  }
  return problems;
}

/** A balanced day moves to reconciled what its payments brought in and paid out, fees taken off; a differing one nothing. */
function wrongSettlement({ statement, report, account }: Reconciled, payments: readonly Payment[]): string[] {
  const { executionName, spoilt, channel, merchantNo } = statement;
  const net = payments
    .filter(({ transaction }) => isOf(transaction, { channel, merchantNo }))
    .filter((payment) => statusOf(payment) === 'succeeded')
    .reduce((sum, payment) => sum + netOf(payment), 0);
  const settled = report.reconciliation.settledAmount?.amount ?? 0;
  const wanted = spoilt ? 0 : net;
  const problems: string[] = [];
  if (settled !== wanted) problems.push(`${executionName} settled ${settled} and should have settled ${wanted}`);
  if (account.reconciled.amount !== wanted)
    problems.push(`${executionName}: reconciled is ${account.reconciled.amount}`);
  if (!spoilt && account.pending.amount !== 0) problems.push(`${executionName}: pending is ${account.pending.amount}`);
  return problems;
}

function isOf(transaction: Payment['transaction'], merchant: { channel: string; merchantNo: string }): boolean {
  if (typeof transaction !== 'object' || transaction === null || !('channel' in transaction)) return false;
  return transaction['channel'] === merchant.channel && transaction['merchantNo'] === merchant.merchantNo;
}

function netOf({ kind, transaction }: Payment): number {
  const amount = numberAt(transaction, 'amount.amount');
  const fee = numberAt(transaction, 'fee.amount');
  return kind === 'top-up' ? amount - fee : -amount - fee;
}
