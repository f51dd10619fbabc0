import type * as z from 'zod';
import type { expectedStatementSchema } from './calendar-schemas.ts';
import type { ExpectedStatement } from './expected-statement.ts';
import type { ExpectationNote } from './expected-statement-store.ts';

/** Branded ids come out of the schemas' own transforms; before that they are text. */
export function expectedStatementView({
  day,
  merchant,
  status,
  expectedFrom,
  dueAt,
  callAt,
  note,
  batch,
}: ExpectedStatement): z.input<typeof expectedStatementSchema> {
  return {
    ...day,
    institutionId: merchant.institutionId,
    settlementAccountId: merchant.accountId,
    status,
    expectedFrom,
    dueAt: dueAt.toISOString(),
    calledAt: callAt.toISOString(),
    missingSince: note?.missingSince?.toISOString() ?? null,
    lateSeconds: note?.lateSeconds ?? batch?.lateSeconds ?? null,
    reconciliation: batch
      ? {
          id: batch.id,
          version: batch.version,
          status: batch.status,
          executionName: batch.executionName,
          receivedAt: batch.receivedAt.toISOString(),
        }
      : null,
    confirmation: note?.confirmation
      ? { by: note.confirmation.by, at: note.confirmation.at.toISOString(), note: note.confirmation.note ?? null }
      : null,
  };
}

/** What institutions are told of a statement that did not come in time. */
export const missingStatementView = (note: ExpectationNote) => ({
  channel: note.channel,
  merchantNo: note.merchantNo,
  date: note.date,
  settlementAccountId: note.accountId,
  dueAt: note.dueAt.toISOString(),
  missingSince: note.missingSince?.toISOString() ?? null,
  arrivedAt: note.arrivedAt?.toISOString() ?? null,
  lateSeconds: note.lateSeconds ?? null,
  reconciliationId: note.reconciliationId ?? null,
});
