/** A fact that an institution is told of: written once, never changed, kept for 90 days. */
import { type EventId, type InstitutionId, idFrom } from '../kernel/ids.ts';
import type { EventType } from './event-types.ts';

export interface WebhookEvent {
  readonly id: EventId;
  readonly type: EventType;
  readonly institutionId: InstitutionId;
  /** what it is about: the lane in which its deliveries keep their order */
  readonly objectId: string;
  /** sorts the events of one object in the order in which they happened */
  readonly position: string;
  readonly occurredAt: Date;
  /** the object as the API shows it, as JSON text: each try sends the same bytes */
  readonly data: string;
}

/** The same fact gives the same id, so what a stream tells twice is stored once. */
export const eventIdOf = (objectId: string, position: string): EventId => idFrom('evt', objectId, position);

/** What a receiver gets as the body, by Standard Webhooks: `type`, `timestamp`, `data`. */
export const payloadOf = ({ type, occurredAt, data }: WebhookEvent): string =>
  `{"type":${JSON.stringify(type)},"timestamp":${JSON.stringify(occurredAt.toISOString())},"data":${data}}`;

/** A number that counts the changes of one object, so that it sorts as text. */
export const positionOfVersion = (version: number): string => version.toString().padStart(12, '0');

/** A stream numbers the changes of one item upwards, with up to 40 digits. */
export const positionInStream = (sequenceNumber: string): string => sequenceNumber.padStart(40, '0');
