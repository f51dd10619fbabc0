/**
 * WeChat Pay's fund-flow bill (资金账单): every movement of one account, one row each. Text rules are those of the trade bill: a
 * back-tick before each detail and summary field, a comma between them, no quoting. Brackets in names are half-width in v3 and
 * full-width in v2. Times are in UTC+8, amounts in CNY, which the bill does not say.
 *
 * 收支类型 gives the side, 业务类型 and 业务名称 (open lists) the kind; what is in neither list is a credit or a debit. A payment
 * is two rows: the order total, and its fee as a line of its own.
 *
 * The running balance (账户结余) of the first and the last row is held to the summary's sums and told where it does not tie: rows
 * need not be in booking order, so that it is no reason to turn a bill away.
 */
import { exactAmount } from '../reading/exact-amount.ts';
import { checkColumns, countedOne, exactSum, locateFrame } from '../reading/frame.ts';
import { chineseInstantOf } from '../reading/instant.ts';
import { type BalancedRow, outerRows, untiedBalance } from '../reading/running-balance.ts';
import type { FileEnds, Frame, FrameColumns, LineFormat, ReadLine, UntiedFigure } from '../reading/statement-format.ts';
import { summaryCount, withoutBacktick } from '../reading/wechat-summary.ts';
import { type Rejection, reject } from '../rejection.ts';
import { type LineError, type LineKind, lineKinds } from '../statement-line.ts';

const summaryMark = '资金流水总笔数';
const figures = [summaryMark, '收入笔数', '收入金额', '支出笔数', '支出金额'];
const recognisedBy = ['记账时间', '微信支付业务单号', '资金流水单号', '收支类型'];
const required = [...recognisedBy, '业务名称', '业务类型', '收支金额(元)', '备注', '业务凭证号'];

export const format: LineFormat = {
  name: 'wechat-fundflow',
  reads: 'lines',
  encoding: 'utf-8',
  covers: lineKinds,
  recognise: ({ header }) => {
    const columns = columnsOf(header);
    return recognisedBy.every((name) => columns.includes(name));
  },
  readFrame,
  parseLine,
};

const columnsOf = (header: string): string[] =>
  header.split(',').map((name) => name.trim().replace('（', '(').replace('）', ')'));

function readFrame(ends: FileEnds): Frame | Rejection {
  const text = locateFrame(ends, summaryMark);
  if ('reason' in text) return text;
  const columns = columnsOf(text.header);
  const names = text.summaryHeader.split(',').map((name) => name.trim());
  const wrong = checkColumns(columns, required) ?? checkColumns(names, figures);
  if (wrong) return wrong;

  const values = text.summary.split(',').map(withoutBacktick);
  if (values.length < names.length) return reject('truncated', 'The summary row is cut off.');
  const figure = (name: string): string => values[names.indexOf(name)] ?? '';
  const sums: Record<string, bigint> = {};
  for (const name of figures) {
    const count = summaryCount(figure(name));
    const sum = name.endsWith('金额') ? exactSum(figure(name)) : count !== undefined && BigInt(count) * countedOne;
    if (typeof sum !== 'bigint') return reject('malformed_frame', `${name} in the summary row is no number.`);
    if (name !== summaryMark) sums[name] = sum;
  }
  const { detailsStart, detailsEnd } = text;
  const lines = summaryCount(figure(summaryMark));
  const place = { columns, detailsStart, detailsEnd, firstLineNumber: 2 };
  const untied = untiedRows(ends, place, (sums['收入金额'] ?? 0n) - (sums['支出金额'] ?? 0n));
  return { ...place, control: { lines, sums, ...(untied && { untied: [untied] }) } };
}

const balanceColumn = '账户结余(元)';

/** Undefined also where a row can't be read, which is its own error then. */
function untiedRows(ends: FileEnds, place: Omit<Frame, 'control'>, moved: bigint): UntiedFigure | undefined {
  const rows = outerRows(ends, place);
  const balanced = (bytes: Buffer | undefined): BalancedRow | undefined => {
    const fields = bytes?.toString().trim().split(',').map(withoutBacktick) ?? [];
    const field = (name: string): string => fields[place.columns.indexOf(name)] ?? '';
    const [amount, balance] = [exactSum(field('收支金额(元)')), exactSum(field(balanceColumn))];
    if (amount === undefined || balance === undefined) return undefined;
    return { moved: field('收支类型') === '支出' ? -amount : amount, balance };
  };
  const [first, last] = [balanced(rows?.first), balanced(rows?.last)];
  return first && last && untiedBalance('账户结余', { first, last, moved });
}

function parseLine({ columns }: FrameColumns, text: string, lineNumber: number): ReadLine {
  const wrong = (reason: string): LineError => ({ lineNumber, reason, raw: text });
  const fields = text.split(',');
  if (fields.length !== columns.length) return wrong(`has ${fields.length} fields instead of ${columns.length}`);
  const unmarked = fields.findIndex((field) => !field.startsWith('`'));
  if (unmarked >= 0) return wrong(`${columns[unmarked]} does not begin with a back-tick`);
  const field = (name: string): string => (fields[columns.indexOf(name)] ?? '').slice(1).trim();

  const side = field('收支类型');
  if (!isSide(side)) return wrong(`收支类型 ${side} is unknown`);
  const moved = exactAmount(field('收支金额(元)'), 'CNY');
  if (!moved) return wrong('收支金额(元) is no amount in whole fen');
  if (moved.minorUnits < 0n) return wrong('收支金额(元) is negative');
  const at = chineseInstantOf(field('记账时间'));
  if (!at) return wrong(`记账时间 ${field('记账时间')} is no time`);
  const ourReference = numberOf(field('业务凭证号'));
  const channelReference = numberOf(field('微信支付业务单号')) || numberOf(field('资金流水单号'));
  if (!ourReference && !channelReference) return wrong('has no number');
  const kind = kindOf(field, side);
  return {
    line: {
      lineNumber,
      kind,
      ourReference,
      channelReference,
      ...amountAndFee(moved.minorUnits, { kind, side, remark: field('备注') }),
      currency: 'CNY',
      status: 'succeeded', // the account's book has nothing else
      at,
      raw: text,
    },
    merchantNos: [],
    sums: { [`${side}笔数`]: countedOne, [`${side}金额`]: moved.exact },
  };
}

type Side = '收入' | '支出';
type KindOfSide = Readonly<Record<Side, LineKind>>;

const isSide = (text: string): text is Side => text === '收入' || text === '支出';

const kindsByType: Readonly<Record<string, KindOfSide>> = {
  交易: { 收入: 'collection', 支出: 'debit' },
  退款: { 收入: 'refund_return', 支出: 'refund' },
  退款关闭: { 收入: 'refund_return', 支出: 'debit' },
};

const payout: KindOfSide = { 收入: 'payout_return', 支出: 'payout' };
const kindsByName: Readonly<Record<string, KindOfSide>> = { 企业付款: payout, 商家转账: payout };

const topUpOrWithdrawal = '充值/提现';
const other: KindOfSide = { 收入: 'credit', 支出: 'debit' };

function kindOf(field: (name: string) => string, side: Side): LineKind {
  const type = field('业务类型');
  if (type.includes('手续费')) return 'fee';
  const name = field('业务名称');
  if (name === topUpOrWithdrawal) return side === '支出' ? 'settlement' : incomeOf(`${type} ${field('备注')}`);
  return (kindsByType[type] ?? kindsByName[name] ?? other)[side];
}

/** Into the account from a bank comes a top-up, or a withdrawal that the bank bounced: only the words tell, and no list fixes them. */
const incomeOf = (words: string): LineKind =>
  /提现|退票|退回/.test(words.replaceAll(topUpOrWithdrawal, '')) ? 'settlement_return' : 'credit';

interface Movement {
  readonly kind: LineKind;
  readonly side: Side;
  readonly remark: string;
}

const remarkedFee = /退款总金额(\d+(?:\.\d+)?)元[;；]含手续费(\d+(?:\.\d+)?)元/;

/**
 * A fee that a refund gives back is a row of its own, or only told in the refund's remark: then the row has moved the refund less
 * the fee. The row says what moved; a remark that does not add up to it is left alone.
 */
function amountAndFee(moved: bigint, { kind, side, remark }: Movement): { amount: bigint; fee: bigint } {
  const outward = side === '支出';
  if (kind === 'fee') return { amount: 0n, fee: outward ? moved : -moved };
  if (kind === 'refund' || kind === 'refund_return') {
    const [, total = '', fee = ''] = remarkedFee.exec(remark) ?? [];
    const refunded = exactAmount(total, 'CNY')?.minorUnits;
    const givenBack = exactAmount(fee, 'CNY')?.minorUnits;
    if (refunded !== undefined && givenBack !== undefined && refunded - givenBack === moved) {
      return { amount: refunded, fee: outward ? -givenBack : givenBack };
    }
  }
  return { amount: moved, fee: 0n };
}

/** A `0` stands for no number. */
const numberOf = (text: string): string => (text === '0' ? '' : text);
