import {
  createWebhookEndpointRoute,
  deleteWebhookEndpointRoute,
  enableWebhookEndpointRoute,
  getEventRoute,
  getWebhookDeliveryRoute,
  getWebhookEndpointRoute,
  listEventsRoute,
  listWebhookDeliveriesRoute,
  listWebhookEndpointsRoute,
  replayDeadDeliveriesRoute,
  replayWebhookDeliveryRoute,
  rotateWebhookSecretRoute,
  testWebhookEndpointRoute,
} from '../../../functions/webhooks/routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { WebhookDelivery } from '../../constructs/webhook-delivery.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of the context `webhooks`, each with the least that its function may do. */
export function addWebhooksRoutes(api: RouteAdder, data: DataStack, delivery: WebhookDelivery): void {
  addEndpointRoutes(api, data);
  addSendingRoutes(api, data, delivery);
  addReadingRoutes(api, data);
}

const environmentOf = ({ webhooksTable }: DataStack) => ({ WEBHOOKS_TABLE: webhooksTable.tableName });

function addEndpointRoutes(api: RouteAdder, data: DataStack): void {
  const environment = environmentOf(data);
  const keeping = {
    ...environment,
    WEBHOOK_SECRET_KEY_ARN: data.webhookSecretKey.keyArn,
    LOCAL_RECEIVERS: api.stage.localReceivers ? 'allowed' : 'refused',
  };
  const create = api.serve('CreateWebhookEndpoint', createWebhookEndpointRoute, {
    entry: 'webhooks/handlers/create-webhook-endpoint.ts',
    whenItFails: 'Institutions cannot say where they want to be told of events',
    environment: keeping,
  });
  data.webhooksTable.grant(create, 'dynamodb:Query', 'dynamodb:PutItem');
  const rotate = api.serve('RotateWebhookSecret', rotateWebhookSecretRoute, {
    entry: 'webhooks/handlers/rotate-webhook-secret.ts',
    whenItFails: 'Institutions cannot replace the secret of their webhooks, a leaked one included',
    environment: keeping,
  });
  data.webhooksTable.grant(rotate, 'dynamodb:GetItem', 'dynamodb:PutItem');
  for (const sealer of [create, rotate]) data.webhookSecretKey.grant(sealer, 'kms:Encrypt');

  const enable = api.serve('EnableWebhookEndpoint', enableWebhookEndpointRoute, {
    entry: 'webhooks/handlers/enable-webhook-endpoint.ts',
    whenItFails: 'Institutions stay without webhooks after their receiver has failed for days',
    environment,
  });
  data.webhooksTable.grant(enable, 'dynamodb:GetItem', 'dynamodb:PutItem');
  const remove = api.serve('DeleteWebhookEndpoint', deleteWebhookEndpointRoute, {
    entry: 'webhooks/handlers/delete-webhook-endpoint.ts',
    whenItFails: 'Institutions cannot stop what is sent to a URL of theirs',
    environment,
  });
  data.webhooksTable.grant(remove, 'dynamodb:GetItem', 'dynamodb:DeleteItem');
}

function addSendingRoutes(api: RouteAdder, data: DataStack, delivery: WebhookDelivery): void {
  const environment = environmentOf(data);
  const testing = api.serve('TestWebhookEndpoint', testWebhookEndpointRoute, {
    entry: 'webhooks/handlers/test-webhook-endpoint.ts',
    whenItFails: 'Institutions cannot try their receivers out',
    environment,
  });
  const replayDead = api.serve('ReplayDeadDeliveries', replayDeadDeliveriesRoute, {
    entry: 'webhooks/handlers/replay-dead-deliveries.ts',
    whenItFails: 'Institutions cannot have sent again what their receiver missed',
    environment,
  });
  const replay = api.serve('ReplayWebhookDelivery', replayWebhookDeliveryRoute, {
    entry: 'webhooks/handlers/replay-webhook-delivery.ts',
    whenItFails: 'Institutions cannot have a single event sent again',
    environment,
  });
  data.webhooksTable.grant(testing, 'dynamodb:GetItem', 'dynamodb:PutItem');
  for (const replayer of [replayDead, replay]) {
    data.webhooksTable.grant(replayer, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }
  for (const sender of [testing, replayDead, replay]) delivery.letSend(sender);
}

function addReadingRoutes(api: RouteAdder, data: DataStack): void {
  const environment = environmentOf(data);
  const readers = [
    api.serve('ListWebhookEndpoints', listWebhookEndpointsRoute, {
      entry: 'webhooks/handlers/list-webhook-endpoints.ts',
      whenItFails: 'Institutions and operators cannot list webhook endpoints',
      environment,
    }),
    api.serve('GetWebhookEndpoint', getWebhookEndpointRoute, {
      entry: 'webhooks/handlers/get-webhook-endpoint.ts',
      whenItFails: 'Institutions and operators cannot see whether a webhook endpoint is disabled',
      environment,
    }),
    api.serve('ListEvents', listEventsRoute, {
      entry: 'webhooks/handlers/list-events.ts',
      whenItFails: 'Institutions cannot look up what happened while their receiver was away',
      environment,
    }),
    api.serve('GetEvent', getEventRoute, {
      entry: 'webhooks/handlers/get-event.ts',
      whenItFails: 'Institutions cannot look an event up',
      environment,
    }),
    api.serve('ListWebhookDeliveries', listWebhookDeliveriesRoute, {
      entry: 'webhooks/handlers/list-webhook-deliveries.ts',
      whenItFails: 'Institutions and operators cannot see why webhooks do not arrive',
      environment,
    }),
    api.serve('GetWebhookDelivery', getWebhookDeliveryRoute, {
      entry: 'webhooks/handlers/get-webhook-delivery.ts',
      whenItFails: 'Institutions and operators cannot see what became of a webhook',
      environment,
    }),
  ];
  for (const reader of readers) data.webhooksTable.grant(reader, 'dynamodb:GetItem', 'dynamodb:Query');
}
