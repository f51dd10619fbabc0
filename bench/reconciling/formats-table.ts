/** For each format that the factory writes: whether the labels of a small day are found, all of them and nothing else. */
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../local/workspace.ts';
import { factory as adyenSettlement } from '../statement-factory/adyen-settlement.ts';
import { factory as alipayAccount } from '../statement-factory/alipay-account.ts';
import { factory as alipayTrade } from '../statement-factory/alipay-trade.ts';
import { factory as bai2 } from '../statement-factory/bai2.ts';
import { factory as camt } from '../statement-factory/camt.ts';
import { factory as mt940 } from '../statement-factory/mt940.ts';
import { factory as paypalStl } from '../statement-factory/paypal-stl.ts';
import { factory as sandboxCsv } from '../statement-factory/sandbox-csv.ts';
import type { StatementFactory } from '../statement-factory/statement-writer.ts';
import { factory as stripeItemised } from '../statement-factory/stripe-itemised.ts';
import { factory as unionpay } from '../statement-factory/unionpay.ts';
import { factory as wechatFundflow } from '../statement-factory/wechat-fundflow.ts';
import { factory as wechatTradebill } from '../statement-factory/wechat-tradebill.ts';
import { type DaySize, writeDay } from '../statement-factory/write-day.ts';
import { reconcileWithOurs } from './our-side.ts';
import type { Pool } from './workers.ts';

/** One file of `statement-factory/` each. */
export const factories: readonly StatementFactory[] = [
  adyenSettlement,
  alipayAccount,
  alipayTrade,
  bai2,
  camt,
  mt940,
  paypalStl,
  sandboxCsv,
  stripeItemised,
  unionpay,
  wechatFundflow,
  wechatTradebill,
];

export interface FormatFigures {
  readonly format: string;
  readonly lines: number;
  readonly labelled: number;
  readonly lineErrors: number;
  /** of all steps, the reading of a document included */
  readonly linesPerSecond: number;
  readonly precision: number;
  readonly recall: number;
  /** whether the lines add up to what the file says of itself, as they can't beside line errors */
  readonly tied: boolean;
}

const context = { merchantNo: '1900000001', date: '2026-03-01' } as const;

/** @param startPool what does the work, where that is no processes @throws Error where the file is turned away */
export async function measureFormat(
  factory: StatementFactory,
  size: DaySize,
  startPool?: (folder: string) => Promise<Pool>,
): Promise<FormatFigures> {
  const benchFolder = join(localFolder, 'bench');
  mkdirSync(benchFolder, { recursive: true });
  const folder = mkdtempSync(join(benchFolder, `format-${factory.format}-`));
  const statementKey = factory.fileName(context);
  const statements = join(folder, 'statements');
  mkdirSync(statements);
  const files = { statement: join(statements, statementKey), own: join(statements, 'own.csv') };
  try {
    const day = writeDay(size, { factory, context, files });
    appendFileSync(files.statement, day.summary);
    const keys = { statementKey, ownKey: 'own.csv' };
    const found = await reconcileWithOurs({ folder, format: factory.format, ...keys, ...context }, startPool);
    const labelled = new Set(day.differences.map(({ type, key }) => `${type} ${key}`));
    const right = found.differences.filter((each) => labelled.has(each)).length;
    return {
      format: factory.format,
      lines: found.lines,
      labelled: labelled.size,
      lineErrors: found.lineErrors,
      linesPerSecond: Math.round(found.lines / (found.seconds + found.identifySeconds)),
      precision: right / found.differences.length,
      recall: right / labelled.size,
      tied: found.tied,
    };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
