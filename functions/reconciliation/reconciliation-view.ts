/** How a batch, its differences and its report look to callers. */
import type * as z from 'zod';
import { type Currency, money, moneyToJson } from '../kernel/money.ts';
import type { Batch, Conclusion } from './batch.ts';
import type { Carried } from './carry-over.ts';
import { placeOf } from './cases/case.ts';
import type { ChannelSide, OwnSide } from './difference.ts';
import type { Difference } from './difference-store.ts';
import { differenceTypes } from './difference-types.ts';
import { rerunCauses } from './rerun-causes.ts';
import type {
  carriedSchema,
  differenceSchema,
  reconciliationSchema,
  reportSchema,
  settlementReversalSchema,
} from './schemas.ts';
import type { StagedLine } from './shard-rows.ts';
import { isUnreadable, reconciliationIdOf } from './statement-key.ts';
import { type LineError, type LineKind, lineKinds } from './statement-line.ts';
import { feesOf, netOfTotals, ofKind, type SideTotals } from './totals.ts';

/** Branded ids come out of the schemas' own transforms; before that they are text. */
type View<Schema extends z.ZodType> = z.input<Schema>;

export function reconciliationView(batch: Batch): View<typeof reconciliationSchema> {
  const { series, file, conclusion, settlement, currency, rejection } = batch;
  const day = isUnreadable(series) ? undefined : series;
  return {
    id: batch.id,
    channel: day?.channel ?? null,
    merchantNo: day?.merchantNo ?? null,
    date: day?.date ?? null,
    version: batch.version,
    status: batch.status,
    institutionId: batch.institutionId ?? null,
    settlementAccountId: batch.settlementAccountId ?? null,
    format: batch.format ?? null,
    archive: batch.archive ? { read: [...batch.archive.read], passedOver: [...batch.archive.passedOver] } : null,
    file: { key: file.key, versionId: file.versionId ?? null, sha256: file.sha256, size: file.size },
    executionName: batch.executionName,
    attempt: batch.attempt ?? 1,
    dueAt: batch.dueAt?.toISOString() ?? null,
    lateSeconds: batch.lateSeconds ?? null,
    supersedes: batch.supersedes ?? null,
    supersededBy: batch.supersededBy ?? null,
    rerunOf: batch.rerunOf ?? null,
    rerunBecause: batch.rerunOf ? becauseOf(batch) : null,
    cancellation: batch.cancellation ? { ...batch.cancellation, at: batch.cancellation.at.toISOString() } : null,
    lines: conclusion ? lineCounts(conclusion) : null,
    differences: conclusion ? differenceTypes.reduce((sum, type) => sum + conclusion.differences[type].count, 0) : null,
    settledAmount: settlement && currency ? moneyToJson(money(settlement.net, currency)) : null,
    unsettledBecause: [...(batch.obstacles ?? [])],
    settlementReversal: settlementReversalView(batch),
    controlMismatches: [...(rejection?.mismatches ?? conclusion?.control.mismatches ?? [])],
    rejection: rejection
      ? {
          reason: rejection.reason,
          detail: rejection.detail,
          quarantineKey: rejection.quarantineKey ?? null,
        }
      : null,
    receivedAt: batch.receivedAt.toISOString(),
    finishedAt: batch.finishedAt?.toISOString() ?? null,
  };
}

export function settlementReversalView({
  series,
  settlementReversal: reversal,
}: Pick<Batch, 'series' | 'settlementReversal'>): View<typeof settlementReversalSchema> | null {
  if (!reversal) return null;
  const { reversedAt, postingId, byVersion, byDifference } = reversal;
  return {
    reversedAt: reversedAt.toISOString(),
    postingId: postingId ?? null,
    byVersion: byVersion ?? null,
    byReconciliation: byVersion === undefined ? null : reconciliationIdOf(series, byVersion),
    byDifference: byDifference ?? null,
  };
}

const becauseOf = ({ startedBy }: Batch) =>
  rerunCauses.find((cause) => cause === startedBy) ?? (startedBy === 'resolved' ? 'resolved' : 'asked');

function lineCounts({ lines }: Conclusion) {
  const { ignored, ...counts } = lines;
  return { ...counts, ignored: Object.values(ignored).reduce((sum, count) => sum + count, 0) };
}

/** @param version as whose difference it is shown; the newest that shows it unless given */
export function differenceView(difference: Difference, version?: number): View<typeof differenceSchema> {
  const { facts, currency } = difference;
  const place = placeOf(difference, version);
  return {
    id: difference.id,
    type: facts.type,
    status: difference.state,
    kind: facts.kind,
    lineNumber: place.lineNumber ?? null,
    lineVersion: place.lineNumber === undefined ? null : place.version,
    paymentId: facts.paymentId ?? null,
    carriedFrom: facts.carriedFrom ?? null,
    shownOn: facts.shownOn ?? null,
    amount: moneyToJson(money(facts.adjustment, currency)),
    ours: facts.ours ? ownSideView(facts.ours) : null,
    theirs: facts.theirs ? channelSideView(facts.theirs) : null,
    postingId: difference.postingId ?? null,
    foundAt: difference.foundAt.toISOString(),
  };
}

const ownSideView = ({ amount, fee, currency, status, channelOrderNo }: OwnSide) => ({
  amount: moneyToJson(money(amount, currency)),
  fee: moneyToJson(money(fee, currency)),
  status,
  reference: channelOrderNo,
  channelReference: null,
});

const channelSideView = ({ amount, fee, currency, status, ourReference, channelReference }: ChannelSide) => ({
  amount: moneyToJson(money(amount, currency)),
  fee: moneyToJson(money(fee, currency)),
  status,
  reference: ourReference,
  channelReference,
});

/** @param now from which its age is counted, in whole days */
export function carriedView(carried: Carried, now: Date): View<typeof carriedSchema> {
  const days = Math.max(0, Math.floor((now.getTime() - Date.parse(`${carried.origin}T00:00:00Z`)) / dayMs));
  const shown = (facts: Pick<StagedLine, 'kind' | 'amount' | 'fee' | 'currency'>) => ({
    date: carried.origin,
    days,
    kind: facts.kind,
    amount: moneyToJson(money(facts.amount, facts.currency)),
    fee: moneyToJson(money(facts.fee, facts.currency)),
  });
  if (carried.side === 'channel') {
    const { line } = carried;
    const { ourReference, channelReference } = line;
    return { side: 'channel', ...shown(line), reference: ourReference, channelReference, paymentId: null };
  }
  const { expectation } = carried;
  const { channelOrderNo, channelTradeNo, paymentId } = expectation;
  return {
    side: 'books',
    ...shown(expectation),
    reference: channelOrderNo,
    channelReference: channelTradeNo || null,
    paymentId,
  };
}

const dayMs = 24 * 60 * 60 * 1000;

export function reportView(
  batch: Batch,
  lineErrors: { readonly total: number; readonly items: readonly LineError[] },
): View<typeof reportSchema> {
  const { conclusion, currency, settlement } = batch;
  const shown = conclusion && currency ? conclusionView(conclusion, currency) : noConclusion;
  return {
    reconciliation: reconciliationView(batch),
    currency: currency ?? null,
    ...shown,
    settlement:
      settlement && currency
        ? {
            settledAt: settlement.settledAt.toISOString(),
            amount: moneyToJson(money(settlement.net, currency)),
            postingId: settlement.postingId ?? null,
            fileVersionId: settlement.fileVersionId ?? null,
            sha256: settlement.sha256,
          }
        : null,
    settlementReversal: settlementReversalView(batch),
    lineErrors: { total: lineErrors.total, items: [...lineErrors.items] },
  };
}

const noConclusion = {
  fundsSummary: null,
  feeSummary: null,
  differencesByType: null,
  ignoredByRule: null,
  control: null,
  completedPayments: null,
  openPayments: null,
};

function conclusionView(conclusion: Conclusion, currency: Currency) {
  const { control } = conclusion;
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  const ofType = (type: keyof Conclusion['differences']) => {
    const { count, adjustment } = conclusion.differences[type];
    return { count, amount: shown(adjustment) };
  };
  return {
    fundsSummary: { channel: funds(conclusion.theirs, shown), books: funds(conclusion.ours, shown) },
    feeSummary: { channel: fees(conclusion.theirs, shown), books: fees(conclusion.ours, shown) },
    differencesByType: {
      missing_in_books: ofType('missing_in_books'),
      missing_at_channel: ofType('missing_at_channel'),
      amount_mismatch: ofType('amount_mismatch'),
      fee_mismatch: ofType('fee_mismatch'),
      status_mismatch: ofType('status_mismatch'),
      duplicate: ofType('duplicate'),
      returned: ofType('returned'),
    },
    ignoredByRule: { ...conclusion.lines.ignored },
    control: { lines: control.lines ?? null, tied: control.tied, otherDays: control.otherDays },
    completedPayments: conclusion.completed,
    openPayments: conclusion.stillOpen,
  };
}

type Shown = (amount: bigint) => ReturnType<typeof moneyToJson>;

function funds(totals: SideTotals, shown: Shown) {
  const shownKind = (kind: LineKind) => {
    const { count, amount } = ofKind(totals, kind);
    return { count, amount: shown(amount) };
  };
  return { ...byKind(shownKind), net: shown(netOfTotals(totals)) };
}

const fees = (totals: SideTotals, shown: Shown) => ({
  ...byKind((kind) => shown(ofKind(totals, kind).fee)),
  total: shown(feesOf(totals)),
});

const byKind = <Value>(of: (kind: LineKind) => Value): Record<LineKind, Value> =>
  Object.fromEntries(lineKinds.map((kind) => [kind, of(kind)])) as Record<LineKind, Value>; // fromEntries forgets the keys
