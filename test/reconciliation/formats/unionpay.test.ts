import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format } from '../../../functions/reconciliation/formats/unionpay.ts';
import { context as anyContext } from '../staged-day.ts';
import { type Dispute, disputeRecord, fixedWidth, type Trade, tradeRecord } from './unionpay-record.ts';
import { checked, expectNoLineLost, golden, readFrame, readLines, sample, startOf, wholeOf } from './whole-file.ts';

const day = (date: string) => date as typeof anyContext.date; // a real day
const contextOf = (date: string, merchantNo: string, fileName: string) => ({
  ...anyContext,
  date: day(date),
  merchantNo,
  fileName,
});

const realName = 'INN17071888ZM_898319849000018';
const real = { format, bytes: sample(realName), context: contextOf('2017-07-18', '898319849000018', realName) };
const tradesName = 'INN26112288ZM_777290058110097';
const disputesName = 'INN26112288ZME_777290058110097';
const context = contextOf('2026-11-22', '777290058110097', tradesName);
const trades = { format, bytes: sample(tradesName), context };
const disputes = { format, bytes: sample(disputesName), context: { ...context, fileName: disputesName } };

const trade: Trade = {
  tradeCode: 'S22',
  traceNo: '000101',
  time: '1122101500',
  amount: 10_000n,
  queryId: '202611221015000001018',
  orderId: 'order-1',
  fee: -60n,
  settlement: 9_940n,
  txnType: '01',
  merId: '777290058110097',
};
const dispute: Dispute = {
  tradeCode: 'E01',
  traceNo: '000201',
  time: '1122160000',
  amount: 10_000n,
  fee: 0n,
  settlement: -10_000n,
  merId: trade.merId,
};

const read = (...records: readonly Buffer[]) =>
  readLines({ ...trades, bytes: Buffer.concat(records.flatMap((record) => [record, Buffer.from('\n')])) });
const readTrade = (changes: Partial<Trade>) => read(tradeRecord({ ...trade, ...changes }))[0];
const readDispute = (changes: Partial<Dispute>) => read(disputeRecord({ ...dispute, ...changes }))[0];

describe("UnionPay's file of trades", () => {
  test('of a real day is read whole, to the last fen', () => {
    expect(wholeOf(real)).toEqual(golden(realName));
    const lines = readLines(real).map((each) => ('line' in each ? each.line : undefined));
    expect(lines).toHaveLength(150);
    expect(lines.reduce((sum, line) => sum + (line?.amount ?? 0n), 0n)).toBe(629_614_713n);
    expect(lines.reduce((sum, line) => sum + (line?.fee ?? 0n), 0n)).toBe(3_600n);
    expect(checked(real)).toMatchObject({ rows: 150, errors: [], outcome: { tied: true, otherDays: 3 } });
  });

  test.each([
    ['with refunds and payouts', trades, tradesName],
    ['of disputes', disputes, disputesName],
  ])('%s is read whole', (_, file, name) => {
    expect(wholeOf(file)).toEqual(golden(name));
    expect(checked(file)).toMatchObject({ errors: [], outcome: { tied: true } });
  });

  test.each([
    ['CRLF', (text: string) => text.replaceAll('\n', '\r\n')],
    ['no last line end', (text: string) => text.trimEnd()],
    ['blanks cut off the lines', (text: string) => text.replace(/ +$/gm, '')],
    ['a byte order mark', (text: string) => `\xEF\xBB\xBF${text}`],
  ])('reads the same with %s', (_, change) => {
    const bytes = Buffer.from(change(trades.bytes.toString('latin1')), 'latin1');
    const facts = (each: object) => ('line' in each ? { ...(each.line as object), raw: '' } : each); // a line is an object
    expect(readLines({ ...trades, bytes }).map(facts)).toEqual(readLines(trades).map(facts));
    expect(format.recognise(startOf(bytes))).toBe(true);
  });

  test('may begin with a title, whose lines are told from records', () => {
    const bytes = Buffer.concat([Buffer.from('UnionPay\n\nmerchant statement 2026-11-22\n'), trades.bytes]);
    expect(format.recognise(startOf(bytes))).toBe(true);
    expect(readFrame({ ...trades, bytes: Buffer.from('UnionPay') })).toMatchObject({ control: { sums: {} } });
    const titled = checked({ ...trades, bytes });
    expect(titled).toMatchObject({ rows: 10, errors: [], ignored: { title: 2 }, read: 12 });
    expect(readLines({ ...trades, bytes })[3]).toMatchObject({ line: { lineNumber: 4, ourReference: 'order-1' } });
  });

  test('is read on in the disputes of the same archive, by each line itself', () => {
    const bytes = Buffer.concat([disputes.bytes, trades.bytes]);
    expect(checked({ ...trades, bytes })).toMatchObject({ rows: 13, errors: [], ignored: { moves_no_money: 1 } });
  });

  test.each([
    [true, tradesName, trades.bytes],
    [true, disputesName, disputes.bytes],
    [true, 'INN26112288PED_777290058110097', trades.bytes],
    [true, 'statement.txt', trades.bytes],
    [true, 'statement.txt', disputes.bytes],
    [true, tradesName, Buffer.from('UnionPay\n')],
    [false, disputesName, Buffer.alloc(0)],
    [false, 'INN26112288ZF_777290058110097', trades.bytes],
    [false, 'INN26112288ZF_777290058110097', Buffer.alloc(0)],
    [false, 'statement.txt', Buffer.alloc(0)],
    [false, tradesName, sample('tradebill-ALL-2021-01-28.csv')],
    [false, 'statement.csv', sample('alipay-trade-2026-11-22.csv')],
  ])('is recognised (%s) by its name %s and its lines', (recognised, fileName, bytes) => {
    expect(format.recognise(startOf(bytes, fileName))).toBe(recognised);
  });

  test('may come with an empty one, as on a day without disputes', () => {
    expect(format.accompanies?.(startOf(Buffer.from('\n'), disputesName))).toBe(true);
    expect(format.accompanies?.(startOf(disputes.bytes, disputesName))).toBe(false);
    expect(format.accompanies?.(startOf(Buffer.alloc(0), 'INN26112288ZF_777290058110097'))).toBe(false);
  });

  test.each([
    ['within the trade code', 1],
    ['within the amount', 70],
    ['within the settlement amount', 190],
    ['before the net settlement amount', 380],
  ])('is refused as truncated where its last line is cut off %s', (_, length) => {
    const bytes = Buffer.concat([trades.bytes, tradeRecord(trade).subarray(0, length)]);
    const detail = `The last line ends after ${length} bytes.`;
    expect(readFrame({ ...trades, bytes })).toMatchObject({ reason: 'truncated', detail });
  });

  test('that was damaged loses no line', () => {
    expectNoLineLost(trades);
    expectNoLineLost(disputes);
  });
});

describe('a trade of UnionPay', () => {
  const fen = fc.bigInt({ min: 0n, max: 999_999_999n });

  test('is read as it was written', () => {
    fc.assert(
      fc.property(fen, fen, fc.stringMatching(/^[0-9A-Za-z]{8,32}$/), (amount, fee, orderId) => {
        const payment = readTrade({ amount, fee: -fee, settlement: amount - fee, orderId, remark: '账户充值' });
        expect(payment).toMatchObject({ line: { kind: 'collection', amount, fee, ourReference: orderId } });
      }),
    );
  });

  test('that does not tie is an error, but a refund need not tie', () => {
    const reason = 'amount and fee do not give the settlement amount';
    expect(readTrade({ settlement: 9_941n })).toMatchObject({ reason });
    expect(readTrade({ tradeCode: 'S30', txnType: '04', fee: -60n, settlement: -9_940n })).toMatchObject({
      line: { kind: 'refund', amount: 10_000n, fee: 60n },
    });
  });

  test.each([
    ['refund', { txnType: '31', fee: 0n, settlement: -10_000n }],
    ['refund_return', { txnType: '04', fee: 0n, settlement: 10_000n }],
    ['refund', { txnType: '', tradeCode: 'S30', fee: 0n, settlement: -10_000n }],
    ['collection', { txnType: '' }],
    ['payout', { txnType: '12', fee: 0n, settlement: -10_000n }],
    ['payout_return', { txnType: '12', fee: 0n, settlement: 10_000n }],
    ['credit', { txnType: '99', tradeCode: 'S99' }],
    ['debit', { txnType: '99', tradeCode: 'S99', fee: 0n, settlement: -10_000n }],
  ])('is a %s: %p', (kind, changes) => {
    expect(readTrade(changes)).toMatchObject({ line: { kind, ourReference: 'order-1' } });
  });

  test('that repeats the order number of its payment is known by its queryId', () => {
    const refund = { txnType: '04', fee: 0n, settlement: -10_000n };
    expect(readTrade({ ...refund, originalOrderId: 'order-1' })).toMatchObject({
      line: { ourReference: '', channelReference: trade.queryId },
    });
    expect(readTrade({ ...refund, originalOrderId: 'order-0' })).toMatchObject({ line: { ourReference: 'order-1' } });
  });

  test.each([
    ['a newer queryId', trade.queryId, '1122101500', '2026-11-22T02:15:00.000Z'],
    ["the file's day", '112210150000000000001', '1122101500', '2026-11-22T02:15:00.000Z'],
    [
      "the year before the file's, for a time that has not come yet",
      '000000000000000000001',
      '1231235959',
      '2025-12-31T15:59:59.000Z',
    ],
  ])('has its year from %s', (_, queryId, time, at) => {
    expect(readTrade({ queryId, time })).toMatchObject({ line: { at: new Date(at) } });
  });

  test('has the year of its day where the name of the file has none', () => {
    const bytes = tradeRecord({ ...trade, queryId: '000000000000000000001' });
    const unnamed = readLines({ ...trades, bytes, context: { ...context, fileName: 'x', date: day('2028-03-01') } });
    expect(unnamed[0]).toMatchObject({ line: { at: new Date('2027-11-22T02:15:00Z') } });
  });

  test('names its merchant', () => {
    expect(readTrade({})).toMatchObject({ merchantNos: ['777290058110097'] });
    const foreign = checked({ ...trades, context: { ...context, merchantNo: '1' } }).outcome;
    expect(foreign).toMatchObject({ reason: 'wrong_merchant' });
  });

  test('shows text as text, even where it was cut within a character, and no card number', () => {
    expect(readTrade({ remark: '账户充值' })).toMatchObject({ line: { raw: expect.stringContaining('账户充值') } });
    const record = tradeRecord(trade);
    record.write('\xD5', 398, 'latin1');
    expect(read(record)[0]).toMatchObject({ line: { amount: 10_000n } });
    record.write('6222800000001234567', 46, 'latin1');
    expect(read(record)[0]).toMatchObject({ line: { raw: expect.stringContaining(' 622280*********4567 ') } });
  });

  const damagedAt = (position: number, text: string): Buffer => {
    const record = tradeRecord(trade);
    record.write(text, position - 1, 'latin1');
    return record;
  };

  test.each([
    ['the amount is none', damagedAt(67, '00000001.000')],
    ['the fee has no side', damagedAt(167, ' ')],
    ['the settlement amount has no side', damagedAt(181, ' ')],
    ['the time 1332101500 is none', damagedAt(36, '1332101500')],
    ['has neither orderId nor queryId', fixedWidthOf({ queryId: '', orderId: '' })],
    ['has no merId', fixedWidthOf({ merId: '' })],
    ['is cut off after 380 bytes', tradeRecord(trade).subarray(0, 380)],
    ['has 608 bytes instead of 607', Buffer.concat([tradeRecord(trade), Buffer.from('x')])],
    ['is no ZM or ZME record, in 607 bytes', damagedAt(170, 'x')],
    ['is no ZM or ZME record, in 100 bytes', fixedWidth(100, { 1: 'S22', 67: '000000010000' })],
  ])('is an error that says: %s', (reason, record) => {
    expect(read(record)[0]).toMatchObject({ lineNumber: 1, reason });
  });

  function fixedWidthOf(changes: Partial<Trade>): Buffer {
    return tradeRecord({ ...trade, ...changes });
  }
});

describe('a dispute of UnionPay', () => {
  test.each([
    ['debit', {}, 10_000n, 0n],
    ['debit', { fee: -300n, settlement: -10_300n }, 10_000n, 300n],
    ['credit', { fee: 60n, settlement: 10_060n }, 10_000n, -60n],
    ['fee', { fee: -300n, settlement: -300n }, 0n, 300n],
  ])('is a %s by its figures: %p', (kind, changes, amount, fee) => {
    expect(readDispute(changes)).toMatchObject({
      line: { kind, amount, fee, ourReference: '', channelReference: '1120101010000090-1122160000000201' },
    });
  });

  test('that moves nothing is ignored, and one that does not tie is an error', () => {
    expect(readDispute({ settlement: 0n })).toEqual({ lineNumber: 1, ignored: 'moves_no_money', sums: {} });
    expect(readDispute({ settlement: -1n })).toMatchObject({ reason: expect.stringContaining('settlement amount') });
  });
});
