/** Lets an institution see that its endpoint takes and verifies what we send. */
import { idOfOperation } from '../kernel/ids.ts';
import { isRefusal, type Refusal, refuse } from '../kernel/refusal.ts';
import { positionOfVersion, type WebhookEvent } from './event.ts';
import { type EndpointName, findEndpoint } from './keep-endpoints.ts';
import { eventOf } from './object-change.ts';
import { type Recording, recordEvent } from './record-event.ts';

/** Goes to this endpoint alone, whatever it wants to hear of. The same operation makes the same event. */
export async function sendTestEvent(
  recording: Recording,
  { operationId, ...name }: EndpointName & { readonly operationId: string },
): Promise<WebhookEvent | Refusal<'not_found' | 'endpoint_disabled'>> {
  const endpoint = await findEndpoint(recording, name);
  if (isRefusal(endpoint)) return endpoint;
  if (endpoint.status === 'disabled') return refuse('endpoint_disabled', 'The endpoint is disabled: enable it first.');
  const event = eventOf({
    type: 'webhook.test',
    institutionId: endpoint.institutionId,
    // each test is an object of its own, so that none waits for another
    objectId: idOfOperation('wep', operationId),
    position: positionOfVersion(1),
    occurredAt: recording.clock(),
    data: JSON.stringify({ endpointId: endpoint.id }),
  });
  await recordEvent(recording, { event, endpoints: [endpoint] });
  return event;
}
