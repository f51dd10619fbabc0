import { ok } from '../../runtime/answer.ts';
import { httpHandler } from '../../runtime/http.ts';
import { reserves } from '../../runtime/wiring/routing.ts';
import { listReserves } from '../routing/reserve-store.ts';
import { listReservesRoute } from '../routing/routing-routes.ts';
import { reserveAnswer } from '../routing/routing-schemas.ts';
import { levelOf } from '../routing/tell-reserve.ts';

export const handler = httpHandler(listReservesRoute, async () => {
  const kept = await listReserves(reserves());
  const levels = await Promise.all(kept.map((reserve) => levelOf(reserves(), reserve)));
  return ok({ items: levels.map(reserveAnswer) });
});
