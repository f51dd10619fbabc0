/** An institution is told when what lies at a channel for its payouts has become little, once for each telling of its balance. */
import { isLowReserveItem, lowReserveFromItem } from '../channels/index.ts';
import { money, moneyToJson } from '../kernel/money.ts';
import { positionOfVersion } from './event.ts';
import { eventOf, type ReadChange } from './object-change.ts';

export const readReserveChange: ReadChange = ({ before, after }) => {
  if (before || !isLowReserveItem(after)) return undefined;
  const { reserve, left, at, owner } = lowReserveFromItem(after);
  const { channel, merchantNo, epoch, balance, lowWater = 0n, toldAt } = reserve;
  return eventOf({
    type: 'reserve.low',
    institutionId: owner.institutionId,
    objectId: owner.accountId,
    position: positionOfVersion(epoch),
    occurredAt: at,
    data: JSON.stringify({
      settlementAccountId: owner.accountId,
      channel,
      merchantNo,
      left: moneyToJson(left),
      lowWater: moneyToJson(money(lowWater, balance.currency)),
      toldAt: toldAt.toISOString(),
    }),
  });
};
