/** ISO 20022 camt.053 of one account: an entry for each order, with the bank's charge in it. */
import { addMovement, type Movement, noMovements, signedAmount } from './account-movements.ts';
import type { FactoryLine } from './labelled-day.ts';
import {
  commonLabels,
  magnitude,
  noNumber,
  type StatementFactory,
  type StatementWriter,
  type WriterContext,
  yuan,
} from './statement-writer.ts';

export const factory: StatementFactory = {
  format: 'camt',
  fileName: ({ date }) => `camt053-${date}.xml`,
  kinds: ['collection', 'payout'],
  // what is under way is there as pending
  labels: [...commonLabels, 'ignored'],
  write,
};

const indicators = { credit: 'CRDT', debit: 'DBIT' } as const;

const amountOf = (amount: string): string => `<Amt Ccy="CNY">${amount}</Amt>`;
const sideOf = (amount: bigint): string => `<CdtDbtInd>${amount < 0n ? 'DBIT' : 'CRDT'}</CdtDbtInd>`;

/** Minor units. */
const opening = 100_000_00n;

function write({ merchantNo, date }: WriterContext): StatementWriter {
  const totals = noMovements();
  const entries: string[] = [];
  const header = `<?xml version="1.0" encoding="UTF-8"?>
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08"><BkToCstmrStmt>
<GrpHdr><MsgId>M${date}</MsgId><CreDtTm>${date}T23:59:59+08:00</CreDtTm></GrpHdr>
<Stmt><Id>S${date}</Id><Acct><Id><Othr><Id>${merchantNo}</Id></Othr></Id><Ccy>CNY</Ccy></Acct>
`;
  return {
    header,
    line: (facts) => {
      const booked = bookedOf(facts);
      if (facts.status === 'succeeded') addMovement(totals, booked);
      entries.push(entry(facts, booked));
      return '';
    },
    summary: () => {
      const { credit, debit } = totals;
      const net = credit.sum - debit.sum;
      const balance = (type: string, amount: bigint): string =>
        `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp>${amountOf(yuan(magnitude(amount)))}${sideOf(amount)}<Dt><Dt>${date}</Dt></Dt></Bal>\n`;
      const figures = (count: number, sum: bigint): string =>
        `<NbOfNtries>${count}</NbOfNtries><Sum>${yuan(sum)}</Sum>`;
      const total = `${figures(credit.count + debit.count, credit.sum + debit.sum)}<TtlNetNtry><Amt>${yuan(magnitude(net))}</Amt>${sideOf(net)}</TtlNetNtry>`;
      return [
        balance('OPBD', opening),
        balance('CLBD', opening + net),
        `<TxsSummry><TtlNtries>${total}</TtlNtries><TtlCdtNtries>${figures(credit.count, credit.sum)}</TtlCdtNtries>`,
        `<TtlDbtNtries>${figures(debit.count, debit.sum)}</TtlDbtNtries></TxsSummry>\n`,
        ...entries,
        '</Stmt></BkToCstmrStmt></Document>\n',
      ].join('');
    },
  };

  function entry({ orderNo, tradeNo, fee, status }: FactoryLine, booked: Movement): string {
    const charge = `<Chrgs><Rcrd>${amountOf(yuan(fee))}<CdtDbtInd>DBIT</CdtDbtInd><ChrgInclInd>true</ChrgInclInd></Rcrd></Chrgs>`;
    return [
      `<Ntry>${amountOf(booked.unreadable ? noNumber : yuan(booked.amount))}<CdtDbtInd>${indicators[booked.side]}</CdtDbtInd>`,
      `<Sts><Cd>${status === 'succeeded' ? 'BOOK' : 'PDNG'}</Cd></Sts><BookgDt><Dt>${date}</Dt></BookgDt>`,
      `<AcctSvcrRef>${tradeNo}</AcctSvcrRef>${fee === 0n ? '' : charge}`,
      `<NtryDtls><TxDtls><Refs><EndToEndId>${orderNo || 'NOTPROVIDED'}</EndToEndId></Refs>`,
      '<RmtInf><Ustrd>充值 &amp; 提现</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n',
    ].join('');
  }
}

/** What is booked of a collection is less the charge, of a payout more. */
function bookedOf({ kind, amount, fee, unreadable }: FactoryLine): Movement {
  const side = kind === 'collection' ? 'credit' : 'debit';
  return { side, amount: magnitude(signedAmount({ side, amount }) - fee), isCharge: false, unreadable };
}
