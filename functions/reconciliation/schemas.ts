/** What callers see of reconciliations. */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { currencySchema, moneySchema } from '../kernel/money.ts';
import { batchStatuses } from './batch-status.ts';
import { differenceStates } from './cases/case-states.ts';
import { differenceTypes } from './difference-types.ts';
import { gateObstacles } from './gate-obstacles.ts';
import { rerunCauses } from './rerun-causes.ts';
import { type LineKind, lineKinds, lineStatuses } from './statement-line.ts';

const count = z.int().nonnegative().meta({ description: 'how many' });
const instant = z.string().meta({ description: 'RFC 3339, in UTC', example: '2026-03-02T02:00:00.000Z' });

const lineCountsSchema = z
  .object({
    read: count.meta({ description: 'lines of the file that tell of a transaction, readable or not' }),
    matched: count.meta({ description: 'lines that agree with a payment of ours' }),
    differing: count.meta({ description: 'lines with one difference or more' }),
    ignored: count.meta({ description: 'lines that moved no money, by a named rule' }),
    errors: count.meta({ description: 'lines that can not be read; the report shows why' }),
    carriedIn: count.meta({ description: 'lines of other days that this one found the counterpart of' }),
    carriedOut: count.meta({ description: 'lines that wait for another day' }),
  })
  .meta({
    id: 'StatementLines',
    description: 'read + carriedIn = matched + differing + ignored + errors + carriedOut',
  });

const mismatchSchema = z
  .object({
    figure: z.string().meta({ description: "the file's own name of it" }),
    stated: z.string().meta({ description: 'what the file says: a count, or an amount in major units' }),
    found: z.string().meta({ description: 'what the lines add up to' }),
  })
  .meta({ id: 'ControlMismatch' });

export const settlementReversalSchema = z
  .object({
    reversedAt: instant,
    postingId: idSchema('post')
      .nullable()
      .meta({ description: 'that moved the amount back from reconciled to pending; null where nothing had moved' }),
    byVersion: z.int().nullable().meta({ description: 'the newer version of the statement that opened the day again' }),
    byReconciliation: idSchema('recon').nullable().meta({ description: 'the reconciliation of that version' }),
    byDifference: idSchema('diff').nullable().meta({ description: 'or the case that was reopened' }),
  })
  .meta({ id: 'SettlementReversal', description: 'that the settlement was taken back (反结算), and by what' });

export const reconciliationSchema = z
  .object({
    id: idSchema('recon'),
    channel: z.string().nullable().meta({ description: 'by its key; null where the key is unreadable' }),
    merchantNo: z.string().nullable().meta({ description: 'by its key, too' }),
    date: z.string().nullable().meta({ description: 'the day of the statement', example: '2026-03-01' }),
    version: z.int().meta({ description: '1 for the first file of the day, one more for each corrected file' }),
    status: z.enum(batchStatuses),
    institutionId: idSchema('inst').nullable(),
    settlementAccountId: idSchema('acct').nullable(),
    format: z.string().nullable().meta({ description: 'which it was recognised as', example: 'wechat-tradebill' }),
    archive: z
      .object({ read: z.array(z.string()), passedOver: z.array(z.string()) })
      .nullable()
      .meta({ description: 'of a zip archive: the entries that were read, and those that say nothing more' }),
    file: z.object({
      key: z.string().meta({ description: 'in the statement bucket' }),
      versionId: z.string().nullable().meta({ description: 'of the object in the bucket' }),
      sha256: z.string().meta({ description: 'of its bytes, in hexadecimal digits' }),
      size: count.meta({ description: 'bytes, as it came' }),
    }),
    executionName: z.string().meta({ description: 'in Step Functions: `<channel>-<merchantNo>-<date>-v<version>`' }),
    attempt: z.int().meta({ description: 'more than 1 where an execution that failed could not be redriven' }),
    dueAt: z
      .string()
      .nullable()
      .meta({ description: 'when the calendar expected the file; null where it expects none' }),
    lateSeconds: count.nullable().meta({
      description:
        'seconds after that at which it came; null for a file that was in time, and for one that corrects another',
    }),
    supersedes: idSchema('recon').nullable().meta({ description: 'in the place of which version it came' }),
    supersededBy: idSchema('recon').nullable(),
    rerunOf: idSchema('recon').nullable().meta({ description: 'the version whose file it works on again' }),
    rerunBecause: z
      .enum(['asked', 'resolved', ...rerunCauses])
      .nullable()
      .meta({
        description:
          'why: an operator asked, the last case of the day was resolved, the day is over since its file came, another day withdrew a line that this one had matched, a payment that this one was about to complete was completed meanwhile as another day’s, or a channel told of a settlement that may be one of its credits',
      }),
    cancellation: z
      .object({
        by: z.string().meta({ description: 'who stopped it' }),
        at: instant,
        reason: z.string().meta({ description: 'in their words' }),
      })
      .nullable(),
    lines: lineCountsSchema.nullable(),
    differences: count.nullable().meta({ description: 'how many this version shows; null until it is concluded' }),
    unsettledBecause: z.array(z.enum(gateObstacles)).meta({
      description:
        'what kept it from settling its day: `day_not_over`, that its file came before the day was over (it settles with the whole file, or by itself once the day is over and both sides agree); `outdated_comparison`, that a payment was corrected meanwhile',
    }),
    settledAmount: moneySchema.nullable().meta({
      description: 'moved from pending to reconciled for the day; moved back where there is a settlementReversal',
    }),
    settlementReversal: settlementReversalSchema.nullable(),
    controlMismatches: z.array(mismatchSchema).meta({
      description: "differences of the file as a whole: its own figures that its lines don't add up to",
    }),
    rejection: z
      .object({
        reason: z.string().meta({ description: 'by its name, which does not change', example: 'wrong_control_total' }),
        detail: z.string().meta({ description: 'the same for people' }),
        quarantineKey: z.string().nullable().meta({ description: 'where the file is kept' }),
      })
      .nullable(),
    receivedAt: instant,
    finishedAt: instant.nullable(),
  })
  .meta({ id: 'Reconciliation' });

const sideSchema = z.object({
  amount: moneySchema,
  fee: moneySchema,
  status: z.enum(lineStatuses),
  reference: z.string().meta({ description: 'our number of the order' }),
  channelReference: z.string().nullable().meta({ description: "the channel's number of it" }),
});

export const differenceSchema = z
  .object({
    id: idSchema('diff'),
    type: z.enum(differenceTypes),
    status: z.enum(differenceStates),
    kind: z.enum(lineKinds),
    lineNumber: z.int().nullable().meta({
      description:
        'in the decompressed file of lineVersion, and at the same place in those after it; null without a line',
    }),
    lineVersion: z
      .int()
      .nullable()
      .meta({ description: 'the version of the statement whose file that line is in: a corrected file may move it' }),
    paymentId: idSchema('pay').nullable(),
    carriedFrom: z
      .string()
      .nullable()
      .meta({ description: 'the day of another statement or of our books from which it comes' }),
    shownOn: z
      .string()
      .nullable()
      .meta({ description: 'of a line that is one too many: the other day whose statement has shown its payment' }),
    amount: moneySchema.meta({ description: 'what it moves the pending balance by, held in suspense' }),
    ours: sideSchema.nullable(),
    theirs: sideSchema.nullable(),
    postingId: idSchema('post').nullable(),
    foundAt: instant,
  })
  .meta({ id: 'Difference' });

const byKind = <Schema extends z.ZodType>(schema: Schema) =>
  Object.fromEntries(lineKinds.map((kind) => [kind, schema])) as Record<LineKind, Schema>; // fromEntries forgets the keys

export const carriedSchema = z
  .object({
    side: z.enum(['channel', 'books']).meta({ description: 'who has it' }),
    date: z.string().meta({ description: 'the day to which it belongs' }),
    days: count.meta({ description: 'how long it has waited' }),
    kind: z.enum(lineKinds),
    amount: moneySchema,
    fee: moneySchema,
    reference: z.string().meta({ description: 'our number of the order' }),
    channelReference: z.string().nullable().meta({ description: "the channel's number of it" }),
    paymentId: idSchema('pay').nullable(),
  })
  .meta({ id: 'CarriedItem', description: 'A line or payment that waits for its counterpart (跨日挂账)' });

const fundsSideSchema = z.object({
  ...byKind(z.object({ count, amount: moneySchema })),
  net: moneySchema.meta({ description: 'what the day did to the money at the channel, fees taken off' }),
});

const feesSideSchema = z.object({
  ...byKind(moneySchema),
  total: moneySchema,
});

const byTypeSchema = z.object({ count, amount: moneySchema });

export const reportSchema = z
  .object({
    reconciliation: reconciliationSchema,
    currency: currencySchema.nullable(),
    fundsSummary: z.object({ channel: fundsSideSchema, books: fundsSideSchema }).nullable(),
    feeSummary: z.object({ channel: feesSideSchema, books: feesSideSchema }).nullable(),
    differencesByType: z
      .object({
        missing_in_books: byTypeSchema,
        missing_at_channel: byTypeSchema,
        amount_mismatch: byTypeSchema,
        fee_mismatch: byTypeSchema,
        status_mismatch: byTypeSchema,
        duplicate: byTypeSchema,
        returned: byTypeSchema,
      })
      .nullable(),
    ignoredByRule: z
      .record(z.string(), count)
      .nullable()
      .meta({ description: 'how many lines each rule took out, by its name' }),
    control: z
      .object({
        lines: count.nullable().meta({ description: 'as the file counts them; null where it does not' }),
        tied: z.boolean().meta({ description: 'whether all figures could be checked, and tie' }),
        otherDays: count.meta({ description: 'lines that tell of another day' }),
      })
      .nullable()
      .meta({
        description: "the file's own summary, whether the lines add up to it, and how many tell of another day",
      }),
    completedPayments: count.nullable().meta({ description: 'open payments of ours that the statement completed' }),
    openPayments: count.nullable().meta({ description: 'payments that are open on both sides still' }),
    settlement: z
      .object({
        settledAt: instant,
        amount: moneySchema,
        postingId: idSchema('post').nullable(),
        fileVersionId: z.string().nullable().meta({ description: 'of the statement in its bucket' }),
        sha256: z.string().meta({ description: "of the statement's bytes, in hexadecimal digits" }),
      })
      .nullable(),
    settlementReversal: settlementReversalSchema.nullable(),
    lineErrors: z.object({
      total: count,
      items: z.array(
        z.object({
          lineNumber: z.int().meta({ description: 'in the decompressed file, from 1' }),
          reason: z.string().meta({ description: 'why it can not be read' }),
          raw: z.string().meta({ description: 'the line, numbers of cards and persons hidden' }),
        }),
      ),
    }),
  })
  .meta({ id: 'ReconciliationReport' });
