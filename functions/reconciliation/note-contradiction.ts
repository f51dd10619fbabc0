/**
 * A channel says of a payment, by callback, the opposite of what it said before. No money is moved on its word, and it is not
 * silent either: what its statement would show is a difference at once, with its posting to suspense. The statement then finds
 * it there: the same difference stays as it is, one that the statement does not show is superseded.
 */
import { type Channels, channelCost, findChannel, findMerchant, findReconciliationPolicy } from '../channels/index.ts';
import { type AccountingDate, accountingDateAt } from '../kernel/clock.ts';
import type { AccountId, InstitutionId, PaymentId } from '../kernel/ids.ts';
import { isRefusal } from '../kernel/refusal.ts';
import { post } from '../ledger/index.ts';
import { type Payment, readPayment } from '../payments/index.ts';
import { readBatch } from './batch-store.ts';
import { openCase } from './cases/case.ts';
import { urgencyOf } from './cases/urgency.ts';
import { compare, unexpected } from './compare.ts';
import { idleCheck, readHead } from './day-store.ts';
import { type DifferenceFacts, differenceIdOf, differenceLegs, differencePostingId, digestOf } from './difference.ts';
import { differencesNamed, foundDifference, putOpenWrites } from './difference-store.ts';
import { type Expectation, expectationOf } from './expectation.ts';
import type { Reconciliation } from './reconciliation.ts';
import type { StagedLine } from './shard-rows.ts';
import { reconciliationIdOf, type StatementDay } from './statement-key.ts';

export interface ContradictionTold {
  readonly paymentId: PaymentId;
  /** of the current attempt, or of one that was left behind */
  readonly channelOrderNo: string;
  readonly claim: 'succeeded' | 'failed';
  readonly channelTradeNo?: string | undefined;
  /** when the channel says that it happened */
  readonly at: Date;
}

type Needs = Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'ledger' | 'channels' | 'payments'>;

/** A statement of the day is at work: it may find the same. Whoever told of the contradiction tells it again. */
export class StatementAtWork extends Error {
  override readonly name = 'StatementAtWork';
}

/** The version that is not one of a statement's: all of them come after it. */
const beforeAnyStatement = 0;

/**
 * Told again it changes nothing, nor after a statement has superseded it. 5 read units, and those of its posting: 8 write
 * units, 6 for the difference and its place, and 2 for the check of the day.
 *
 * @returns `agreed` where our books say the same as the channel, since somebody has brought them there
 */
export async function noteContradiction(
  dependencies: Needs,
  told: ContradictionTold,
): Promise<'opened' | 'known' | 'agreed'> {
  const { table, commit, ledger, clock, channels } = dependencies;
  const shown = await shownBy(dependencies, told);
  if (!shown) return 'agreed';
  const { facts, series, settlementAccountId, institutionId } = shown;
  const { currency } = facts;
  const id = differenceIdOf(settlementAccountId, series.date, facts);
  for (;;) {
    const { working } = await readHead(table, series);
    if (working !== undefined && (await isRunning(table, series, working))) {
      throw new StatementAtWork(`version ${working} of the statement of ${series.date} is at work`);
    }
    const known = await differencesNamed(table, series, id);
    if (known.some(({ state, openedIn }) => state !== 'superseded' || openedIn === beforeAnyStatement)) return 'known';

    const legs = differenceLegs({ ...facts, settlementAccountId });
    const postingId = legs.length > 0 ? differencePostingId(id, beforeAnyStatement) : undefined;
    const at = clock();
    const found = { id, facts: factsOf(facts), digest: digestOf(facts), openedIn: beforeAnyStatement };
    const difference = foundDifference(series, { ...found, settlementAccountId, currency, foundAt: at });
    const urgency = urgencyOf(difference.facts, await findReconciliationPolicy(channels, series), at);
    const opened = openCase(difference, { institutionId, urgency, ...(postingId && { postingId }) }, { at });
    const writes = [...putOpenWrites(table, opened), idleCheck(table, series, working)];
    if (!postingId) {
      if ((await commit(writes)).committed) return 'opened';
      continue;
    }
    const description = `${facts.type} by the word of the channel`;
    const posting = {
      id: postingId,
      type: 'difference',
      transactionId: id,
      belongsTo: series.date,
      description,
    } as const;
    const outcome = await post(ledger, { ...posting, legs }, writes);
    if (isRefusal(outcome)) throw new Error(`${postingId} was refused: ${outcome.detail}`);
    if (outcome.outcome !== 'overtaken') return outcome.outcome === 'posted' ? 'opened' : 'known';
  }
}

type Shown = DifferenceFacts & { readonly currency: Expectation['currency'] };

const factsOf = ({ currency: _, ...facts }: Shown): DifferenceFacts => facts;

const isRunning = async (table: Needs['table'], series: StatementDay, version: number): Promise<boolean> =>
  (await readBatch(table, reconciliationIdOf(series, version)))?.status === 'running';

interface Place {
  readonly facts: Shown;
  readonly series: StatementDay;
  readonly settlementAccountId: AccountId;
  readonly institutionId: InstitutionId;
}

/** The difference that a statement would show which says what the channel says now. */
async function shownBy(dependencies: Needs, told: ContradictionTold): Promise<Place | undefined> {
  const payment = await readPayment(dependencies.payments.table, told.paymentId);
  if (!payment) throw new Error(`there is no payment ${told.paymentId}`);
  const expectation = expectationOf(payment);
  const day = accountingDateAt(told.at, dependencies.payments.timeZone);
  if (payment.channelOrderNo !== told.channelOrderNo) return leftBehind(dependencies, payment, { told, day });

  const { channel, merchantNo, settlementAccountId, institutionId, statementDay } = payment;
  const date = told.claim === 'succeeded' ? day : statementDay;
  const { currency } = expectation;
  const line = lineOf(expectation, told);
  const [facts] = compare({ line, parts: [line] }, expectation, { currency, fees: 'per_line' }).differences;
  if (!facts) return undefined;
  const owner = { settlementAccountId, institutionId };
  return { facts: { ...withoutLine(facts), currency }, series: { channel, merchantNo, date }, ...owner };
}

/** An attempt that its channel had refused, and has carried out all the same: money that our books don't know of. */
async function leftBehind(
  { channels }: { readonly channels: Pick<Channels, 'table' | 'catalogue'> },
  payment: Payment,
  { told, day }: { readonly told: ContradictionTold; readonly day: AccountingDate },
): Promise<Place | undefined> {
  const { channelOrderNo, claim } = told;
  const left = payment.history.find(({ abandoned }) => abandoned?.channelOrderNo === channelOrderNo)?.abandoned;
  if (!left || claim === 'failed') return undefined;
  const channel = await findChannel(channels, left.channel);
  const merchant = channel && (await findMerchant(channels, channel.id, left.merchantNo));
  if (!merchant) throw new Error(`there is no merchant number ${left.merchantNo} at ${left.channel}`);
  const { product, amount } = payment;
  const fee = channel.products[product] ? channelCost(channel, { product, amount: amount.amount, day }) : 0n;
  const expectation = { ...expectationOf(payment), channelOrderNo, channelTradeNo: '', fee };
  const line = lineOf(expectation, told);
  const [facts] = unexpected({ line, parts: [line] }, amount.currency).differences;
  if (!facts) return undefined;
  return {
    facts: { ...withoutLine(facts), paymentId: payment.id, currency: amount.currency },
    series: { channel: left.channel, merchantNo: left.merchantNo, date: day },
    settlementAccountId: merchant.accountId,
    institutionId: merchant.institutionId,
  };
}

/** A callback names no fee: the one that we expect is taken. Where a statement names another one, that differs besides, or supersedes what we lack. */
const lineOf = (expectation: Expectation, { claim, channelTradeNo, at }: ContradictionTold): StagedLine => ({
  lineNumber: 0,
  kind: expectation.kind,
  ourReference: expectation.channelOrderNo,
  channelReference: channelTradeNo ?? expectation.channelTradeNo,
  amount: expectation.amount,
  fee: expectation.fee,
  currency: expectation.currency,
  status: claim,
  at,
});

const withoutLine = ({ lineNumber: _, ...facts }: DifferenceFacts): DifferenceFacts => facts;
