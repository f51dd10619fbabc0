/** 反结算: a settled day is opened again, by a newer version of its statement or by a case that is reopened. */
import { idFrom } from '../../kernel/ids.ts';
import { money } from '../../kernel/money.ts';
import type { Write } from '../../kernel/write.ts';
import type { NewPosting } from '../../ledger/index.ts';
import type { SettlementReversal } from '../batch.ts';
import { readBatch } from '../batch-store.ts';
import { readHead, reopenDayWrites } from '../day-store.ts';
import { settlementLegs } from '../settlement-legs.ts';
import { reconciliationIdOf, type StatementDay } from '../statement-key.ts';
import type { CaseBooks } from './cases.ts';

export interface DayReopening {
  /** none where the day had moved nothing */
  readonly postings: readonly NewPosting[];
  readonly writes: readonly Write[];
}

/**
 * The posting that takes a day's settlement back and names it, and the writes that let it happen once. Undefined for a day
 * that is not settled. 2 read units.
 *
 * @param working who holds the day, as it was read
 */
export async function prepareDayReopening(
  { table, clock }: Pick<CaseBooks, 'table' | 'clock'>,
  series: StatementDay,
  {
    working,
    ...cause
  }: Pick<SettlementReversal, 'byVersion' | 'byDifference'> & { readonly working: number | undefined },
): Promise<DayReopening | undefined> {
  const { settledVersion } = await readHead(table, series);
  if (settledVersion === undefined) return undefined;
  const id = reconciliationIdOf(series, settledVersion);
  const batch = await readBatch(table, id);
  const { settlement, settlementAccountId, currency } = batch ?? {};
  if (!settlement || !settlementAccountId || !currency) throw new Error(`${id} has settled its day without a trace`);
  const { postingId: reverses, net } = settlement;
  const postingId = reverses && idFrom('post', reverses, 'reversal');
  const reversal = { reversedAt: clock(), ...(postingId && { postingId }), ...cause };
  return {
    postings: postingId
      ? [
          {
            id: postingId,
            type: 'settlement_reversal',
            belongsTo: series.date,
            transactionId: id,
            description: cause.byVersion ? `version ${cause.byVersion} came` : 'a case was reopened',
            legs: settlementLegs(settlementAccountId, money(-net, currency)),
            reverses,
          },
        ]
      : [],
    writes: reopenDayWrites(table, { series, settledVersion, working, reversal }),
  };
}
