/** An endpoint that says it is gone, or fails for days, is told nothing more until its institution enables it. */
import { type DisabledReason, type WebhookEndpoint, wantsEvent } from './endpoint.ts';
import { endpointsOf, replaceEndpointWrite } from './endpoint-store.ts';
import { endpointView } from './endpoint-view.ts';
import { positionOfVersion } from './event.ts';
import { eventOf } from './object-change.ts';
import { type Recording, recordEvent } from './record-event.ts';

/**
 * Together with the event that tells the institution's other endpoints. Somebody else's change of the endpoint goes first:
 * the next failure comes here again.
 */
export async function disableEndpoint(
  recording: Recording,
  endpoint: WebhookEndpoint,
  reason: DisabledReason,
): Promise<void> {
  const at = recording.clock();
  const version = endpoint.version + 1;
  const disabled: WebhookEndpoint = { ...endpoint, status: 'disabled', disabled: { reason, at }, version };
  const event = eventOf({
    type: 'webhook_endpoint.disabled',
    institutionId: endpoint.institutionId,
    objectId: endpoint.id,
    position: positionOfVersion(version),
    occurredAt: at,
    data: JSON.stringify(endpointView(disabled)),
  });
  const all = await endpointsOf(recording.table, endpoint.institutionId);
  const endpoints = all.filter((other) => other.id !== endpoint.id && wantsEvent(other, event.type));
  await recordEvent(recording, {
    event,
    endpoints,
    alongside: [replaceEndpointWrite(recording.table, endpoint, disabled)],
  });
}
