/** Sets what lies at a channel to pay out of: told by an operator, or by the channel itself. */
import type { Clock } from '../../kernel/clock.ts';
import { type Money, money } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import type { CommitWrites } from '../../kernel/write.ts';
import type { ChannelId } from '../catalogue.ts';
import { findMerchant } from '../merchant-store.ts';
import { readCounter } from './counter-store.ts';
import { roomIn } from './counters.ts';
import { type Reserve, reserveCounter } from './reserve.ts';
import { findReserve, tellReserveWrites } from './reserve-store.ts';

export interface Reserves {
  readonly table: Table;
  readonly commit: CommitWrites;
  readonly clock: Clock;
}

export type ReserveRefusal = 'not_found' | 'currency_mismatch' | 'changed_meanwhile';

/** A reserve as it is now. */
export interface ReserveLevel {
  readonly reserve: Reserve;
  readonly left: Money;
}

/** What was told less what payouts have taken since. 1 read unit. */
export async function levelOf({ table }: Pick<Reserves, 'table'>, reserve: Reserve): Promise<ReserveLevel> {
  const counter = reserveCounter(reserve);
  const { used } = await readCounter({ table }, counter.key);
  return { reserve, left: money(roomIn(counter, { used, closed: false }), reserve.balance.currency) };
}

/**
 * What an operator says is believed as it is: payouts that are under way are thought to be in it. From then on the reserve is
 * kept.
 */
export async function setReserve(
  reserves: Reserves,
  command: {
    readonly channel: ChannelId;
    readonly merchantNo: string;
    readonly balance: Money;
    readonly lowWater?: bigint | undefined;
    readonly operator: string;
  },
): Promise<ReserveLevel | Refusal<ReserveRefusal>> {
  const { channel, merchantNo, balance, lowWater, operator } = command;
  const [merchant, before] = await Promise.all([
    findMerchant(reserves, channel, merchantNo),
    findReserve(reserves, channel, merchantNo),
  ]);
  if (!merchant) return refuse('not_found', 'There is no such merchant number.');
  if (merchant.currency !== balance.currency) {
    return refuse('currency_mismatch', `The merchant number settles in ${merchant.currency}.`);
  }
  const epoch = (before?.epoch ?? 0) + 1;
  const after: Reserve = { channel, merchantNo, epoch, balance, lowWater, toldAt: reserves.clock(), toldBy: operator };
  const { committed } = await reserves.commit(tellReserveWrites(reserves, { before, after }));
  if (!committed) return refuse('changed_meanwhile', 'The reserve was told at the same moment by somebody else.');
  return { reserve: after, left: balance };
}
