/** WeChat Pay's trade bill from bytes: successful payments and refunds in yuan, which is nearly every line. */
import { instantOf } from '../instant.ts';
import { type ByteLine, type ByteReader, notRegular } from './byte-reader.ts';
import { dayReader, exactAt, hundredthsOf, isPlainReference, isText, markedFields, timeOfDayAt } from './fields.ts';

export interface TradebillColumns {
  /** in the file's own order */
  readonly columns: readonly string[];
  /** those that the summary adds up, as far as the file has them */
  readonly summed: readonly string[];
  /** those of `summed` that count without their sign */
  readonly unsigned: ReadonlySet<string>;
  readonly merchantNo: string;
}

const [success, refund, yuan] = [Buffer.from('SUCCESS'), Buffer.from('REFUND'), Buffer.from('CNY')];
const [zero, space] = [0x30, 0x20];
const [dayLength, timeLength] = ['YYYY-MM-DD'.length, 'YYYY-MM-DD HH:MM:SS'.length];

/** Where an order of one kind stands. */
interface OrderPlaces {
  readonly outcome: number;
  readonly ourReference: number;
  readonly channelReference: number;
  readonly amount: number;
}

export function tradebillByteReader({ columns, summed, unsigned, merchantNo }: TradebillColumns): ByteReader {
  const { places, split } = markedFields({ fields: columns.length, separator: 0x2c, mark: 0x60 });
  const startOf = (field: number): number => places[field] ?? 0;
  const endOf = (field: number): number => (places[field + 1] ?? 0) - 2;

  const place = (name: string): number => columns.indexOf(name);
  const [time, merchant, state, currency] = [place('交易时间'), place('商户号'), place('交易状态'), place('货币种类')];
  const [fee, refundState] = [place('手续费'), place('退款状态')];
  const payment: OrderPlaces = {
    outcome: 0,
    ourReference: place('商户订单号'),
    channelReference: place('微信订单号'),
    amount: place('应结订单金额'),
  };
  const refunding: OrderPlaces = {
    outcome: 1,
    ourReference: place('商户退款单号'),
    channelReference: place('微信退款单号'),
    amount: place('退款金额'),
  };
  const holdsRefunds = !Object.values(refunding).includes(-1) && refundState >= 0;

  const sumPlaces = Int32Array.from(summed, place);
  const isUnsigned = Uint8Array.from(summed, (name) => Number(unsigned.has(name)));
  const ours = Buffer.from(merchantNo);
  const midnightAt = dayReader((day) => instantOf(day, '00:00:00', '+08:00')?.getTime());

  const orderAt = (bytes: Uint8Array): OrderPlaces | undefined => {
    if (isText(bytes, startOf(state), endOf(state), success)) return payment;
    const done = holdsRefunds && isText(bytes, startOf(refundState), endOf(refundState), success);
    return done && isText(bytes, startOf(state), endOf(state), refund) ? refunding : undefined;
  };

  const instantAt = (bytes: Uint8Array): number => {
    const start = startOf(time);
    if (endOf(time) - start !== timeLength || bytes[start + dayLength] !== space) return Number.NaN;
    return midnightAt(bytes, start) + timeOfDayAt(bytes, start + dayLength + 1);
  };

  const read = (bytes: Uint8Array, start: number, line: ByteLine): number => {
    const next = split(bytes, start);
    if (next === notRegular) return notRegular;
    if (!isText(bytes, startOf(merchant), endOf(merchant), ours)) return notRegular;
    if (!isText(bytes, startOf(currency), endOf(currency), yuan)) return notRegular;
    const order = orderAt(bytes);
    if (order === undefined) return notRegular;
    const at = instantAt(bytes);
    const amount = hundredthsOf(exactAt(bytes, startOf(order.amount), endOf(order.amount)));
    const charged = hundredthsOf(exactAt(bytes, startOf(fee), endOf(fee)));
    // none of the three is a number where its text is none
    if (!(amount >= 0 && at >= 0) || Number.isNaN(charged)) return notRegular;
    for (let index = 0; index < sumPlaces.length; index++) {
      const column = sumPlaces[index] ?? 0;
      const sum = exactAt(bytes, startOf(column), endOf(column));
      if (Number.isNaN(sum)) return notRegular;
      line.sums[index] = sum < 0 && isUnsigned[index] === 1 ? -sum : sum;
    }
    line.outcome = order.outcome;
    line.amount = amount;
    line.fee = charged;
    line.at = at;
    line.ourReferenceStart = startOf(order.ourReference);
    line.ourReferenceEnd = endOf(order.ourReference);
    line.channelReferenceStart = startOf(order.channelReference);
    line.channelReferenceEnd = endOf(order.channelReference);
    return isNumber(bytes, line.ourReferenceStart, line.ourReferenceEnd) &&
      isNumber(bytes, line.channelReferenceStart, line.channelReferenceEnd)
      ? next
      : notRegular;
  };

  return {
    outcomes: [
      { kind: 'collection', status: 'succeeded', currency: 'CNY' },
      { kind: 'refund', status: 'succeeded', currency: 'CNY' },
    ],
    sumNames: summed,
    read,
  };
}

/** A `0` stands for no number. */
const isNumber = (bytes: Uint8Array, start: number, end: number): boolean =>
  isPlainReference(bytes, start, end) && !(end === start + 1 && bytes[start] === zero);
