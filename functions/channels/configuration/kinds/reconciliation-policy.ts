/** How the differences of a channel's statements are treated: what waits, what is booked by itself, what is how urgent. */
import * as z from 'zod';
import { merchantNoSchema } from '../../merchant-store.ts';
import { chosenId, defineKind, type Flaw, type Surroundings } from './kind.ts';
import { channelFlaws, channelNameSchema, minorUnitsSchema } from './parts.ts';

/** What a rule may be for: the types of difference that reconciliation knows. */
export const policedTypes = [
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'returned',
] as const;

/** What a rule may do: whatever needs nobody to name an account. */
export const automaticResolutions = ['write_off', 'adjust_fee', 'complete_payment', 'fail_payment'] as const;

export const severities = ['low', 'medium', 'high'] as const;
export type Severity = (typeof severities)[number];

export const feeStyles = ['per_line', 'daily_total'] as const;

/**
 * What becomes of a file that comes before its day is over: it is reconciled, and either settles only once it agrees with the whole
 * day, or at once, which is for channels whose day is made up, such as a sandbox's.
 */
export const unfinishedDays = ['wait', 'settle'] as const;

export interface ReconciliationPolicy {
  /** `default` where nobody has decided anything */
  readonly id: string;
  /** 0 of the default */
  readonly version: number;
  /** amounts in minor units of the settlement account's currency: a mismatch of as much or less is adjusted by itself */
  readonly tolerance: { readonly amount: bigint; readonly fee: bigint };
  readonly carryOver: {
    /** how near the day's beginning or end an unmatched item may wait for another day's file */
    readonly windowMinutes: number;
    /** for how many days */
    readonly days: number;
  };
  readonly fees: (typeof feeStyles)[number];
  readonly unfinishedDay: (typeof unfinishedDays)[number];
  readonly automatic: readonly AutomaticRule[];
  /** from which amount on a difference is of this severity; below `medium` it is low */
  readonly severity: { readonly medium: bigint; readonly high: bigint };
  /** how long a case of each severity may stay open */
  readonly dueHours: Readonly<Record<Severity, number>>;
}

export interface AutomaticRule {
  readonly types: readonly (typeof policedTypes)[number][];
  /** minor units, included */
  readonly upTo: bigint;
  readonly resolution: (typeof automaticResolutions)[number];
}

/** What holds where no policy is for the merchant number, and for each part that a policy leaves out. */
export const defaultPolicy: ReconciliationPolicy = {
  id: 'default',
  version: 0,
  tolerance: { amount: 0n, fee: 0n },
  carryOver: { windowMinutes: 30, days: 1 },
  fees: 'per_line',
  unfinishedDay: 'wait',
  automatic: [],
  severity: { medium: 10_000n, high: 1_000_000n },
  dueHours: { low: 72, medium: 24, high: 4 },
};

/** What one operator may let go by itself, minor units of each difference: more than that takes two people (four eyes). */
const ceiling = 10_000;
const beyondPeople = `must be ${ceiling} at most: what is more is decided by people`;

const hoursSchema = z.int().min(1).max(2_160);

/** As stored; version and defaults are added where it is looked up. */
interface PolicyEntry extends Omit<ReconciliationPolicy, 'version'> {
  readonly channel: string;
  readonly merchantNo?: string | undefined;
}

export const reconciliationPolicyKind = defineKind({
  id: chosenId,
  schema: z
    .strictObject({
      channel: z
        .union([z.literal('*'), channelNameSchema])
        .meta({ description: 'id of a channel, or * for all', example: 'sandbox-bank' }),
      merchantNo: merchantNoSchema.optional().meta({ description: 'left out: all merchant numbers of the channel' }),
      tolerance: z
        .strictObject({
          amount: minorUnitsSchema.max(ceiling, beyondPeople),
          fee: minorUnitsSchema.max(ceiling, beyondPeople),
        })
        .optional()
        .meta({ description: 'a mismatch of as many minor units, or fewer, is adjusted by itself' }),
      carryOver: z
        .strictObject({
          windowMinutes: z.int().min(0).max(1_440).meta({ description: "from the day's beginning or end" }),
          days: z.int().min(0).max(7),
        })
        .optional()
        .meta({ description: "跨日挂账: which unmatched items wait for another day's statement, and how long" }),
      fees: z
        .enum(feeStyles)
        .optional()
        .meta({ description: 'whether fees are compared line by line, or as the total of the day' }),
      unfinishedDay: z.enum(unfinishedDays).optional().meta({
        description:
          'whether a file that comes before its day is over may settle the day: `wait` (built in) leaves it to the whole file, or to the same one once the day is over; `settle` is for channels whose day is made up',
      }),
      automatic: z
        .array(
          z.strictObject({
            types: z.array(z.enum(policedTypes)).min(1).max(policedTypes.length),
            upTo: minorUnitsSchema
              .positive()
              .max(ceiling, beyondPeople)
              .meta({ description: 'minor units, included', example: 100 }),
            resolution: z.enum(automaticResolutions),
          }),
        )
        .max(20)
        .optional()
        .meta({ description: 'which differences are resolved without a person; the first rule that fits is followed' }),
      severity: z
        .strictObject({ medium: minorUnitsSchema.positive(), high: minorUnitsSchema.positive() })
        .refine(({ medium, high }) => medium <= high, { path: ['high'], message: 'must not be less than medium' })
        .optional()
        .meta({ description: 'from how many minor units on a difference is of this severity' }),
      dueHours: z
        .strictObject({ low: hoursSchema, medium: hoursSchema, high: hoursSchema })
        .optional()
        .meta({ description: 'how long a case of each severity may stay open' }),
    })
    .meta({
      id: 'ReconciliationPolicy',
      description:
        'How differences are treated. The policy of the merchant number goes before that of its channel, and that before one for all; a part that it leaves out is as built in',
    }),
  entity: (id, { channel, merchantNo, ...value }): PolicyEntry => {
    const { tolerance, automatic, severity } = value;
    const { version: _, ...built } = defaultPolicy;
    return {
      ...built,
      id,
      channel,
      merchantNo,
      ...(tolerance && { tolerance: { amount: BigInt(tolerance.amount), fee: BigInt(tolerance.fee) } }),
      ...(value.carryOver && { carryOver: value.carryOver }),
      ...(value.fees && { fees: value.fees }),
      ...(value.unfinishedDay && { unfinishedDay: value.unfinishedDay }),
      ...(automatic && { automatic: automatic.map((rule) => ({ ...rule, upTo: BigInt(rule.upTo) })) }),
      ...(severity && { severity: { medium: BigInt(severity.medium), high: BigInt(severity.high) } }),
      ...(value.dueHours && { dueHours: value.dueHours }),
    };
  },
  flaws,
});

async function* flaws(
  { id, channel, merchantNo, automatic }: PolicyEntry,
  { configuration, findMerchant, storedOfKind }: Surroundings,
): AsyncIterable<Flaw> {
  if (channel !== '*') yield* channelFlaws('channel', { channel }, configuration);
  else if (merchantNo !== undefined) yield { field: 'merchantNo', message: 'is of one channel, not of all' };
  if (channel !== '*' && merchantNo !== undefined && !(await findMerchant(channel, merchantNo))) {
    yield { field: 'merchantNo', message: `${channel} has no merchant number ${merchantNo}` };
  }
  for (const [index, { types, resolution }] of automatic.entries()) {
    const unfit = types.find((type) => !fitting[resolution].includes(type));
    if (unfit) yield { field: `automatic.${index}.resolution`, message: `is none for ${unfit}` };
  }
  const twin = (await storedOfKind())
    .map((entry) => reconciliationPolicyKind.read(entry.id, entry.value))
    .find((other) => other.id !== id && other.channel === channel && other.merchantNo === merchantNo);
  if (twin) yield { field: 'channel', message: `the policy ${twin.id} is for the same channel and merchant number` };
}

/** What can be done by itself about which types; reconciliation's own table says the same of people. */
const fitting: Readonly<Record<AutomaticRule['resolution'], AutomaticRule['types']>> = {
  write_off: policedTypes,
  adjust_fee: ['fee_mismatch'],
  complete_payment: ['status_mismatch'],
  fail_payment: ['status_mismatch', 'missing_at_channel'],
};
