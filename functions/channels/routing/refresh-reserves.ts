/** Asks channels what lies there to pay out of, and says where it is little. */

import { money } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { adapterOf, type Channels, findChannel } from '../channels.ts';
import { findMerchant } from '../merchant-store.ts';
import { readCounter } from './counter-store.ts';
import { type Reserve, reserveCounter } from './reserve.ts';
import { type LowReserve, listReserves, putLowReserve, tellReserveWrites } from './reserve-store.ts';
import { levelOf, type Reserves } from './tell-reserve.ts';

type Refreshing = Reserves & Pick<Channels, 'catalogue' | 'adapters'>;

/** A balance that was told longer ago is asked for again. */
const believedMs = 10 * 60_000;

export interface RefreshReport {
  readonly asked: number;
  /** which channel did not answer, and why: its reserve stays as it was told before */
  readonly silent: readonly { readonly channel: string; readonly merchantNo: string; readonly cause: string }[];
  /** each is told once for each telling of its balance */
  readonly low: readonly LowReserve[];
}

/** Only of reserves that an operator has begun to keep. 2 to 4 read units for each, and 20 write units where it was asked for. */
export async function refreshReserves(refreshing: Refreshing): Promise<RefreshReport> {
  const now = refreshing.clock();
  const kept = await listReserves(refreshing);
  const due = kept.filter(({ toldAt }) => now.getTime() - toldAt.getTime() >= believedMs);
  const answers = await Promise.all(due.map((reserve) => refreshReserve(refreshing, reserve)));
  const silent = answers.flatMap((answer, place) => {
    const reserve = due[place];
    return isRefusal(answer) && reserve
      ? [{ channel: reserve.channel, merchantNo: reserve.merchantNo, cause: answer.detail }]
      : [];
  });
  const low: LowReserve[] = [];
  for (const reserve of due.length > 0 ? await listReserves(refreshing) : kept) {
    const event = await noteLow(refreshing, reserve);
    if (event) low.push(event);
  }
  return { asked: due.length, silent, low };
}

/** Payouts go on while the channel is asked: a try that one has overtaken is repeated. */
const maximumTries = 4;

/**
 * The channel's figure, less what payouts have taken while it was asked: those may not be in it yet. What failed payouts give
 * back later goes to the telling that they took it from, since this one already has it.
 */
async function refreshReserve(
  refreshing: Refreshing,
  before: Reserve,
): Promise<'told' | 'not_told' | Refusal<'silent'>> {
  const { channel: id, merchantNo } = before;
  const channel = await findChannel(refreshing, id);
  if (!channel) return { refused: 'silent', detail: 'the channel is not in the catalogue' };
  const counter = reserveCounter(before);
  const start = await readCounter(refreshing, counter.key);
  const told = await adapterOf(refreshing, channel).queryReserve({ channel: channel.id, merchantNo });
  if (told.outcome === 'not_told') return 'not_told';
  if (told.outcome === 'unknown') return { refused: 'silent', detail: told.cause };
  if (told.balance.currency !== before.balance.currency) {
    return { refused: 'silent', detail: `the channel tells of ${told.balance.currency}` };
  }
  for (let tries = 0; tries < maximumTries; tries++) {
    const use = await readCounter(refreshing, counter.key);
    const taken = takenBetween(start.used, use.used);
    const balance = money(told.balance.amount - (taken > 0n ? taken : 0n), told.balance.currency);
    const after = { ...before, epoch: before.epoch + 1, balance, toldAt: refreshing.clock(), toldBy: 'channel' };
    const { committed } = await refreshing.commit(tellReserveWrites(refreshing, { before, after, use }));
    if (committed) return 'told';
  }
  return { refused: 'silent', detail: 'payouts overtook every try' };
}

function takenBetween(before: ReadonlyMap<number, bigint>, after: ReadonlyMap<number, bigint>): bigint {
  const sum = (used: ReadonlyMap<number, bigint>): bigint =>
    [...used.values()].reduce((total, each) => total + each, 0n);
  return sum(after) - sum(before);
}

async function noteLow(refreshing: Refreshing, reserve: Reserve): Promise<LowReserve | undefined> {
  if (reserve.lowWater === undefined) return undefined;
  const { left } = await levelOf(refreshing, reserve);
  if (left.amount >= reserve.lowWater) return undefined;
  const owner = await findMerchant(refreshing, reserve.channel, reserve.merchantNo);
  if (!owner) throw new Error(`the merchant number ${reserve.merchantNo} at ${reserve.channel} is gone`);
  const { institutionId, accountId } = owner;
  const event: LowReserve = { reserve, left, at: refreshing.clock(), owner: { institutionId, accountId } };
  return (await putLowReserve(refreshing, event)) ? event : undefined;
}
