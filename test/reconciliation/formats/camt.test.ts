import { existsSync, readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { format as camt } from '../../../functions/reconciliation/formats/camt.ts';
import type { StatementContext } from '../../../functions/reconciliation/reading/statement-format.ts';
import { context as dayContext } from '../staged-day.ts';
import { readDocument, verdictOn } from './bank-document.ts';

const iban = 'DE02120300000000202051';
const context: StatementContext = { ...dayContext, merchantNo: iban, currency: 'EUR', timeZone: 'Europe/Berlin' };
const sample = (name: string): Buffer => readFileSync(new URL(`samples/camt/${name}`, import.meta.url));
const of = (merchantNo: string): StatementContext => ({ ...context, merchantNo });

interface Entry {
  readonly amount?: string;
  readonly currency?: string;
  readonly side?: 'CRDT' | 'DBIT';
  readonly status?: string;
  readonly booked?: string;
  readonly head?: string;
  readonly details?: string;
}

const entry = ({
  amount = '10.00',
  currency = 'EUR',
  side = 'CRDT',
  status = '<Cd>BOOK</Cd>',
  ...rest
}: Entry): string => `
  <Ntry><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd><Sts>${status}</Sts>
  <BookgDt>${rest.booked ?? '<Dt>2026-11-23</Dt>'}</BookgDt><AcctSvcrRef>BANK1</AcctSvcrRef>${rest.head ?? ''}
  <NtryDtls>${rest.details ?? detail({})}</NtryDtls></Ntry>`;

const detail = ({ endToEndId = 'ORDER1', inside = '' }: { endToEndId?: string; inside?: string }): string =>
  `<TxDtls><Refs><EndToEndId>${endToEndId}</EndToEndId></Refs>${inside}</TxDtls>`;

const balance = (type: string, amount: string, side = 'CRDT', currency = 'EUR'): string =>
  `<Bal><Tp><CdOrPrtry><Cd>${type}</Cd></CdOrPrtry></Tp><Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd></Bal>`;

interface Message {
  readonly before?: string;
  readonly entries?: readonly Entry[];
  readonly version?: string;
  readonly prolog?: string;
  readonly account?: string;
}

const message = ({ before = '', entries = [], version = '053.001.08', prolog, account = iban }: Message): Buffer => {
  const [root, statement] = version.startsWith('053') ? ['BkToCstmrStmt', 'Stmt'] : ['BkToCstmrDbtCdtNtfctn', 'Ntfctn'];
  return Buffer.from(`${prolog ?? '<?xml version="1.0" encoding="UTF-8"?>'}
<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.${version}"><${root}><GrpHdr><MsgId>M1</MsgId></GrpHdr>
<${statement}><Id>S1</Id><Acct><Id><IBAN>${account}</IBAN></Id></Acct>${before}${entries.map(entry).join('')}
</${statement}></${root}></Document>`);
};

const read = (bytes: Buffer) => readDocument(camt, bytes, { context });
const lineOf = async (given: Entry) => (await read(message({ entries: [given] }))).lines[0];

describe('a camt.053', () => {
  test('of two statements reads as their entries, and closing less opening is what they add up to', async () => {
    const bytes = sample('camt053.v2.multi.statement.xml');
    const { lines, control, net } = await readDocument(camt, bytes, { context: of('NL26VAYB8060476890') });
    expect(lines.map(({ raw: _, ...line }) => line)).toEqual([
      {
        lineNumber: 66,
        kind: 'collection',
        ourReference: '000000001',
        channelReference: '253EURNL26VAYB8060476890/1',
        amount: 885n,
        fee: 0n,
        currency: 'EUR',
        status: 'succeeded',
        at: new Date('2014-12-30T23:00:00Z'),
        remittance: 'EndToEndId 000000001 Transaction Description 1',
      },
      expect.objectContaining({ lineNumber: 145, kind: 'payout', ourReference: '000000002', amount: 700n }),
    ]);
    expect(control).toEqual({ sums: { 'statement 1 net EUR': 885_000n, 'statement 2 net EUR': -700_000n } });
    expect(net).toBe(185n);
  });

  test('of version 8 has its status as a code and its time with an offset', async () => {
    const { lines } = await readDocument(camt, sample('camt053.v8.xml'), { context: of('NL26VAYB8060476890') });
    expect(lines).toMatchObject([
      {
        ourReference: 'MUELL/FINP/RA12345',
        channelReference: 'AAAASESS-FP-CN_98765/01',
        amount: 885n,
        at: new Date('2014-12-31T12:15:00Z'),
      },
    ]);
  });

  test('names a structured reference where there is no other', async () => {
    const { lines } = await readDocument(camt, sample('camt053.v2.minimal.xml'), { context: of('NL26VAYB8060476890') });
    expect(lines).toMatchObject([{ ourReference: '4654654654654654', remittance: '4654654654654654' }]);
  });

  test('whose balances do not tie with its entries is refused', async () => {
    const before = balance('OPBD', '5.00', 'DBIT') + balance('CLBD', '5.01');
    expect(await verdictOn(camt, message({ before, entries: [{}] }), context)).toMatchObject({
      reason: 'wrong_control_total',
      detail: 'The summary row gives 10.01 for statement 1 net EUR; the lines add up to 10.00.',
    });
  });

  test('whose balances move without an entry is refused', async () => {
    const before = balance('PRCD', '5.00') + balance('CLBD', '6.00');
    expect(await verdictOn(camt, message({ before }), context)).toMatchObject({ reason: 'wrong_control_total' });
  });

  test('of an empty day has no line', async () => {
    const before = balance('OPBD', '5.00') + balance('CLBD', '5.00');
    expect(await verdictOn(camt, message({ before }), context)).toMatchObject({ tied: true, written: 0 });
  });

  test.each([
    ['<NbOfNtries>3</NbOfNtries>', false],
    ['<NbOfNtries>2</NbOfNtries><Sum>15</Sum><TtlNetNtry><Amt>5</Amt><CdtDbtInd>CRDT</CdtDbtInd></TtlNetNtry>', true],
    ['<NbOfNtries>2</NbOfNtries><Sum>15</Sum><TtlNetNtryAmt>5</TtlNetNtryAmt><CdtDbtInd>DBIT</CdtDbtInd>', false],
    ['<Sum>15.01</Sum>', false],
  ])('with the summary %s ties: %s', async (total, ties) => {
    const before = `<TxsSummry><TtlNtries>${total}</TtlNtries><TtlCdtNtries><NbOfNtries>1</NbOfNtries><Sum>10</Sum></TtlCdtNtries></TxsSummry>`;
    const bytes = message({ before, entries: [{}, { side: 'DBIT', amount: '5' }] });
    const verdict = await verdictOn(camt, bytes, context);
    expect(verdict).toMatchObject(ties ? { tied: true } : { reason: 'wrong_control_total' });
  });

  test('of other accounts too ignores their entries by a rule, but counts them', async () => {
    const bytes = sample('camt053.v2.multi.statement.xml').toString();
    const other = Buffer.from(bytes.replace('<IBAN>NL26VAYB8060476890', '<IBAN>NL00OTHR0000000000'));
    const merchant = of('NL26VAYB8060476890');
    expect(await verdictOn(camt, other, merchant)).toMatchObject({
      rows: 1,
      ignored: { other_account: 1 },
      tied: true,
    });
    const foreign = await verdictOn(camt, other, of('NL99NONE0000000000'));
    expect(foreign).toMatchObject({ reason: 'wrong_merchant' });
  });

  test('with a page to follow is cut off', async () => {
    const bytes = message({ before: '<StmtPgntn><PgNb>1</PgNb><LastPgInd>false</LastPgInd></StmtPgntn>' });
    expect((await read(bytes)).rejection?.reason).toBe('truncated');
  });
});

describe('an entry', () => {
  test.each([
    ['PDNG', 'pending_moves_no_money'],
    ['INFO', 'information_only'],
  ])('with the status %s is ignored as %s, however the summary counts it', async (status, rule) => {
    const entries = [{ status }, { status: `<Cd>${status}</Cd>` }, {}];
    for (const count of [1, 3]) {
      const before = `<TxsSummry><TtlNtries><NbOfNtries>${count}</NbOfNtries></TtlNtries></TxsSummry>`;
      const verdict = await verdictOn(camt, message({ before, entries }), context);
      expect(verdict).toMatchObject({ rows: 1, ignored: { [rule]: 2 }, tied: true });
    }
  });

  test('that gives a payout back names our order', async () => {
    const inside = '<RtrInf><Rsn><Cd>AC04</Cd></Rsn></RtrInf>';
    expect(await lineOf({ details: detail({ inside }) })).toMatchObject({
      kind: 'payout_return',
      ourReference: 'ORDER1',
      channelReference: 'BANK1',
    });
    const head = '<BkTxCd><Domn><Cd>PMNT</Cd><Fmly><Cd>RCDT</Cd><SubFmlyCd>RRTN</SubFmlyCd></Fmly></Domn></BkTxCd>';
    expect(await lineOf({ head })).toMatchObject({ kind: 'payout_return' });
    expect(await lineOf({ head, side: 'DBIT' })).toMatchObject({ kind: 'debit' });
    const german = '<BkTxCd><Prtry><Cd>NTRF+159+00931</Cd><Issr>DK</Issr></Prtry></BkTxCd>';
    expect(await lineOf({ head: german })).toMatchObject({ kind: 'payout_return' });
  });

  test('that corrects one of the bank is no payment', async () => {
    const head = '<RvslInd>true</RvslInd>';
    expect(await lineOf({ head })).toMatchObject({ kind: 'credit' });
    expect(await lineOf({ head, side: 'DBIT' })).toMatchObject({ kind: 'debit' });
  });

  test('of charges alone is a fee, given back where it is a credit', async () => {
    const head = '<BkTxCd><Domn><Cd>ACMT</Cd><Fmly><Cd>MDOP</Cd><SubFmlyCd>CHRG</SubFmlyCd></Fmly></Domn></BkTxCd>';
    expect(await lineOf({ head, side: 'DBIT' })).toMatchObject({ kind: 'fee', amount: 0n, fee: 1_000n });
    expect(await lineOf({ head })).toMatchObject({ kind: 'fee', amount: 0n, fee: -1_000n });
  });

  test.each([
    ['a charge inside', 'DBIT', '<ChrgInclInd>true</ChrgInclInd>', 850n, 150n],
    ['a charge taken from what came', 'CRDT', '<ChrgInclInd>true</ChrgInclInd>', 1_150n, 150n],
    ['a charge booked elsewhere', 'DBIT', '<ChrgInclInd>false</ChrgInclInd>', 1_000n, 0n],
    ['a charge that nothing more is said of', 'DBIT', '', 1_000n, 0n],
  ] as const)('with %s nets to what was booked', async (_, side, indicator, amount, fee) => {
    const charges = `<Chrgs><Rcrd><Amt Ccy="EUR">1.50</Amt><CdtDbtInd>DBIT</CdtDbtInd>${indicator}</Rcrd></Chrgs>`;
    const result = await read(message({ entries: [{ side, head: charges }] }));
    expect(result.lines[0]).toMatchObject({ amount, fee });
    expect(result.net).toBe(side === 'DBIT' ? -1_000n : 1_000n);
  });

  test('with an unmarked charge that explains the difference to the transaction has it inside', async () => {
    const inside = '<AmtDtls><TxAmt><Amt Ccy="EUR">8.50</Amt></TxAmt></AmtDtls>';
    const head = '<Chrgs><Amt Ccy="EUR">1.50</Amt></Chrgs>';
    expect(await lineOf({ side: 'DBIT', head, details: detail({ inside }) })).toMatchObject({
      amount: 850n,
      fee: 150n,
    });
  });

  test('without a reference of ours shows the other ones that it has', async () => {
    const details =
      '<TxDtls><Refs><EndToEndId>NOTPROVIDED</EndToEndId><PmtInfId>P7</PmtInfId><InstrId>I9</InstrId></Refs></TxDtls>';
    expect(await lineOf({ details })).toMatchObject({ ourReference: 'I9', remittance: 'PmtInfId P7 InstrId I9' });
    const text = `<TxDtls><RmtInf><Ustrd>${'settlement '.repeat(80)}</Ustrd></RmtInf></TxDtls>`;
    expect((await lineOf({ details: text }))?.remittance).toHaveLength(500);
  });

  test('without an offset is of the zone of its channel', async () => {
    const line = await lineOf({ booked: '<DtTm>2026-07-01T08:30:00.5</DtTm>' });
    expect(line?.at).toEqual(new Date('2026-07-01T06:30:00.500Z'));
  });

  test.each([
    [{ amount: '10,00' }, 'Amt 10,00 is no amount'],
    [{ amount: '-10.00' }, 'Amt -10.00 is no amount'],
    [{ amount: '10.001' }, 'the amount is none of its currency'],
    [{ currency: 'XXX' }, 'currency XXX is none that we book'],
    [{ booked: '<Dt>2026-02-30</Dt>' }, 'has no date that there is'],
    [{ status: '' }, 'has no status'],
  ] as const)('as %j is a line error', async (given, reason) => {
    const { errors, lines } = await read(message({ entries: [given, {}] }));
    expect(errors).toMatchObject([{ reason }]);
    expect(lines).toHaveLength(1);
  });
});

describe('a batch', () => {
  const share = (amount: string, side = 'CRDT', currency = 'EUR') =>
    detail({
      endToEndId: `O${amount}`,
      inside: `<Amt Ccy="${currency}">${amount}</Amt><CdtDbtInd>${side}</CdtDbtInd>`,
    });
  const before = balance('OPBD', '0') + balance('CLBD', '10.00');

  test('is told detail by detail where they add up to it', async () => {
    const bytes = message({ before, entries: [{ details: share('12.00') + share('2.00', 'DBIT') }] });
    const { lines, net } = await read(bytes);
    expect(lines).toMatchObject([
      { kind: 'collection', ourReference: 'O12.00', channelReference: 'BANK1/1', amount: 1_200n },
      { kind: 'payout', ourReference: 'O2.00', channelReference: 'BANK1/2', amount: 200n },
    ]);
    expect(net).toBe(1_000n);
    expect(await verdictOn(camt, bytes, context)).toMatchObject({ tied: true });
  });

  test('that its details contradict is a line error', async () => {
    const { errors, lines } = await read(message({ entries: [{ details: share('12.00') + share('2.01', 'DBIT') }] }));
    expect(errors).toMatchObject([{ reason: 'its details do not add up to the amount' }]);
    expect(lines).toEqual([]);
  });

  test.each([
    ['have no amounts', detail({}) + detail({})],
    ['are in another currency', share('5.00') + share('5.00', 'CRDT', 'GBP')],
  ])('whose details %s is one line, for none of their orders', async (_, details) => {
    const { lines, errors } = await read(message({ entries: [{ details }] }));
    expect(errors).toEqual([]);
    expect(lines).toMatchObject([{ ourReference: '', channelReference: 'BANK1', amount: 1_000n }]);
  });

  test.each([
    [1_000, '10.00', { rows: 1_000, errors: 0, tied: true }],
    [1_001, '10.00', { rows: 1_001, errors: 1, tied: false }],
    [1_000, '10.01', { rows: 1_000, errors: 1 }],
  ])('of %d details over %s is given as it comes, and has to add up at its end', async (count, amount, expected) => {
    const details = Array.from({ length: count }, () => share('0.01')).join('');
    expect(await verdictOn(camt, message({ before, entries: [{ amount, details }] }), context)).toMatchObject(expected);
  });
});

describe('a camt.054', () => {
  test.each(['camt054.v2.xml', 'camt054.v4.xml'])(
    '%s whose details are not of its currency is one line',
    async (name) => {
      const booked = Buffer.from(sample(name).toString().replaceAll('SEK', 'EUR'));
      const { lines } = await readDocument(camt, booked, { context: of('CH2801234000123456789') });
      expect(lines).toMatchObject([{ kind: 'payout', ourReference: '', amount: 20_000_000n }]);
    },
  );

  test('in a currency that we do not book is a line error', async () => {
    const { errors } = await readDocument(camt, sample('camt054.v4.xml'), { context: of('CH2801234000123456789') });
    expect(errors).toMatchObject([{ lineNumber: 63, reason: 'currency SEK is none that we book' }]);
  });

  const unpaid = new URL('../../../../shared/statements/samples/camt/test-sepa-camt-unpaid.xml', import.meta.url);
  (existsSync(unpaid) ? test : test.skip)('of a direct debit that was returned takes the money back', async () => {
    const unpaidOf = of('NL77ABNA0574908765');
    const { lines } = await readDocument(camt, readFileSync(unpaid), { context: unpaidOf });
    expect(lines).toMatchObject([{ kind: 'debit', ourReference: 'E2EID1', amount: 10_000n }]);
    expect(await verdictOn(camt, readFileSync(unpaid), unpaidOf)).toMatchObject({ tied: true, rows: 1 });
  });
});

describe('as a file', () => {
  test('it is known by its namespace', () => {
    const known = (bytes: Buffer) => camt.recognise({ head: bytes, header: '', fileName: 'x.xml' });
    expect(known(message({}))).toBe(true);
    expect(known(message({ version: '054.001.04' }))).toBe(true);
    expect(known(Buffer.from(`\uFEFF${message({}).toString()}`))).toBe(true);
    expect(known(message({ version: '052.001.08' }))).toBe(false);
    expect(known(Buffer.from(':20:camt.053.001.08'))).toBe(false);
  });

  test('it may follow another one, as files of an archive do', async () => {
    const { lines, control } = await read(Buffer.concat([message({ entries: [{}] }), message({ entries: [{}] })]));
    expect(lines.map(({ lineNumber }) => lineNumber)).toEqual([4, 10]);
    expect(control).toBeDefined();
  });

  const named = (encoding: string) => `<?xml version="1.0" encoding="${encoding}"?>`;
  const text = detail({ endToEndId: 'Müller' });

  test.each([
    ['latin1', 'ISO-8859-1'],
    ['utf16le', 'UTF-16'],
    ['utf8', 'utf-8'],
  ] as const)('in %s is read as its prolog names it', async (encoding, name) => {
    const mark = encoding === 'utf16le' ? '\uFEFF' : '';
    const source = mark + message({ prolog: named(name), entries: [{ details: text }] }).toString();
    expect((await read(Buffer.from(source, encoding))).lines).toMatchObject([{ ourReference: 'Müller' }]);
  });

  test.each([
    ['an unknown encoding', Buffer.from(message({ prolog: named('X-KLINGON') })), 'wrong_encoding'],
    [
      'another encoding than its own',
      Buffer.from(message({ entries: [{ details: text }] }).toString(), 'latin1'),
      'wrong_encoding',
    ],
    ['zero bytes', Buffer.concat([message({}), Buffer.alloc(8)]), 'wrong_encoding'],
    ['a document type', message({ prolog: '<!DOCTYPE Document [<!ENTITY a "aaaa">]>' }), 'malformed_frame'],
    ['an entity of its own', message({ before: '<Id>&a;</Id>' }), 'malformed_frame'],
    ['elements without an end', Buffer.from('<a>'.repeat(2_000)), 'malformed_frame'],
    ['a deep element', message({ before: `<Id>${'<a>'.repeat(200)}` }), 'malformed_frame'],
    ['an endless text', message({ before: `<Id>${'a'.repeat(3_000_000)}` }), 'line_too_long'],
    ['an endless comment', message({ before: `<!--${'a'.repeat(3_000_000)}` }), 'line_too_long'],
    ['an endless attribute', message({ before: `<Id a="${'a'.repeat(3_000_000)}` }), 'line_too_long'],
    [
      'a large account',
      message({ before: `<Acct><Id><IBAN>${'a'.repeat(100_000)}</IBAN></Id></Acct>` }),
      'malformed_frame',
    ],
    ['another message', message({ version: '053.002.01' }), 'malformed_frame'],
    [
      'no statement',
      Buffer.from(
        message({})
          .toString()
          .replace(/<Stmt>[\s\S]*<\/Stmt>/, ''),
      ),
      'malformed_frame',
    ],
    ['an entry before its account', message({ account: '', entries: [{}] }), 'malformed_frame'],
    ['another root', Buffer.from('<Statement/>'), 'malformed_frame'],
  ])('with %s is turned away by name', async (_, bytes, reason) => {
    expect((await read(bytes)).rejection?.reason).toBe(reason);
  });

  test('whose entry is larger than one may be loses only that', async () => {
    const large = detail({ inside: `<AddtlTxInf>${'a'.repeat(100_000)}</AddtlTxInf>` });
    const { errors, lines } = await read(message({ entries: [{ details: large }, {}] }));
    expect(errors).toMatchObject([{ reason: 'is larger than an entry may be' }]);
    expect(lines).toHaveLength(1);
  });
});
