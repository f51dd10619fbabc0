import {
  explainRoutesRoute,
  listReservesRoute,
  putReserveRoute,
} from '../../../functions/channels/routing/routing-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import { grantChannelLookup } from '../../constructs/channel-access.ts';
import type { DataStack } from '../data-stack.ts';
import type { SandboxStack } from '../sandbox-stack.ts';

/** The routes by which operators see how payments are routed and keep merchant reserves. */
export function addRoutingRoutes(api: RouteAdder, data: DataStack, sandbox?: SandboxStack): void {
  const explain = api.serve('ExplainRoutes', explainRoutesRoute, {
    entry: 'channels/handlers/explain-routing.ts',
    whenItFails: 'Operators cannot see why a payment goes to a channel or to none',
    environment: { PARTIES_TABLE: data.partiesTable.tableName },
  });
  grantChannelLookup(explain, data, sandbox);
  data.partiesTable.grant(explain, 'dynamodb:GetItem');

  const environment = { CHANNELS_TABLE: data.channelsTable.tableName };
  const list = api.serve('ListReserves', listReservesRoute, {
    entry: 'channels/handlers/list-reserves.ts',
    whenItFails: 'Operators cannot see what is left at channels to pay out of',
    environment,
  });
  data.channelsTable.grant(list, 'dynamodb:Query');

  const put = api.serve('PutReserve', putReserveRoute, {
    entry: 'channels/handlers/put-reserve.ts',
    whenItFails: 'Operators cannot say that a merchant reserve was topped up',
    environment,
  });
  data.channelsTable.grant(put, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
}
