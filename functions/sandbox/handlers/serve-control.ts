import { denyOrder } from '../control/deny-order.ts';
import { misbehave } from '../control/misbehave.ts';
import { registerKeys } from '../control/register-keys.ts';
import { returnPayout } from '../control/return-payout.ts';
import { seedOrder } from '../control/seed-order.ts';
import { writeStatement } from '../control/write-statement.ts';
import { queueBehaviours } from '../orders/agreement-store.ts';
import { linesOfDay } from '../orders/order-store.ts';
import { beginOutage, endOutage } from '../orders/outage-store.ts';
import { setReserve } from '../orders/reserve-store.ts';
import { transfersTo } from '../verifications/verification-store.ts';
import * as schemas from './control-schemas.ts';
import { deliverStatement, gate, keyring, sandbox } from './dependencies.ts';
import { operation, serveControl } from './signed-operations.ts';

export const handler = serveControl(gate, {
  '/control/statements': operation(schemas.statementSchema, (command) =>
    writeStatement({ ...sandbox(), deliver: deliverStatement() }, command),
  ),
  '/control/orders': operation(
    schemas.seedSchema,
    ({ channel, merchantNo, channelOrderNo, amount, currency, ...seeded }) =>
      seedOrder(
        sandbox(),
        { channel, merchantNo },
        { ...seeded, orderNo: channelOrderNo, amount: { amount, currency } },
      ),
  ),
  '/control/returns': operation(schemas.returnSchema, ({ channelOrderNo, ...command }) =>
    returnPayout(sandbox(), { ...command, orderNo: channelOrderNo }),
  ),
  '/control/behaviours': operation(schemas.behavioursSchema, async ({ behaviours, ...merchant }) => {
    await queueBehaviours(sandbox(), merchant, behaviours);
    return { queued: behaviours.length };
  }),
  '/control/days': operation(schemas.daySchema, async ({ date, ...merchant }) => ({
    lines: await linesOfDay(sandbox(), merchant, date),
  })),
  '/control/keys': operation(schemas.keysSchema, ({ publicKey, secret, ...merchant }) =>
    registerKeys(keyring(), merchant, { publicKey, secret }),
  ),
  '/control/reserves': operation(schemas.reserveSchema, async ({ amount, currency, ...merchant }) => {
    await setReserve(sandbox(), merchant, amount === undefined ? undefined : { amount, currency });
    return { set: true };
  }),
  '/control/transfers': operation(schemas.transfersSchema, async ({ accountNumber }) => ({
    transfers: await transfersTo(sandbox(), accountNumber),
  })),
  '/control/outages': operation(schemas.outageSchema, async ({ channel, merchantNo, mode, perMille, forSeconds }) => {
    const scope = { channel, merchantNo };
    const until = new Date(sandbox().clock().getTime() + forSeconds * 1000);
    if (forSeconds === 0) await endOutage(sandbox(), scope);
    else await beginOutage(sandbox(), scope, { mode, perMille, until });
    return { until: until.toISOString() };
  }),
  '/control/denials': operation(schemas.denialSchema, ({ channelOrderNo, denial, ...merchant }) =>
    denyOrder(sandbox(), { ...merchant, orderNo: channelOrderNo }, denial),
  ),
  '/control/callbacks': operation(schemas.callbackSchema, ({ channelOrderNo, ...command }) =>
    misbehave(sandbox(), { ...command, orderNo: channelOrderNo }),
  ),
});
