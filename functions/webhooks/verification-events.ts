/** Which changes of a verification an institution is told of. */
import { isVerificationItem, verificationFromItem, verificationView } from '../parties/index.ts';
import { positionOfVersion } from './event.ts';
import { eventOf, type ReadChange } from './object-change.ts';

/** It is told of when it comes into a state. The event's data is what `GET /v1/verifications/{id}` showed at that moment. */
export const readVerificationChange: ReadChange = ({ before, after }) => {
  if (!isVerificationItem(after)) return undefined;
  const verification = verificationFromItem(after);
  const { id, institutionId, status, version, history, createdAt } = verification;
  if (before && verificationFromItem(before).status === status) return undefined;
  return eventOf({
    type: `verification.${status}`,
    institutionId,
    objectId: id,
    position: positionOfVersion(version),
    occurredAt: new Date(history.at(-1)?.at ?? createdAt),
    data: JSON.stringify(verificationView(verification)),
  });
};
