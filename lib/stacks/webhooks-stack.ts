import { Stack, type StackProps } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import { StreamRelay } from '../constructs/stream-relay.ts';
import { WebhookDelivery } from '../constructs/webhook-delivery.ts';
import type { Stage } from '../stages.ts';
import { addWebhooksRoutes } from './api/webhooks-routes.ts';
import type { DataStack } from './data-stack.ts';

export interface WebhooksStackProps extends StackProps {
  readonly stage: Stage;
  readonly data: DataStack;
  readonly center: CenterApi;
}

/** What happens, told to institutions: from the tables' streams into the log of events, and from there to their URLs. */
export class WebhooksStack extends Stack {
  constructor(scope: Construct, id: string, { stage, data, center, ...props }: WebhooksStackProps) {
    super(scope, id, props);
    const { webhooksTable, webhookSecretKey } = data;
    const delivery = new WebhookDelivery(this, 'Delivery', { stage, webhooksTable, webhookSecretKey });
    const environment = { WEBHOOKS_TABLE: webhooksTable.tableName };
    const relays = [
      new StreamRelay(this, 'RelayPayments', {
        stage,
        table: data.paymentsTable,
        sortKey: 'PAYMENT',
        entry: 'webhooks/handlers/relay-payments.ts',
        purpose: 'Writes what happens to payments into the log of events, for those who want to be told',
        whenItFails: 'Institutions are not told what became of their payments',
        environment,
      }),
      new StreamRelay(this, 'RelayVerifications', {
        stage,
        table: data.partiesTable,
        sortKey: 'VERIFICATION',
        entry: 'webhooks/handlers/relay-verifications.ts',
        purpose: 'Writes what happens to verifications into the log of events, for those who want to be told',
        whenItFails: 'Institutions are not told what became of their verifications',
        environment,
      }),
      new StreamRelay(this, 'RelayReconciliations', {
        stage,
        table: data.reconciliationTable,
        sortKey: ['BATCH', 'EXPECTED'],
        entry: 'webhooks/handlers/relay-reconciliations.ts',
        purpose: 'Writes what happens to reconciliations into the log of events, for those who want to be told',
        whenItFails: 'Institutions are not told what their reconciliations found',
        environment,
      }),
      new StreamRelay(this, 'RelayReserves', {
        stage,
        table: data.channelsTable,
        sortKey: 'LOW#*',
        entry: 'webhooks/handlers/relay-reserves.ts',
        purpose: 'Writes which merchant reserves are low into the log of events, for those who want to be told',
        whenItFails: 'Institutions are not told that soon nothing is left to pay out of',
        environment,
      }),
    ];
    for (const { relay } of relays) {
      webhooksTable.grant(relay, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
      delivery.letSend(relay);
    }
    addWebhooksRoutes(center.from(this), data, delivery);
  }
}
