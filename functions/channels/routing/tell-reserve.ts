/** Sets what lies at a channel to pay out of: told by an operator, or by the channel itself. */
import type { Clock } from '../../kernel/clock.ts';
import { type Money, money, moneyToJson } from '../../kernel/money.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { Table } from '../../kernel/table.ts';
import type { CommitWrites } from '../../kernel/write.ts';
import type { ChannelId } from '../catalogue.ts';
import { changeOfOperation, lastChange, recordChangeWrites } from '../configuration/change-store.ts';
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

/** As changes show it. */
const recorded = ({ balance, lowWater, toldAt, toldBy }: Reserve) => ({
  balance: moneyToJson(balance),
  ...(lowWater !== undefined && { lowWater: Number(lowWater) }),
  toldAt: toldAt.toISOString(),
  toldBy,
});

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
    /** null: it is never low; left out: as it was */
    readonly lowWater?: bigint | null | undefined;
    readonly operator: string;
    readonly operationId: string;
  },
): Promise<ReserveLevel | Refusal<ReserveRefusal>> {
  const { channel, merchantNo, balance, operator, operationId } = command;
  const named = { kind: 'reserves', id: `${channel}/${merchantNo}` };
  const [merchant, before, last, done] = await Promise.all([
    findMerchant(reserves, channel, merchantNo),
    findReserve(reserves, channel, merchantNo),
    lastChange(reserves.table, named.kind, named.id),
    changeOfOperation(reserves.table, operationId),
  ]);
  if (!merchant) return refuse('not_found', 'There is no such merchant number.');
  if (merchant.currency !== balance.currency) {
    return refuse('currency_mismatch', `The merchant number settles in ${merchant.currency}.`);
  }
  // a retry would else forget what payouts have taken since
  if (done && before) return levelOf(reserves, before);
  const lowWater = command.lowWater === undefined ? before?.lowWater : (command.lowWater ?? undefined);
  const epoch = (before?.epoch ?? 0) + 1;
  const toldAt = reserves.clock();
  const after: Reserve = { channel, merchantNo, epoch, balance, lowWater, toldAt, toldBy: operator };
  const change = { changedBy: operator, changedAt: toldAt.toISOString(), operationId };
  const { committed } = await reserves.commit([
    ...tellReserveWrites(reserves, { before, after }),
    ...recordChangeWrites(reserves.table, {
      ...{ ...named, ...change, version: (last?.version ?? 0) + 1 },
      ...(before && { before: recorded(before) }),
      after: recorded(after),
    }),
  ]);
  if (!committed) return refuse('changed_meanwhile', 'The reserve was told at the same moment by somebody else.');
  return { reserve: after, left: balance };
}
