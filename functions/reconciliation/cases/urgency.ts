/** How urgent a case is: by its amount when it opens, and one step more once its time is over. */
import type { ReconciliationPolicy, Severity } from '../../channels/index.ts';
import type { DifferenceFacts } from '../difference.ts';

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;

export interface Urgency {
  readonly severity: Severity;
  readonly dueAt: Date;
}

export function urgencyOf(facts: DifferenceFacts, policy: ReconciliationPolicy, openedAt: Date): Urgency {
  const severity = severityOfAmount(weightOf(facts), policy);
  return { severity, dueAt: new Date(openedAt.getTime() + policy.dueHours[severity] * hourMs) };
}

/** Minor units: what it holds in suspense; of money in another currency, which it can't hold, what the channel shows. */
export const weightOf = ({ adjustment, theirs }: Pick<DifferenceFacts, 'adjustment' | 'theirs'>): bigint => {
  const amount = adjustment === 0n ? (theirs?.amount ?? 0n) : adjustment;
  return amount < 0n ? -amount : amount;
};

const severityOfAmount = (amount: bigint, { severity }: Pick<ReconciliationPolicy, 'severity'>): Severity => {
  if (amount >= severity.high) return 'high';
  return amount >= severity.medium ? 'medium' : 'low';
};

const raised = { low: 'medium', medium: 'high', high: 'high' } as const satisfies Record<Severity, Severity>;

/** As it is shown: an overdue case is as urgent as one of the next severity. */
export const severityAt = ({ severity, dueAt }: Urgency, now: Date): Severity =>
  isOverdue({ dueAt }, now) ? raised[severity] : severity;

export const isOverdue = ({ dueAt }: Pick<Urgency, 'dueAt'>, now: Date): boolean => dueAt <= now;

/** 账龄: whole days since it opened. */
export const daysOpen = (openedAt: Date, now: Date): number =>
  Math.max(0, Math.floor((now.getTime() - openedAt.getTime()) / dayMs));
