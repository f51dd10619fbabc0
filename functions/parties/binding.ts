/** A binding (绑定): a holder's card or corporate account, and the agreements of channels by which payments use it. */
import { type CardType, type ChannelId, cardTypes } from '../channels/index.ts';
import type { AccountId, BindingId, InstitutionId } from '../kernel/ids.ts';
import type { BindingEvent, BindingStatus } from './states.ts';
import { bindingStatusAfter } from './states.ts';

/** 银行卡, 对公账户 */
export const bindingKinds = ['card', 'corporate_account'] as const;
export type BindingKind = (typeof bindingKinds)[number];

export { type CardType, cardTypes };

/** What a channel agreed to: payments name it and never the number. */
export interface Agreement {
  readonly merchantNo: string;
  readonly agreementNo: string;
}

export type Agreements = Readonly<Record<ChannelId, Agreement>>;

/** A channel has sent the holder a code and waits for it. */
export interface CodeStep {
  readonly merchantNo: string;
  readonly expiresAt: string;
  /** how many codes were told back */
  readonly tries: number;
}

export type CodeSteps = Readonly<Record<ChannelId, CodeStep>>;

export interface Binding {
  readonly id: BindingId;
  readonly kind: BindingKind;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  readonly status: BindingStatus;
  /** the number as it may be shown */
  readonly cardMasked: string;
  /** keyed hash of account and number */
  readonly cardHash: string;
  /** code of the bank, where its cards' numbers are known, or the one that keeps the corporate account */
  readonly bank?: string | undefined;
  readonly cardType?: CardType | undefined;
  readonly agreements: Agreements;
  readonly codes: CodeSteps;
  readonly createdAt: string;
  /** of a pending card: after which it is given up */
  readonly expiresAt?: string | undefined;
  /** the operation whose code was the right one: a retry of it recognises its own work */
  readonly confirmedBy?: string | undefined;
  readonly unboundAt?: string | undefined;
  /** the operation that unbound it: a retry of it recognises its own work */
  readonly unboundBy?: string | undefined;
  readonly version: number;
}

/** A code is told back while the holder has the message before them. */
export const codeMinutes = 10;

/** So many codes may be told back for one step, right or wrong, whatever more the channel allows. */
export const codeTries = 5;

/** A card about which every channel was silent is given up after a day. */
export const silentHours = 24;

export const minutesAfter = (at: Date, minutes: number): string =>
  new Date(at.getTime() + minutes * 60_000).toISOString();

export const isExpired = ({ status, expiresAt }: Binding, now: Date): boolean =>
  status === 'pending' && expiresAt !== undefined && expiresAt <= now.toISOString();

/** The steps that still wait for a code. */
export const openCodes = ({ status, codes }: Pick<Binding, 'status' | 'codes'>, now: Date): readonly string[] =>
  status === 'pending' || status === 'active'
    ? Object.entries(codes)
        .filter(([, { expiresAt }]) => expiresAt > now.toISOString())
        .map(([channel]) => channel)
        .sort()
    : [];

type Patch = Partial<Pick<Binding, 'agreements' | 'codes' | 'expiresAt' | 'confirmedBy' | 'unboundAt' | 'unboundBy'>>;

/** As it is after an event. @throws Error for an event that its status does not allow. */
export function bindingAfter(binding: Binding, event: BindingEvent, patch: Patch = {}): Binding {
  const status = bindingStatusAfter(binding.status, event);
  const ended = status !== 'pending' && status !== 'active';
  return {
    ...binding,
    ...patch,
    status,
    ...(status !== 'pending' && { expiresAt: undefined }),
    ...(ended && { codes: {} }),
    version: binding.version + 1,
  };
}
