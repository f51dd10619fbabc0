/** The door of the context `webhooks`. */
export { deliverySchedule } from './delivery-schedule.ts';
export { webhookPoster } from './send-webhook.ts';
export { turnQueue } from './turn-queue.ts';
export { kmsSecretBox, newWebhookSecret, rememberingOpener } from './webhook-secret.ts';
export type { EndpointKeeping, ReceiverRules, Webhooks } from './webhooks.ts';
