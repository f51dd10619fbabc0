/** The proof of a settled day: one document that shows what agreed with what, down to each difference and its resolution. */
import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import type { Conclusion, ProofFile, Settlement } from './batch.ts';
import { type Difference, isRepaired, placeOf } from './cases/case.ts';
import { suspenseRollForward } from './cases/suspense-of-day.ts';
import type { WorkingFiles } from './files.ts';
import type { PlannedRun } from './run.ts';
import { netOfTotals } from './totals.ts';
import { proofKey } from './working-keys.ts';

interface Proven extends Omit<Settlement, 'proof'> {
  readonly conclusion: Conclusion;
  readonly differences: readonly Difference[];
}

/**
 * Kept as long as the statement, in its bucket. Written before the settlement is posted, which names it by its hash: a
 * repeat of the step writes another version, and the settlement tells which one counts.
 */
export async function writeProof(files: WorkingFiles, run: PlannedRun, proven: Proven): Promise<ProofFile> {
  const text = proofOf(run, proven);
  const object = { bucket: run.file.bucket, key: proofKey(run.reconciliationId) };
  const { VersionId } = await files.client.send(
    new PutObjectCommand({ Bucket: object.bucket, Key: object.key, Body: text, ContentType: 'application/json' }),
  );
  const sha256 = createHash('sha256').update(text).digest('hex');
  return { ...object, ...(VersionId && { versionId: VersionId }), sha256 };
}

/** Amounts are whole minor units, as text where they pass what JSON carries exactly, which is always here. */
function proofOf(run: PlannedRun, { conclusion, differences, net, ...settlement }: Proven): string {
  const { reconciliationId, statement, version, file, identified } = run;
  const { lines, control, theirs, ours, differences: byType, completed, stillOpen } = conclusion;
  const document = {
    reconciliationId,
    ...statement,
    version,
    settlementAccountId: identified.settlementAccountId,
    currency: identified.currency,
    file,
    settlement: { ...settlement, net },
    lines,
    control,
    channel: { totals: theirs, net: netOfTotals(theirs) },
    books: { totals: ours, net: netOfTotals(ours) },
    differencesByType: byType,
    completedPayments: completed,
    openPayments: stillOpen,
    differences: differences.map(shown),
    suspense: suspenseRollForward(differences),
  };
  return JSON.stringify(document, (_name, part: unknown) => (typeof part === 'bigint' ? `${part}` : part), 2);
}

const shown = (difference: Difference) => {
  const { id, facts, state, openedIn, closedIn, postingId, reversalPostingId, resolved, history } = difference;
  const { channelAnswer } = difference;
  const { type, key, paymentId, adjustment } = facts;
  const { lineNumber, version: lineVersion } = placeOf(difference);
  return {
    ...{ id, type, key, paymentId, lineNumber, lineVersion, adjustment, status: state, openedIn, closedIn },
    ...{ postingId, reversalPostingId, channelAnswer, resolved, paymentCorrected: isRepaired(difference), history },
  };
};
