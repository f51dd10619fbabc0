/** The lines around the details of Alipay's bills, and its numbers. */
import { type AccountingDate, addDays } from '../../functions/kernel/clock.ts';
import type { WriterContext } from './statement-writer.ts';

const rule = '-----------------------------------------';

export function alipayFrame(name: '业务明细' | '账务明细', { merchantNo, date }: WriterContext) {
  const midnight = (day: string): string => `[${day.replace('-', '年').replace('-', '月')}日 00:00:00]`;
  const next = addDays(date as AccountingDate, 1); // a real day
  const opening = [
    `#支付宝${name}查询`,
    `#账号：[${merchantNo}]`,
    `#起始日期：${midnight(date)}   终止日期：${midnight(next)}`,
    `#${rule}${name}列表${rule}`,
  ];
  const closing = (figures: readonly string[]): string[] => [
    `#${rule}${name}列表结束${rule}`,
    ...figures,
    `#导出时间：${midnight(next)}`,
  ];
  const text = (lines: readonly string[]): string => lines.map((line) => `${line}\r\n`).join('');
  return { opening: text(opening), closing: (figures: readonly string[]) => text(closing(figures)) };
}

/** 28 digits, of which the first are the day. */
export const alipayNumber = (digits: string, { date }: { readonly date: string }): string =>
  `${date.replaceAll('-', '')}22${digits.slice(-18)}`;
