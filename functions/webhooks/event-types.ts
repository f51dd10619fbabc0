/** What is told of, and how an endpoint says what it wants to hear. */
export const eventTypes = [
  'payment.created',
  'payment.processing',
  'payment.succeeded',
  'payment.failed',
  'payment.returned',
  'payment.refunded',
  'refund.created',
  'refund.processing',
  'refund.succeeded',
  'refund.failed',
  'return.succeeded',
  'verification.processing',
  'verification.awaiting_confirmation',
  'verification.succeeded',
  'verification.failed',
  'verification.expired',
  'reconciliation.balanced',
  'reconciliation.differing',
  'reconciliation.reopened',
  'reconciliation.rejected',
  'reconciliation.superseded',
  'statement.missing',
  'statement.arrived',
  'reserve.low',
  'webhook_endpoint.disabled',
  'webhook.test',
] as const;

export type EventType = (typeof eventTypes)[number];

const known: ReadonlySet<string> = new Set(eventTypes);

export const isEventType = (text: string): text is EventType => known.has(text);

/** A pattern is a type, all types of a family (`payment.*`), or everything (`*`). */
export function matchesPattern(type: EventType, pattern: string): boolean {
  if (pattern === '*' || pattern === type) return true;
  return pattern.endsWith('.*') && type.startsWith(pattern.slice(0, -1));
}

/** Whether a pattern can ever match: a misspelt one would keep an endpoint silent for good. */
export const matchesAnything = (pattern: string): boolean => eventTypes.some((type) => matchesPattern(type, pattern));
