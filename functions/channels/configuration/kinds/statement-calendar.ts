/** When a channel's statements are expected: which days have one, and by which hour it must have come. */
import * as z from 'zod';
import { type AccountingDate, parseAccountingDate } from '../../../kernel/clock.ts';
import { merchantNoSchema } from '../../merchant-store.ts';
import type { Weekday } from '../opening-hours.ts';
import { chosenId, defineKind, type Flaw, type Surroundings } from './kind.ts';
import { channelFlaws, channelNameSchema } from './parts.ts';

/**
 * What comes for a day on which nothing happened: a file all the same; nothing, which somebody has to say; or nothing, which is
 * taken so where our own books hold nothing of that day either.
 */
export const emptyDayCustoms = ['file', 'confirmed', 'silent'] as const;

export interface StatementCalendar {
  readonly id: string;
  readonly channel: string;
  /** absent: all merchant numbers of the channel */
  readonly merchantNo?: string | undefined;
  /** the first and the last day that have a file */
  readonly from: AccountingDate;
  readonly until?: AccountingDate | undefined;
  readonly weekdays: readonly Weekday[];
  /** days off among the weekdays, and days on outside them (调休) */
  readonly holidays: readonly AccountingDate[];
  readonly workingDays: readonly AccountingDate[];
  /** in the channel's time zone, so many days after the day that the file tells of */
  readonly due: { readonly daysAfter: number; readonly countedIn: 'days' | 'file_days'; readonly at: string };
  readonly graceMinutes: number;
  readonly emptyDays: (typeof emptyDayCustoms)[number];
}

const dayTextSchema = z.iso.date('must be a calendar day, such as 2026-03-01');

export const statementCalendarKind = defineKind({
  id: chosenId,
  schema: z
    .strictObject({
      channel: channelNameSchema,
      merchantNo: merchantNoSchema.optional().meta({ description: 'left out: all merchant numbers of the channel' }),
      from: dayTextSchema.meta({
        description:
          'the first day that has a file; of a merchant number that was registered later, the day on which it was',
        example: '2026-01-01',
      }),
      until: dayTextSchema.optional().meta({ description: 'the last one' }),
      weekdays: z
        .array(z.literal([1, 2, 3, 4, 5, 6, 7]))
        .min(1)
        .max(7)
        .meta({ description: 'which days have a file; 1 is Monday, 7 is Sunday', example: [1, 2, 3, 4, 5] }),
      holidays: z.array(dayTextSchema).max(400).default([]).meta({ description: 'days off among them' }),
      workingDays: z.array(dayTextSchema).max(100).default([]).meta({ description: '调休: days on besides them' }),
      due: z.strictObject({
        daysAfter: z.int().min(0).max(14).meta({ description: 'how long after the day: 1 is T+1', example: 1 }),
        countedIn: z
          .enum(['days', 'file_days'])
          .default('days')
          .meta({ description: 'of the calendar, or days that have a file' }),
        at: z
          .string()
          .regex(/^([01]\d|2[0-3]):[0-5]\d$/, 'must be HH:MM')
          .meta({ description: "in the channel's time zone", example: '10:00' }),
      }),
      graceMinutes: z.int().min(0).max(1_440).default(0).meta({ description: 'before anybody is called' }),
      emptyDays: z.enum(emptyDayCustoms).meta({
        description:
          'what comes for a day on which nothing happened: a file all the same; nothing, which an operator confirms; or nothing, which is taken so where our books hold nothing either',
      }),
    })
    .superRefine(({ from, until, holidays, workingDays }, context) => {
      if (until !== undefined && until < from) {
        context.addIssue({ code: 'custom', path: ['until'], message: 'must not be before from' });
      }
      const both = workingDays.find((day) => holidays.includes(day));
      if (both) context.addIssue({ code: 'custom', path: ['workingDays'], message: `${both} is a holiday too` });
    })
    .meta({
      id: 'StatementCalendar',
      description: "Which statements are expected by when; a merchant number's own goes before that of its channel",
    }),
  entity: (id, { from, until, holidays, workingDays, ...value }): StatementCalendar => ({
    ...value,
    id,
    from: dayOf(from),
    ...(until !== undefined && { until: dayOf(until) }),
    holidays: holidays.map(dayOf),
    workingDays: workingDays.map(dayOf),
  }),
  flaws,
});

/** @throws RangeError for a date that is none, which the schema refuses */
function dayOf(text: string): AccountingDate {
  const day = parseAccountingDate(text);
  if (!day) throw new RangeError(`${text} is no day`);
  return day;
}

async function* flaws(
  { id, channel, merchantNo }: StatementCalendar,
  { configuration, findMerchant, storedOfKind }: Surroundings,
): AsyncIterable<Flaw> {
  yield* channelFlaws('channel', { channel }, configuration);
  if (merchantNo !== undefined && !(await findMerchant(channel, merchantNo))) {
    yield { field: 'merchantNo', message: `${channel} has no merchant number ${merchantNo}` };
  }
  const twin = (await storedOfKind())
    .map((entry) => statementCalendarKind.read(entry.id, entry.value))
    .find((other) => other.id !== id && other.channel === channel && other.merchantNo === merchantNo);
  if (twin) yield { field: 'channel', message: `the calendar ${twin.id} is for the same channel and merchant number` };
}
