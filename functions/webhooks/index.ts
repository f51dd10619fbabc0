/** The door of the context `webhooks`. */
export { deliverySchedule } from './delivery-schedule.ts';
export type { ReceiverRules } from './receiver-rules.ts';
export { webhookPoster } from './send-webhook.ts';
export { turnQueue } from './turn-queue.ts';
export { kmsSecretBox, newWebhookSecret, rememberingOpener } from './webhook-secret.ts';
export type { EndpointKeeping, Webhooks } from './webhooks.ts';
