/** The profiles of `docs/statement-profiles`, each with a file of the layout that it describes. The people in it are made up. */
import { readFileSync } from 'node:fs';
import { statementProfileSchema } from '../../../functions/channels/index.ts';
import { formatOfProfile } from '../../../functions/reconciliation/reading/profile/profile-format.ts';
import type { StatementFormat } from '../../../functions/reconciliation/reading/statement-format.ts';
import { inGbk } from '../formats/gbk.ts';

export interface Example {
  readonly id: string;
  readonly json: Record<string, unknown>;
  readonly format: StatementFormat;
  readonly fileName: string;
  readonly bytes: Buffer;
  readonly merchantNo: string;
}

export const cityBankText = [
  '#起始日期：2026-03-01 00:00:00',
  '',
  '序号,商户号,商户订单号,银行流水号,交易类型,状态,交易金额,手续费,币种,交易日期,交易时间,附言',
  '1,880001,`S20260301001,4200000925,消费,成功,"1,234.50",0.74,人民币,20260301,10:15:30,',
  '2,880001,`S20260301002,4200000926,退款,成功,(100.00),-0.06,156,20260301,11:00:00,"质量问题,退货"',
  '3,880001,,4200000927,代扣,处理中-银行,20.00,,CNY,20260301,12:00:00,订单:S20260301003 保费',
  '4,880001,`S20260301004,4200000928,预授权,成功,500.00,0.00,人民币,20260301,12:30:00,',
  '5,880001,`P20260301005,4200000929,代付,交易失败,-50.00,1.00,人民币,20260301,23:59:59,工资',
  '合计,5,1604.50,1.68',
  '#其中退款1笔',
  '',
].join('\r\n');

const settleLine = (
  type: string,
  order: string,
  trace: string,
  time: string,
  amount: number,
  mark: string,
  fee: number,
  name: string,
): Buffer => {
  const zeroes = (value: number, length: number) => `${value}`.padStart(length, '0');
  const start = `${type}${'880001'.padEnd(15)}${order.padEnd(20)}${trace.padEnd(12)}${time}${zeroes(amount, 12)}${mark}${zeroes(fee, 8)}156`;
  const named = inGbk(name);
  return Buffer.concat([Buffer.from(start), named, Buffer.alloc(22 - named.length, ' '), Buffer.from('\n')]);
};

export const clearingHouseBytes = Buffer.concat([
  Buffer.from('HDR20260301\n'),
  settleLine('S22', 'S20260301001', '000000000001', '0301101530', 123_450, 'C', 74, '城市商行'),
  settleLine('S30', 'R20260301002', '000000000002', '0301110000', 10_000, 'D', 0, '退货、质量'),
  settleLine('P01', '', '000000000003', '0301235959', 113_376, 'D', 0, '结算'),
  Buffer.from(`TRL${'00000003'}${'00000000123450'}${'00000000123376'}\n`),
]);

const example = (id: string, fileName: string, bytes: Buffer): Example => {
  const json = JSON.parse(
    readFileSync(new URL(`../../../docs/statement-profiles/${id}.json`, import.meta.url), 'utf8'),
  );
  return {
    id,
    json,
    fileName,
    bytes,
    merchantNo: '880001',
    format: formatOfProfile(`profile:${id}`, statementProfileSchema.parse(json)),
  };
};

export const cityBank = example('city-bank', '20260301_880001.csv', inGbk(cityBankText));
export const clearingHouse = example('clearing-house', 'SETTLE_20260301.txt', clearingHouseBytes);
