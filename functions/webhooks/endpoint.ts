/** Where an institution wants to be told, and of what. */
import type { InstitutionId, WebhookEndpointId } from '../kernel/ids.ts';
import { type EventType, matchesPattern } from './event-types.ts';
import type { SealedSecret } from './webhook-secret.ts';

export interface WebhookEndpoint {
  readonly id: WebhookEndpointId;
  readonly institutionId: InstitutionId;
  readonly url: string;
  /** patterns, as `event-types.ts` explains them */
  readonly eventTypes: readonly string[];
  readonly description?: string | undefined;
  readonly status: 'active' | 'disabled';
  /** why and when it was disabled */
  readonly disabled?: { readonly reason: DisabledReason; readonly at: Date } | undefined;
  /** the first failure since anything was delivered */
  readonly failingSince?: Date | undefined;
  readonly secret: SealedSecret;
  /** secrets that a rotation replaced, which sign as well until their time is over */
  readonly retiring: readonly RetiringSecret[];
  readonly createdAt: Date;
  /** counts the changes that a caller made or learns of, so that each is conditional on the one before */
  readonly version: number;
}

export interface RetiringSecret {
  readonly secret: SealedSecret;
  readonly until: Date;
}

/** `gone`: it answered 410. `failing`: nothing could be delivered for days. */
export const disabledReasons = ['gone', 'failing'] as const;
export type DisabledReason = (typeof disabledReasons)[number];

export const wantsEvent = ({ eventTypes }: Pick<WebhookEndpoint, 'eventTypes'>, type: EventType): boolean =>
  eventTypes.some((pattern) => matchesPattern(type, pattern));

/** Every event is written with one delivery for each endpoint in one transaction of at most 100 writes. */
export const maximumEndpoints = 20;

export const rotationOverlapMs = 24 * 3_600_000;

/** Three rotations a day: a signature for each secret goes into a header of every request. */
export const maximumRetiring = 3;

const dayMs = 86_400_000;

/** After this long without a single delivery an endpoint is disabled: three times what one event is tried for. */
export const failingForMs = 3 * dayMs;

/** The secrets that sign now, the newest first. */
export const signingSecrets = (
  { secret, retiring }: Pick<WebhookEndpoint, 'secret' | 'retiring'>,
  now: Date,
): readonly SealedSecret[] => [secret, ...unexpired(retiring, now).map((old) => old.secret)];

export const unexpired = (retiring: readonly RetiringSecret[], now: Date): readonly RetiringSecret[] =>
  retiring.filter(({ until }) => until > now);
