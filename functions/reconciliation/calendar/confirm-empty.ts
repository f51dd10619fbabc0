/** That no statement comes of a day, because nothing happened on it. */
import { findChannel, findMerchant, readStatementCalendars } from '../../channels/index.ts';
import type { Signature } from '../../kernel/caller.ts';
import { accountingDateAt } from '../../kernel/clock.ts';
import { type Refusal, refuse } from '../../kernel/refusal.ts';
import type { CommitWrites } from '../../kernel/write.ts';
import { expectationShards, expectedPayments, type PaymentBooks } from '../../payments/index.ts';
import { readHead } from '../day-store.ts';
import type { StatementDay } from '../statement-key.ts';
import { type ExpectedStatement, expectationOf } from './expected-statement.ts';
import { confirmEmptyWrites, readExpectationNote } from './expected-statement-store.ts';
import type { ExpectingNeeds } from './find-expected-statements.ts';

export interface ConfirmingNeeds extends ExpectingNeeds {
  readonly commit: CommitWrites;
  readonly payments: Pick<PaymentBooks, 'table'>;
}

export interface Confirmation {
  readonly day: StatementDay;
  /** an operator, or the channel's own answer */
  readonly by: Signature | 'channel';
  readonly note?: string | undefined;
}

export type NotConfirmed = Refusal<
  'not_found' | 'not_expected' | 'file_expected' | 'already_received' | 'day_has_payments' | 'day_not_over'
>;

/**
 * An operator says so, or the channel. Where our books hold payments of the day, they are missing at the channel and need a file that says so.
 * 4 write units; a query for each of the 8 shards of the day.
 */
export async function confirmEmpty(
  needs: ConfirmingNeeds,
  { day, by, note }: Confirmation,
): Promise<ExpectedStatement | NotConfirmed> {
  const { table, clock, channels, commit } = needs;
  const [channel, merchant] = await Promise.all([
    findChannel(channels, day.channel),
    findMerchant(channels, day.channel, day.merchantNo),
  ]);
  if (!channel || !merchant) return refuse('not_found', 'There is no such merchant number.');
  const calendars = await readStatementCalendars(channels);
  const { timeZone } = channel;
  const expectation = expectationOf(day, { calendars, timeZone, registeredAt: merchant.registeredAt });
  if (!expectation) return refuse('not_expected', 'The calendar expects no file of that day.');
  if (expectation.calendar.emptyDays === 'file') {
    return refuse('file_expected', 'By its calendar the channel sends a file of an empty day too.');
  }
  if (day.date >= accountingDateAt(clock(), timeZone)) return refuse('day_not_over', 'The day is not over.');
  if (await hasPayments(needs, day)) {
    return refuse('day_has_payments', 'Our books hold payments of that day: a file has to say what became of them.');
  }
  const facts = { ...day, owner: merchant.institutionId, accountId: merchant.accountId, dueAt: expectation.dueAt };
  const confirmation = { by, at: clock(), ...(note !== undefined && { note }) };
  await commit(confirmEmptyWrites(table, facts, confirmation));
  // what stands there, by whomever: a repeat of the request finds its own
  const noted = await readExpectationNote(table, day);
  if (noted?.confirmation && (await readHead(table, day)).latestVersion === 0) {
    return { day, merchant, ...expectation, status: 'confirmed_empty', note: noted };
  }
  return refuse('already_received', 'A file of that day has come.');
}

/** Whether our books hold anything of the day that has succeeded, or may have. Half a read unit per 4 KiB. */
export async function hasPayments(
  { payments }: Pick<ConfirmingNeeds, 'payments'>,
  { channel, merchantNo, date }: StatementDay,
): Promise<boolean> {
  const shards = Array.from({ length: expectationShards }, (_, shard) => shard);
  const found = await Promise.all(
    shards.map(async (shard) => {
      for await (const { status } of expectedPayments(payments, { channel, merchantNo, day: date, shard })) {
        if (status !== 'failed') return true;
      }
      return false;
    }),
  );
  return found.includes(true);
}
