/** Puts on record which statements have not come by their hour: whoever tells others reads it there. */
import { accountingDateAt, addDays } from '../../kernel/clock.ts';
import { type ConfirmingNeeds, hasPayments } from './confirm-empty.ts';
import type { ExpectedStatement } from './expected-statement.ts';
import { arrivalWrite, confirmEmptyWrites, listExpectationNotes, missingWrites } from './expected-statement-store.ts';
import { findExpectedStatements } from './find-expected-statements.ts';

export interface Swept {
  /** put on record by this run */
  readonly newlyMissing: readonly ExpectedStatement[];
  /** of how many days of merchant numbers no file has come, and nobody has said that there is none */
  readonly missing: number;
  /** days of which an empty one has no file, and of which our books hold nothing */
  readonly empty: number;
}

/** A run that fails is made up for by the next one; a sweep that stood still for longer shows in its alarm. */
const lookBackDays = 7;

/** What is older is nobody's daily business any more. */
const countedDays = 62;

/** 4 write units and one of the index for each that is missing; queries as `findExpectedStatements` says. */
export async function sweepExpectedStatements(needs: ConfirmingNeeds & { readonly timeZone: string }): Promise<Swept> {
  const { table, clock, commit, timeZone } = needs;
  const today = accountingDateAt(clock(), timeZone);
  const statements = await findExpectedStatements(needs, { from: addDays(today, -lookBackDays), to: today });
  const newlyMissing: ExpectedStatement[] = [];
  let empty = 0;
  for (const statement of statements) {
    await noteWholeAfterAll(needs, statement);
    if (statement.status !== 'late' || statement.note) continue;
    const { day, merchant, dueAt, calendar, batch } = statement;
    const facts = { ...day, owner: merchant.institutionId, accountId: merchant.accountId, dueAt };
    if (calendar.emptyDays === 'silent' && !(await hasPayments(needs, day))) {
      const { committed } = await commit(confirmEmptyWrites(table, facts, { by: 'calendar', at: clock() }));
      if (committed) empty += 1;
    } else if ((await commit(missingWrites(table, facts, { since: clock(), seen: batch?.version }))).committed)
      newlyMissing.push(statement);
  }
  const notes = await listExpectationNotes(table, { from: addDays(today, -countedDays), to: today });
  const missing = notes.filter((note) => note.missingSince && !note.arrivedAt && !note.confirmation);
  const known = new Set(missing.map(({ channel, merchantNo, date }) => `${channel}#${merchantNo}#${date}`));
  // the index may not have got yet what was written a moment ago
  const more = newlyMissing.filter(({ day }) => !known.has(`${day.channel}#${day.merchantNo}#${day.date}`));
  return { newlyMissing, missing: missing.length + more.length, empty };
}

/** The file of half a day has turned out to be whole: what was missing is there, though no other file came. */
async function noteWholeAfterAll(
  { table, commit, clock }: ConfirmingNeeds,
  statement: ExpectedStatement,
): Promise<void> {
  const { day, status, note, batch } = statement;
  if (status !== 'received' || !batch || !note?.missingSince || note.arrivedAt) return;
  await commit([arrivalWrite(table, day, { known: note, at: clock(), reconciliationId: batch.id })]);
}
