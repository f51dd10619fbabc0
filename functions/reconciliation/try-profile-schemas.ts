/** How a statement profile is tried on a sample, and what operators see of that. */
import * as z from 'zod';
import { statementProfileSchema } from '../channels/index.ts';
import { currencySchema, maximumAmount, money, moneySchema, moneyToJson } from '../kernel/money.ts';
import type { Tried } from './reading/profile/try-profile.ts';
import { isIgnoredLine, isLineError, type ReadLine } from './reading/statement-format.ts';
import { daySchema } from './statement-day-schema.ts';
import { lineKinds, lineStatuses } from './statement-line.ts';

const maximumSampleBytes = 256 * 1024;
/** As base64, and the profile beside it. */
export const maximumTrialBytes = 512 * 1024;
/** Of each sort: enough to see what is wrong, and an answer that can be kept for a repeated request. */
const shownLines = 50;
const shownText = 200;

const zones: ReadonlySet<string> = new Set(['UTC', ...Intl.supportedValuesOf('timeZone')]);

export const tryProfileSchema = z
  .strictObject({
    profile: statementProfileSchema,
    sample: z
      .base64()
      .min(1)
      .max(Math.ceil(maximumSampleBytes / 3) * 4)
      .meta({ description: 'the file, or its first and last lines: its bytes in base64, 256 KiB at most' }),
    fileName: z.string().min(1).max(200).meta({ example: 'SETTLE_20260301.txt' }),
    date: daySchema.meta({ description: 'the day of the statement' }),
    currency: currencySchema.optional().meta({ description: "the settlement account's; left out: CNY" }),
    timeZone: z
      .string()
      .max(60)
      .refine((zone) => zones.has(zone), 'is no IANA time zone')
      .optional()
      .meta({ description: "the channel's; left out: Asia/Shanghai", example: 'Asia/Shanghai' }),
  })
  .meta({ id: 'TryStatementProfile' });

const lineSchema = z.object({
  lineNumber: z.int(),
  kind: z.enum(lineKinds),
  status: z.enum(lineStatuses),
  ourReference: z.string(),
  channelReference: z.string(),
  amount: moneySchema,
  fee: moneySchema,
  at: z.string(),
  settlementReference: z.string().nullable(),
  remittance: z.string().nullable(),
  merchantNos: z.array(z.string()),
});

export const triedSchema = z
  .object({
    recognised: z.boolean().meta({ description: 'whether the profile would know the file by its content and name' }),
    rejection: z.object({ reason: z.string(), detail: z.string() }).nullable(),
    counts: z.object({ lines: z.int(), ignored: z.int(), errors: z.int() }),
    lines: z.array(lineSchema).meta({ description: `the first ${shownLines}, and so below` }),
    ignored: z.array(z.object({ lineNumber: z.int(), rule: z.string() })),
    errors: z.array(z.object({ lineNumber: z.int(), reason: z.string(), raw: z.string() })),
    control: z
      .array(z.object({ name: z.string(), stated: z.string(), found: z.string(), ties: z.boolean() }))
      .meta({ description: 'what the control rows say, and what the lines come to' }),
  })
  .meta({ id: 'TriedStatementProfile' });

export function triedView({ recognised, rejection, lines, control }: Tried): z.input<typeof triedSchema> {
  const read = lines.map(checked);
  const errors = read.filter(isLineError);
  const ignored = read.filter(isIgnoredLine);
  const parsed = read.flatMap((each) => ('line' in each ? [each] : []));
  return {
    recognised,
    rejection: rejection ?? null,
    counts: { lines: parsed.length, ignored: ignored.length, errors: errors.length },
    lines: parsed.slice(0, shownLines).map(({ line, merchantNos }) => ({
      lineNumber: line.lineNumber,
      kind: line.kind,
      status: line.status,
      ourReference: line.ourReference.slice(0, shownText),
      channelReference: line.channelReference.slice(0, shownText),
      amount: moneyToJson(money(line.amount, line.currency)),
      fee: moneyToJson(money(line.fee, line.currency)),
      at: line.at.toISOString(),
      settlementReference: line.settlementReference?.slice(0, shownText) ?? null,
      remittance: line.remittance?.slice(0, shownText) ?? null,
      merchantNos: merchantNos.map((each) => each.slice(0, shownText)),
    })),
    ignored: ignored.slice(0, shownLines).map((each) => ({ lineNumber: each.lineNumber, rule: each.ignored })),
    errors: errors.slice(0, shownLines).map(({ lineNumber, reason, raw }) => ({
      lineNumber,
      reason: reason.slice(0, shownText),
      raw: raw.slice(0, shownText),
    })),
    control: control.map(({ name, stated, found }) => ({
      name,
      stated: decimal(stated),
      found: decimal(found),
      ties: stated === found,
    })),
  };
}

/** The law of every format on amounts, as Stage holds lines to it. */
function checked(read: ReadLine): ReadLine {
  if (!('line' in read)) return read;
  const { line } = read;
  const fee = line.fee < 0n ? -line.fee : line.fee;
  if (line.amount <= maximumAmount && fee <= maximumAmount) return read;
  return { lineNumber: line.lineNumber, reason: 'the amount passes 2^53 − 1 minor units', raw: line.raw };
}

/** From hundred-thousandths: 12345000 is 123.45. */
function decimal(sum: bigint): string {
  const digits = (sum < 0n ? -sum : sum).toString().padStart(6, '0');
  const fraction = digits.slice(-5).replace(/0+$/, '');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -5)}${fraction === '' ? '' : `.${fraction}`}`;
}
