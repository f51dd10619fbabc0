/** What we expect a channel to report: our payments of one merchant number and day, spread over shards. */
import { createHash } from 'node:crypto';

/**
 * A day's payments of one merchant number lie in eight index partitions, each of which takes 1 000 writes a second, so
 * that a busy merchant number passes the limit of one. Raising it splits only the days that come after.
 */
export const expectationShards = 8;

export interface ExpectedDay {
  readonly channel: string;
  readonly merchantNo: string;
  /** in the time zone of statements */
  readonly day: string;
  /** 0 to `expectationShards` − 1 */
  readonly shard: number;
}

/** Evenly by hash: order numbers themselves may be made by anyone who names a channel's rows. */
export const shardOf = (channelOrderNo: string): number =>
  createHash('sha256').update(channelOrderNo).digest().readUInt8(0) % expectationShards;

export const expectedDayKey = ({ channel, merchantNo, day, shard }: ExpectedDay): string =>
  `${channel}#${merchantNo}#${day}#${shard}`;
