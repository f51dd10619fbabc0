/** Writes UnionPay's records field by field, by the positions of its file specification and apart from the reader's. */
import { inGbk } from './gbk.ts';

type Fields = Readonly<Record<number, string>>;

/** @param fields text by the position of its first byte, from 1 */
export function fixedWidth(bytes: number, fields: Fields): Buffer {
  const record = Buffer.alloc(bytes, ' ');
  for (const [position, text] of Object.entries(fields)) inGbk(text).copy(record, Number(position) - 1);
  return record;
}

export const signed = (fen: bigint): string => {
  const side = fen > 0n ? 'C' : 'D';
  return `${fen === 0n ? ' ' : side}${`${fen < 0n ? -fen : fen}`.padStart(12, '0')}`;
};

export interface Trade {
  readonly tradeCode: string;
  readonly traceNo: string;
  /** MMDDhhmmss */
  readonly time: string;
  readonly amount: bigint;
  readonly queryId: string;
  readonly orderId: string;
  /** to the merchant positive, from the merchant negative */
  readonly fee: bigint;
  readonly settlement: bigint;
  readonly txnType: string;
  readonly merId: string;
  readonly originalOrderId?: string;
  /** the merchant's own field */
  readonly remark?: string;
}

export const tradeRecord = (trade: Trade): Buffer =>
  fixedWidth(607, {
    1: trade.tradeCode,
    5: '48020000',
    17: '00040000',
    29: trade.traceNo,
    36: trade.time,
    47: '622280*********0000',
    67: `${trade.amount}`.padStart(12, '0'),
    80: '4900',
    85: '07',
    88: trade.queryId,
    113: trade.orderId,
    146: '01',
    167: signed(trade.fee),
    181: signed(trade.settlement),
    195: '0201',
    216: trade.txnType,
    219: '01',
    222: '000201',
    294: trade.merId,
    312: '000000000000000',
    361: signed(0n),
    375: signed(trade.settlement),
    389: '01080209',
    398: trade.remark ?? '',
    459: ' 00000000000',
    475: '7',
    477: trade.originalOrderId ?? '',
  });

export type Dispute = Pick<Trade, 'tradeCode' | 'traceNo' | 'time' | 'amount' | 'fee' | 'settlement' | 'merId'>;

export const disputeRecord = (dispute: Dispute): Buffer =>
  fixedWidth(339, {
    1: dispute.tradeCode,
    5: '48020000',
    17: '00040000',
    29: dispute.traceNo,
    36: dispute.time,
    47: '622280*********0000',
    67: `${dispute.amount}`.padStart(12, '0'),
    80: '4900',
    85: '07',
    88: '01',
    91: '000090',
    98: '1120101010',
    109: '1120',
    114: `${dispute.amount}`.padStart(12, '0'),
    127: signed(dispute.fee),
    141: signed(dispute.settlement),
    155: '000000000000000',
    171: dispute.merId,
    189: ' 00000000000',
  });
