/** What holds for every bank's document: however it arrives, wherever it is damaged, each record is accounted for. */
import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { format as bai2 } from '../../../functions/reconciliation/formats/bai2.ts';
import { format as camt } from '../../../functions/reconciliation/formats/camt.ts';
import { format as mt940 } from '../../../functions/reconciliation/formats/mt940.ts';
import type { StatementContext } from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { context as dayContext } from '../staged-day.ts';
import { readDocument, verdictOn } from './bank-document.ts';

const sample = (name: string): Buffer => readFileSync(new URL(`samples/${name}`, import.meta.url));

const camtEntry = (number: number): string =>
  `<Ntry><Amt Ccy="EUR">0.0${number % 10}</Amt><CdtDbtInd>CRDT</CdtDbtInd><Sts>BOOK</Sts><BookgDt><Dt>2026-11-23</Dt></BookgDt>
<NtryDtls><TxDtls><Refs><EndToEndId>订单-${number}</EndToEndId></Refs><RmtInf><Ustrd>Für &amp; über ${number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\r\n`;
const entries = Array.from({ length: 120 }, (_, index) => camtEntry(index));
const cents = entries.reduce((sum, _, index) => sum + (index % 10), 0);
const largeCamt = `<?xml version="1.0" encoding="UTF-8"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.04"><BkToCstmrStmt>
<Stmt><Id>S</Id><Acct><Id><IBAN>A1</IBAN></Id></Acct><Bal><Tp><CdOrPrtry><Cd>OPBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">0</Amt>
<CdtDbtInd>CRDT</CdtDbtInd></Bal><Bal><Tp><CdOrPrtry><Cd>CLBD</Cd></CdOrPrtry></Tp><Amt Ccy="EUR">${(cents / 100).toFixed(2)}</Amt>
<CdtDbtInd>CRDT</CdtDbtInd></Bal>${entries.join('')}</Stmt></BkToCstmrStmt></Document>`;

const ownMt940 = `:20:S1\r\n:25:7005/A1\r\n:28C:1/1\r\n:60F:C261122EUR100,00\r\n:61:2611231123C10,01NTRFNONREF//B1
:86:166?00GUTSCHRIFT?20EREF+ORDER1?21SVWZ+Für über\r\n:61:2611231123D1,02NRTIO2//B2\r\n:62F:C261123EUR108,99\r\n-\r\n`;

const documents = [
  {
    format: camt,
    account: 'NL26VAYB8060476890',
    seed: sample('camt/camt053.v2.multi.statement.xml'),
    ends: '</Document>',
  },
  { format: camt, account: 'A1', seed: Buffer.from(largeCamt), ends: '</Document>' },
  { format: mt940, account: 'A1', seed: Buffer.from(ownMt940), ends: 'EUR108,99' },
  { format: mt940, account: '0194791600888', seed: sample('mt940/betterplace-sepa_snippet.sta'), ends: '' },
  { format: mt940, account: '1234567', seed: sample('mt940/cmxl-mt940.sta'), ends: '' },
  { format: bai2, account: '88888888600004', seed: sample('bai2/nwb_example.bai2'), ends: '/' },
  { format: bai2, account: '77777777', seed: sample('bai2/citi_example.bai2'), ends: '/' },
  { format: bai2, account: '104108339', seed: sample('bai2/sample4-continuations-newline-delimited.txt'), ends: '' },
] as const;

const contextOf = (merchantNo: string): StatementContext => ({ ...dayContext, merchantNo, timeZone: 'Europe/Berlin' });

const words = [
  '\n',
  '\r\n',
  ',',
  '/',
  '-',
  ':61:',
  ':62F:',
  ':20:',
  '88,',
  '16,',
  '49,',
  '<Ntry>',
  '</Ntry>',
  '<',
  '&',
  '0',
  '?20',
];
const anyMutation = fc.record({
  at: fc.nat(),
  remove: fc.nat(40),
  insert: fc.oneof(
    fc.uint8Array({ maxLength: 12 }).map((bytes) => Buffer.from(bytes)),
    fc.constantFrom(...words, '\uFEFF', '99999999999999999999', ']]>').map((text) => Buffer.from(text)),
  ),
});
const mutated = (bytes: Buffer, mutations: readonly { at: number; remove: number; insert: Buffer }[]): Buffer =>
  mutations.reduce((file, { at, remove, insert }) => {
    const place = file.length === 0 ? 0 : at % file.length;
    return Buffer.concat([file.subarray(0, place), insert, file.subarray(place + remove)]);
  }, bytes);

const numRuns = (seed: Buffer): number => (seed.length > 10_000 ? 10 : 60);

describe.each(documents.map((each, index) => ({ ...each, name: `${each.format.name} ${index + 1}` })))(
  '$name',
  ({ format, account, seed, ends }) => {
    const context = contextOf(account);

    test('reads the same in whatever pieces it comes, whole or damaged', async () => {
      const anyPieces = fc.record({
        mutations: fc.array(anyMutation, { maxLength: 3 }),
        chunkBytes: fc.integer({ min: 1, max: 700 }),
      });
      await fc.assert(
        fc.asyncProperty(anyPieces, async ({ mutations, chunkBytes }) => {
          const bytes = mutated(seed, mutations);
          const whole = await readDocument(format, bytes, { context });
          const pieces = await readDocument(format, bytes, { context, chunkBytes });
          expect(pieces.parts).toEqual(whole.parts);
        }),
        { numRuns: numRuns(seed) },
      );
    });

    test('is refused by name where it is damaged, or all its records are lines, ignored or errors', async () => {
      await fc.assert(
        fc.asyncProperty(fc.array(anyMutation, { minLength: 1, maxLength: 4 }), async (mutations) => {
          const verdict = await verdictOn(format, mutated(seed, mutations), context);
          if (isRejection(verdict)) return;
          const ignored = Object.values(verdict.ignored).reduce((sum, count) => sum + count, 0);
          expect(verdict.rows + verdict.errors + ignored).toBe(verdict.written);
          expect(verdict.longest).toBeLessThan(64 * 1024);
        }),
        { numRuns: numRuns(seed) },
      );
    });

    (ends === '' ? test.skip : test)('is never taken for whole where it is cut off', async () => {
      const end = seed.toString('latin1').lastIndexOf(Buffer.from(ends).toString('latin1')) + ends.length;
      expect(await verdictOn(format, seed.subarray(0, end), context)).toMatchObject({ errors: 0, tied: true });
      const step = seed.length > 10_000 ? 1_999 : 13;
      for (let cut = 1; cut < end; cut += step) {
        const verdict = await verdictOn(format, seed.subarray(0, cut), context);
        if (!isRejection(verdict) && verdict.errors === 0) throw new Error(`cut at ${cut} it is taken for whole`);
      }
      const last = await verdictOn(format, seed.subarray(0, end - 1), context);
      expect(last).toHaveProperty('reason');
    });
  },
);
