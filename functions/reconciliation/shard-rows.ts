/**
 * Rows of shard files: one JSON array a line, in this order of fields.
 *
 * | file | fields |
 * | --- | --- |
 * | channel rows | reference ⇥ kind, status, currency, amount, fee ⇥ lineNumber, channelReference, at, more |
 * | own rows | reference ⇥ kind, status, currency, amount, fee ⇥ paymentId, channelTradeNo, completedAt, more |
 *
 * The reference is our number of the order, or `channel:` and the channel's where a line shows none: everything of one
 * reference meets in one shard. What stands before the second tab (⇥, which JSON allows between values and nowhere else) is
 * written alike on both sides, so that a line and a payment of ours agree where these bytes are the same; it begins with the
 * text of {@link headOf} and is told apart from what follows by its tab. Kind and status are a letter each, and a payment's id
 * is empty where the reference itself names it, which is nearly always: rows are written, kept and read by the million. Amounts
 * are digits in minor units, `at` and `completedAt` are in milliseconds (0 where it is not completed), and `more` is an object of the fields that few rows have: a new one of
 * those is added there.
 */
import * as z from 'zod';
import { idSchema } from '../kernel/ids.ts';
import { type Currency, currencySchema } from '../kernel/money.ts';
import { paymentIdOfOrder } from '../payments/index.ts';
import type { Expectation } from './expectation.ts';
import type { LineKind, LineStatus, StatementLine } from './statement-line.ts';

export { shardOf } from './row-hash.ts';

/** What is staged of a line: the raw text stays in the statement, where the line number finds it. */
export type StagedLine = Omit<StatementLine, 'raw'>;

interface Head {
  readonly reference: string;
  readonly kind: LineKind;
  readonly status: LineStatus;
  readonly currency: Currency;
  readonly amount: bigint;
  readonly fee: bigint;
}

const kindLetters = {
  collection: 'c',
  refund: 'r',
  refund_return: 'b',
  payout: 'p',
  payout_return: 'q',
  fee: 'f',
  settlement: 's',
  settlement_return: 't',
  credit: 'h',
  debit: 'd',
} as const satisfies Record<LineKind, string>;

const expectedLetters = { succeeded: 's', processing: 'p', failed: 'f' } as const satisfies Record<
  Expectation['status'],
  string
>;
const statusLetters = { ...expectedLetters, revoked: 'r' } as const satisfies Record<LineStatus, string>;

/** Reads a letter as the word that it stands for. */
function wordOf<Word extends string>(letters: Readonly<Record<Word, string>>) {
  const words = new Map(Object.entries(letters).map(([word, letter]) => [letter, word as Word])); // the record's own keys
  return z.string().transform((letter, context): Word => {
    const word = words.get(letter);
    if (word !== undefined) return word;
    context.addIssue(`no word is written ${letter}`);
    return z.NEVER;
  });
}

/** What stands between the reference and the amount, with the tab before and the quote after it. */
export const middleOf = ({ kind, status, currency }: Pick<Head, 'kind' | 'status' | 'currency'>): string =>
  `\t,"${kindLetters[kind]}","${statusLetters[status]}","${currency}","`;

/** No row is shorter, from the tab that ends its reference. */
export const shortestRest = '\t,"c","s","CNY","0","0"\t,"",""]'.length;

const headOf = (head: Head): string =>
  `[${JSON.stringify(head.reference)}${middleOf(head)}${head.amount}","${head.fee}"\t,`;

/** Fields that are absent are left out. */
const withMore = (more: Readonly<Record<string, unknown>>): string => {
  const text = JSON.stringify(more);
  return text === '{}' ? ']' : `,${text}]`;
};

/** Ours, or else the channel's own: by what lines, and what we expect of them, meet. */
export const referenceOf = ({
  ourReference,
  channelReference,
}: Pick<StagedLine, 'ourReference' | 'channelReference'>): string => ourReference || `channel:${channelReference}`;

export function encodeLine(line: StagedLine): string {
  const { lineNumber, ourReference, channelReference, at, settlementReference, remittance } = line;
  const more = { settlementReference, remittance, ...(ourReference === '' && { withoutOurReference: true }) };
  const head = headOf({ ...line, reference: referenceOf(line) });
  return `${head}${lineNumber},${JSON.stringify(channelReference)},${at.getTime()}${withMore(more)}`;
}

const amountText = z.string().transform((digits) => BigInt(digits));

const moreOfLine = z.strictObject({
  settlementReference: z.string().optional(),
  remittance: z.string().optional(),
  withoutOurReference: z.literal(true).optional(),
});

const stagedLine = [
  z.string(),
  wordOf(kindLetters),
  wordOf(statusLetters),
  currencySchema,
  amountText,
  amountText,
  z.int(),
  z.string(),
  z.number().transform((milliseconds) => new Date(milliseconds)),
] as const;

/** The line number of a channel row, which is not decoded for it. */
export function lineNumberOf(row: string): number {
  const start = row.indexOf('\t', row.indexOf('\t') + 1) + 2;
  return Number(row.slice(start, row.indexOf(',', start)));
}

export const stagedLineSchema = z
  .union([z.tuple(stagedLine), z.tuple([...stagedLine, moreOfLine])])
  .transform(
    ([reference, kind, status, currency, amount, fee, lineNumber, channelReference, at, more = {}]): StagedLine => {
      const { withoutOurReference, ...rest } = more;
      const ourReference = withoutOurReference ? '' : reference;
      return { lineNumber, kind, ourReference, channelReference, amount, fee, currency, status, at, ...rest };
    },
  );

export function encodeExpectation(row: Expectation): string {
  const { paymentId, channelOrderNo, channelTradeNo, kind, status, currency, amount, fee, completedAt, ...more } = row;
  const head = headOf({ reference: channelOrderNo, kind, status, currency, amount, fee });
  const writtenId = paymentId === paymentIdOfOrder(channelOrderNo) ? '' : paymentId;
  return `${head}"${writtenId}",${JSON.stringify(channelTradeNo)},${completedAt?.getTime() ?? 0}${withMore(more)}`;
}

const moreOfExpectation = z.strictObject({ batchReference: z.string().optional() });

const expectation = [
  z.string(),
  wordOf(kindLetters),
  wordOf(expectedLetters),
  currencySchema,
  amountText,
  amountText,
  z.union([z.literal(''), idSchema('pay')]),
  z.string(),
  z.number().transform((milliseconds) => (milliseconds === 0 ? undefined : new Date(milliseconds))),
] as const;

export const expectationSchema = z
  .union([z.tuple(expectation), z.tuple([...expectation, moreOfExpectation])])
  .transform(
    ([
      channelOrderNo,
      kind,
      status,
      currency,
      amount,
      fee,
      paymentId,
      channelTradeNo,
      completedAt,
      more = {},
    ]): Expectation => ({
      paymentId: paymentId === '' ? paymentIdOfOrder(channelOrderNo) : paymentId,
      kind,
      channelOrderNo,
      channelTradeNo,
      amount,
      fee,
      currency,
      status,
      ...(completedAt && { completedAt }),
      ...more,
    }),
  );

/** Reads a shard file's rows. */
export const decodeRows = <Row>(text: string, schema: z.ZodType<Row>): Row[] =>
  text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => schema.parse(JSON.parse(line)));
