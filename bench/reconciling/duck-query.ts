/**
 * The same day in DuckDB's SQL: the same bytes parsed, the same laws of a line, the same control sums, both sides joined and every
 * difference by its type. Kept as quick as we could make it: what many rows need is one scan and one join, what few rows need comes
 * after.
 */
export interface DuckDay {
  readonly statement: string;
  readonly own: string;
  readonly merchantNo: string;
  readonly date: string;
}

/** A field without its back-tick. */
const field = (name: string): string => `substr("${name}", 2)`;
const exact = (name: string): string => `try_cast(${field(name)} as decimal(15, 5))`;
/** Minor units, half a one away from zero, as DuckDB rounds decimals. */
const minorUnits = (value: string): string => `cast(cast(${value} as decimal(15, 2)) * 100 as bigint)`;

const summed = ['应结订单金额', '退款金额', '充值券退款金额', '手续费', '订单金额', '申请退款金额'];

const sums = summed.map((_, index) => `sum${index}`);

/**
 * 1. The lines and the payments as views over the files. 2. Both joined, once: what of the join is needed later stays in memory.
 * 3. to 5. The few rows that do not plainly agree, the orders with several lines, and the totals; what is left over of an order number
 * then meets by the channel's.
 */
export const duckStatements = ({ statement, own, merchantNo, date }: DuckDay): readonly string[] => [
  `create temp view lines as
   with raw as (
     select *, ${field('交易状态')} = 'REFUND' as is_refund,
       try_cast(${field('交易时间')} as timestamp) as instant,
       ${summed.map((name, index) => `${exact(name)} as sum${index}`).join(', ')}
     from read_csv('${statement}', header = true, delim = ',', quote = '', escape = '', all_varchar = true)
   )
   select
     if(is_refund, 'refund', 'collection') as kind,
     if(is_refund, ${field('商户退款单号')}, ${field('商户订单号')}) as reference,
     if(is_refund, ${field('微信退款单号')}, ${field('微信订单号')}) as trade_no,
     ${minorUnits('if(is_refund, sum1, sum0)')} as amount,
     ${minorUnits('sum3')} as fee,
     ${field('货币种类')} as currency,
     case when is_refund then case ${field('退款状态')} when 'SUCCESS' then 'succeeded' when 'PROCESSING' then 'processing'
       when 'FAIL' then 'failed' when 'CHANGE' then 'failed' end
       else case ${field('交易状态')} when 'SUCCESS' then 'succeeded' when 'REVOKED' then 'revoked' end end as status,
     instant >= timestamp '${date} 00:00:00' and instant < timestamp '${date} 00:00:00' + interval 1 day as of_day,
     ${field('商户号')} = '${merchantNo}' or ${field('特约商户号')} = '${merchantNo}' as of_merchant,
     instant is not null and status is not null and currency in ('CNY', 'USD', 'EUR', 'GBP', 'HKD', 'JPY', 'KRW', 'KWD')
       and of_merchant and ${sums.map((sum) => `${sum} is not null`).join(' and ')} as readable,
     ${sums.join(', ')}
   from raw`,
  `create temp view own as select * from read_csv('${own}', header = true, columns = {
     'order_no': 'varchar', 'kind': 'varchar', 'status': 'varchar', 'currency': 'varchar',
     'amount': 'bigint', 'fee': 'bigint', 'payment_id': 'varchar', 'trade_no': 'varchar', 'completed_at': 'bigint'})`,
  `create temp table found as
   with joined as materialized (
     select l.kind, l.reference, l.trade_no, l.amount, l.fee, l.currency, l.status, l.readable, l.of_day, ${sums.map((sum) => `l.${sum}`).join(', ')},
       o.order_no, o.kind as own_kind, o.status as own_status, o.amount as own_amount, o.fee as own_fee,
       o.currency as own_currency, o.trade_no as own_trade_no,
       (l.readable and l.status = 'succeeded' and o.status = 'succeeded' and l.amount = o.amount and l.fee = o.fee
         and l.currency = o.currency and l.currency = 'CNY') is true as agrees
     from lines l full outer join own o on l.reference = o.order_no and l.kind = o.kind
   ), repeated as (
     select order_no, own_kind from joined where order_no is not null group by all having count(*) > 1
   )
   select 'total' as part, null as key, count(*) filter (readable is not null) as lines, count(*) filter (agrees) as agreeing,
     count(*) filter (not readable) as unreadable, count(*) filter (of_day) as of_day,
     ${summed.map((_, index) => `sum(sum${index}) filter (readable) as sum${index}`).join(', ')}, null as odd
   from joined
   union all
   select 'odd', null, null, null, null, null, ${sums.map(() => 'null').join(', ')},
     {kind: kind, reference: reference, trade_no: trade_no, amount: amount, fee: fee, currency: currency, status: status,
       readable: readable, order_no: order_no, own_kind: own_kind, own_status: own_status, own_amount: own_amount,
       own_fee: own_fee, own_currency: own_currency, own_trade_no: own_trade_no, agrees: agrees}
   from joined
   where not agrees or (order_no, own_kind) in (select (order_no, own_kind) from repeated)`,
  // what can't be read claims nothing: its payment is looked for on
  `create temp table odd as
   select unnest(odd) from found where part = 'odd'`,
  `create temp table alone as
   select kind, reference, trade_no, amount, fee, currency, status from odd
   where readable and order_no is null and status = 'succeeded'`,
  `create temp table unclaimed as
   select distinct order_no, own_kind, own_status, own_amount, own_fee, own_currency, own_trade_no from odd
   where order_no is not null and (order_no, own_kind) not in
     (select (order_no, own_kind) from odd where readable and order_no is not null)`,
  `create temp table differing as
   with claims as (
     select *, row_number() over (partition by order_no, own_kind order by
       status = 'revoked' desc, status = 'succeeded' desc, (amount <> own_amount)::int * 2 + (fee <> own_fee)::int) as place
     from odd where readable and order_no is not null
     union all
     select a.kind, a.reference, a.trade_no, a.amount, a.fee, a.currency, a.status, true, u.*, false,
       row_number() over (partition by u.order_no, u.own_kind)
     from alone a join unclaimed u on a.trade_no = u.own_trade_no and a.kind = u.own_kind
   )
   select 'duplicate' as type, own_kind || ':' || order_no || '#' || place as key from claims
     where place > 1 and status = 'succeeded'
   union all select 'amount_mismatch', own_kind || ':' || order_no from claims
     where place = 1 and status = 'succeeded' and (amount <> own_amount or currency <> own_currency or currency <> 'CNY')
   union all select 'fee_mismatch', own_kind || ':' || order_no from claims
     where place = 1 and status = 'succeeded' and currency = own_currency and fee <> own_fee
   union all select 'status_mismatch', own_kind || ':' || order_no from claims
     where place = 1 and ((status = 'succeeded') <> (own_status <> 'failed')) and own_status <> 'processing'
   union all select 'missing_in_books', kind || ':' || if(reference = '0', 'channel:' || trade_no, reference) from alone
     where (trade_no, kind) not in (select (own_trade_no, own_kind) from unclaimed)
   union all select 'missing_at_channel', own_kind || ':' || order_no from unclaimed
     where own_status = 'succeeded' and (own_trade_no, own_kind) not in (select (trade_no, kind) from alone)`,
];

export const duckDifferences = "select type || ' ' || key as difference from differing order by 1";
export const duckTotals = `select lines, agreeing, unreadable, ${sums.map((sum) => `cast(${sum} as varchar) as ${sum}`).join(', ')}
  from found where part = 'total'`;

/** The control figures by the file's own names. */
export const summedColumns: readonly string[] = summed;
