/** What the use cases of payments need, handed in. Each takes only its own part. */
import type { Channels } from '../channels/index.ts';
import type { Clock } from '../kernel/clock.ts';
import type { PaymentId } from '../kernel/ids.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import type { Ledger } from '../ledger/index.ts';
import type { Parties } from '../parties/index.ts';
import type { FollowUpSchedule } from './follow-up-schedule.ts';

export interface Payments {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  /** IANA name of the zone of statement days and accounting dates */
  readonly timeZone: string;
  readonly ledger: Ledger;
  readonly channels: Channels;
  readonly parties: Parties;
  readonly followUps: FollowUpQueue;
  readonly schedule: FollowUpSchedule;
  /** where a channel tells what became of an order */
  readonly callbackUrlOf: (channel: string) => string;
}

/** What it takes to bring a payment to its end: no party is asked again. */
export type PaymentBooks = Pick<Payments, 'table' | 'commit' | 'clock' | 'timeZone' | 'ledger'> & {
  readonly channels: Pick<Channels, 'table'>;
};

/** What it takes to ask a payment's channel. */
export type PaymentCalls = Pick<Payments, 'clock' | 'channels' | 'callbackUrlOf'>;

/** What it takes to ask what became of an order. */
export interface OrderQueries {
  readonly clock: Clock;
  readonly channels: Pick<Channels, 'catalogue' | 'adapters'>;
}

export interface FollowUp {
  readonly paymentId: PaymentId;
  /** the attempt that was current when the message was sent */
  readonly attempt: number;
  /** 1 for the first check */
  readonly check: number;
  /** asked for by the sweep: it looks, and queues nothing behind it */
  readonly once?: true;
}

/** Delivers each message at least once, not before its delay. */
export interface FollowUpQueue {
  readonly send: (followUp: FollowUp, delaySeconds: number) => Promise<void>;
}
