/** What the use cases of webhooks need. */
import type { Clock } from '../kernel/clock.ts';
import type { Table } from '../kernel/table.ts';
import type { CommitWrites } from '../kernel/write.ts';
import type { Lane } from './delivery.ts';
import type { DeliverySchedule } from './delivery-schedule.ts';
import type { ReceiverRules } from './receiver-rules.ts';
import type { PostWebhook } from './send-webhook.ts';
import type { SecretBox } from './webhook-secret.ts';

/** Look at this lane: it is the turn, or may be, of the delivery at a position for its try of a number. */
export interface Turn extends Lane {
  readonly position: string;
  /** 1 for the first try of a round */
  readonly attempt: number;
}

export interface TurnQueue {
  /** @param delaySeconds 0 to 900 */
  readonly send: (turn: Turn, delaySeconds: number) => Promise<void>;
}

export interface Webhooks {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
  readonly turns: TurnQueue;
  readonly schedule: DeliverySchedule;
  /** 0 to 1 */
  readonly random: () => number;
  readonly post: PostWebhook;
  readonly openSecret: SecretBox['open'];
}

/** What it takes to keep endpoints, none of which tells anybody anything. */
export interface EndpointKeeping extends Pick<Webhooks, 'table' | 'clock'> {
  readonly sealSecret: SecretBox['seal'];
  /** `whsec_…` */
  readonly newSecret: () => string;
  readonly receivers: ReceiverRules;
}
