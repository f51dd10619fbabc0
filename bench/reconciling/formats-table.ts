/** For each format that the factory writes: whether the labels of a small day are found, all of them and nothing else. */
import { appendFileSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { localFolder } from '../../local/workspace.ts';
import { factory as sandboxCsv } from '../statement-factory/sandbox-csv.ts';
import { factory as wechatTradebill } from '../statement-factory/wechat-tradebill.ts';
import { writeDay } from '../statement-factory/write-day.ts';
import { reconcileWithOurs } from './our-side.ts';

/** One file of `statement-factory/` each. */
const factories = [wechatTradebill, sandboxCsv];

export interface FormatFigures {
  readonly format: string;
  readonly lines: number;
  readonly labelled: number;
  readonly lineErrors: number;
  readonly linesPerSecond: number;
  readonly precision: number;
  readonly recall: number;
}

export async function measureFormats({ seed, orders }: { seed: number; orders: number }): Promise<FormatFigures[]> {
  const figures: FormatFigures[] = [];
  for (const factory of factories) {
    const folder = join(localFolder, 'bench', `format-${factory.format}-${process.pid}`);
    mkdirSync(join(folder, 'statements'), { recursive: true });
    const files = { statement: join(folder, 'statements', 'statement'), own: join(folder, 'statements', 'own.csv') };
    const context = { merchantNo: '1900000001', date: '2026-03-01' };
    const { kinds, labels, format } = factory;
    try {
      const day = writeDay({ seed, orders, orderOfEach: 100, kinds, labels }, { factory, context, files });
      appendFileSync(files.statement, day.summary);
      const found = await reconcileWithOurs({
        ...{ folder, format, ...context },
        ...{ statementKey: 'statement', ownKey: 'own.csv' },
      });
      const labelled = new Set(day.differences.map(({ type, key }) => `${type} ${key}`));
      const right = found.differences.filter((each) => labelled.has(each)).length;
      figures.push({
        format,
        lines: day.lines,
        labelled: labelled.size,
        lineErrors: found.lineErrors,
        linesPerSecond: Math.round(day.lines / found.seconds),
        precision: right / found.differences.length,
        recall: right / labelled.size,
      });
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  return figures;
}
