/** A verification (鉴权): a channel's word that facts about a person or a company belong together. */

import type { Route, VerificationReference } from '../../channels/index.ts';
import type { AccountingDate } from '../../kernel/clock.ts';
import {
  type AccountId,
  type BindingId,
  bareId,
  type InstitutionId,
  idOfOperation,
  type VerificationId,
} from '../../kernel/ids.ts';
import { type Currency, type Money, money } from '../../kernel/money.ts';
import { type VerificationEvent, type VerificationStatus, verificationStatusAfter } from './verification-states.ts';

/** 两要素, 三要素, 四要素 */
export const factorsKinds = ['two_factor', 'three_factor', 'four_factor'] as const;
export type FactorsKind = (typeof factorsKinds)[number];

export const verificationKinds = [...factorsKinds, 'enterprise'] as const;
export type VerificationKind = (typeof verificationKinds)[number];

/** What is kept of the facts: masked, so that people recognise them. */
export type MaskedFacts = Readonly<Record<string, string>>;

/** A call of a channel as the timeline shows it. */
export interface ChannelCall {
  readonly operation: 'verify' | 'queryVerification';
  /** `succeeded`, the reason of a refusal, or the cause of a silence */
  readonly code: string;
  readonly durationMs: number;
}

export interface VerificationChange {
  readonly event: VerificationEvent;
  readonly at: string;
  readonly channel?: string | undefined;
  readonly call?: ChannelCall | undefined;
  /** the operation that asked for it: a retry of it recognises its own work */
  readonly by?: string | undefined;
}

/** Where the facts were taken to. */
export interface VerificationRoute {
  readonly channel: string;
  readonly merchantNo: string;
  readonly settlementAccountId: AccountId;
}

export interface Verification {
  readonly id: VerificationId;
  readonly institutionId: InstitutionId;
  readonly kind: VerificationKind;
  /** the member's, or the institution's own account that it is for */
  readonly accountId?: AccountId | undefined;
  readonly status: VerificationStatus;
  readonly masked: MaskedFacts;
  /** keyed hash of institution and facts */
  readonly factsHash: string;
  readonly operationId: string;
  /** absent where an earlier success answered */
  readonly route?: VerificationRoute | undefined;
  /** 1 for the first channel that is asked; 0 where none was */
  readonly attempt: number;
  /** what the channel charges for its verdict, and what the institution is charged: owed once there is a verdict */
  readonly cost: Money;
  readonly fee: Money;
  readonly cachedFrom?: VerificationId | undefined;
  readonly createdAt: string;
  readonly completedAt?: string | undefined;
  /** 会计日: the business day in which its charges were booked; absent where there were none */
  readonly accountingDate?: AccountingDate | undefined;
  /** of an enterprise: keyed hash of the amount that was transferred, until when it can be told back, and wrong ones told */
  readonly amountHash?: string | undefined;
  readonly expiresAt?: string | undefined;
  readonly wrongAmounts: number;
  readonly failure?: { readonly code: string; readonly reason: string } | undefined;
  /** of an enterprise that succeeded: its corporate account */
  readonly bindingId?: BindingId | undefined;
  readonly version: number;
  readonly history: readonly VerificationChange[];
}

export const verificationIdOf = (operationId: string): VerificationId => idOfOperation('ver', operationId);

/** A channel gives one verdict for a number, and charges it once. Each attempt has its own. */
export const requestNoOf = ({ id, attempt }: Pick<Verification, 'id' | 'attempt'>): string =>
  `${bareId(id)}V${attempt}`;

/** @throws Error for one that no channel was asked about. */
export function referenceOf(verification: Verification): Pick<VerificationReference, 'merchantNo' | 'requestNo'> {
  if (!verification.route) throw new Error(`${verification.id} was taken to no channel`);
  return { merchantNo: verification.route.merchantNo, requestNo: requestNoOf(verification) };
}

type NewVerification = Pick<
  Verification,
  'institutionId' | 'kind' | 'accountId' | 'masked' | 'factsHash' | 'operationId' | 'amountHash'
>;

/** One that is about to be taken to a channel. */
export const startVerification = (
  facts: NewVerification,
  { route, fee, at }: { readonly route: Route; readonly fee: Money; readonly at: Date },
): Verification => ({
  ...facts,
  id: verificationIdOf(facts.operationId),
  status: 'processing',
  ...takenTo(route, fee),
  attempt: 1,
  createdAt: at.toISOString(),
  wrongAmounts: 0,
  version: 1,
  history: [],
});

/** One that an earlier success answers: it costs nothing, and no channel is asked. */
export const answeredBy = (
  facts: NewVerification,
  { earlier, currency, at }: { readonly earlier: VerificationId; readonly currency: Currency; readonly at: Date },
): Verification => ({
  ...facts,
  id: verificationIdOf(facts.operationId),
  status: 'succeeded',
  attempt: 0,
  cost: money(0n, currency),
  fee: money(0n, currency),
  cachedFrom: earlier,
  createdAt: at.toISOString(),
  completedAt: at.toISOString(),
  wrongAmounts: 0,
  version: 1,
  history: [],
});

export const takenTo = ({ channel, merchant, cost }: Route, fee: Money) => ({
  route: { channel: channel.id, merchantNo: merchant.merchantNo, settlementAccountId: merchant.accountId },
  cost,
  fee,
});

type Patch = Partial<
  Pick<Verification, 'route' | 'attempt' | 'cost' | 'fee' | 'expiresAt' | 'wrongAmounts' | 'failure' | 'bindingId'>
>;

/** As it is after an event. @throws Error for an event that its status does not allow. */
export function changedBy(
  verification: Verification,
  {
    event,
    at,
    call,
    by,
  }: Pick<VerificationChange, 'event'> & {
    readonly at: Date;
    readonly call?: ChannelCall | undefined;
    readonly by?: string | undefined;
  },
  patch: Patch = {},
): Verification {
  const status = verificationStatusAfter(verification.status, event);
  const ended = status === 'succeeded' || status === 'failed' || status === 'expired';
  const channel = call && verification.route?.channel;
  return {
    ...verification,
    ...patch,
    status,
    ...(ended && { completedAt: at.toISOString() }),
    version: verification.version + 1,
    history: [...verification.history, { event, at: at.toISOString(), channel, call, by }],
  };
}
