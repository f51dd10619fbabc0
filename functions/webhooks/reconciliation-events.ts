/** Which changes of a reconciliation, and of a statement that is expected, an institution is told of. */
import { idFrom } from '../kernel/ids.ts';
import {
  type BatchStatus,
  batchFromItem,
  expectationNoteFromItem,
  isBatchItem,
  isExpectationNote,
  missingStatementView,
  reconciliationView,
} from '../reconciliation/index.ts';
import { positionInStream } from './event.ts';
import type { EventType } from './event-types.ts';
import { eventOf, type ReadChange } from './object-change.ts';

/** That it runs is no news yet, a fault of ours is mended by us, and what is cancelled was our own mistake. */
const types: Readonly<Record<BatchStatus, EventType | undefined>> = {
  running: undefined,
  failed: undefined,
  cancelled: undefined,
  balanced: 'reconciliation.balanced',
  differing: 'reconciliation.differing',
  reopened: 'reconciliation.reopened',
  rejected: 'reconciliation.rejected',
  superseded: 'reconciliation.superseded',
};

/** The event's data is what `GET /v1/reconciliations/{id}` showed at that moment. A statement of nobody's concerns nobody. */
const readBatchChange: ReadChange = ({ before, after, sequenceNumber, at }) => {
  if (!isBatchItem(after)) return undefined;
  const batch = batchFromItem(after);
  const type = before && batchFromItem(before).status === batch.status ? undefined : types[batch.status];
  if (!type || !batch.institutionId) return undefined;
  return eventOf({
    type,
    institutionId: batch.institutionId,
    objectId: batch.id,
    // a batch does not count its changes
    position: positionInStream(sequenceNumber),
    // a newer version changes a batch that has ended: its own times don't tell of that
    occurredAt: at,
    data: JSON.stringify(reconciliationView(batch)),
  });
};

/** That a statement has not come by its hour, and that it came after that. */
const readExpectationChange: ReadChange = ({ before, after, sequenceNumber, at }) => {
  const [was, is] = [before && expectationNoteFromItem(before), expectationNoteFromItem(after)];
  const type: EventType | undefined =
    is.arrivedAt && !was?.arrivedAt
      ? 'statement.arrived'
      : is.missingSince && !was?.missingSince
        ? 'statement.missing'
        : undefined;
  if (!type) return undefined;
  return eventOf({
    type,
    institutionId: is.owner,
    objectId: idFrom('stmt', is.channel, is.merchantNo, is.date),
    position: positionInStream(sequenceNumber),
    occurredAt: at,
    data: JSON.stringify(missingStatementView(is)),
  });
};

export const readReconciliationChange: ReadChange = (change) =>
  isExpectationNote(change.after) ? readExpectationChange(change) : readBatchChange(change);
