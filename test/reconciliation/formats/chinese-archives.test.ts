/** The archives in which Alipay and UnionPay deliver, from the packed bytes to the lines. */
import { existsSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { linesOf } from '../../../functions/reconciliation/byte-ranges.ts';
import { formatNamed } from '../../../functions/reconciliation/reading/catalogue.ts';
import { oneAfterAnother, openContainer, startOf } from '../../../functions/reconciliation/reading/container.ts';
import { decodeAs } from '../../../functions/reconciliation/reading/encoding.ts';
import { recogniseFiles } from '../../../functions/reconciliation/reading/recognition.ts';
import type { StatementContext } from '../../../functions/reconciliation/reading/statement-format.ts';
import { isRejection } from '../../../functions/reconciliation/rejection.ts';
import { allOf, sourceOfBytes } from '../reading/bytes.ts';
import { type ZipContent, zipOf } from '../reading/zip-file.ts';
import { context as anyContext } from '../staged-day.ts';
import { inGbk } from './gbk.ts';
import { sample } from './whole-file.ts';

const delivered = ['alipay-account', 'alipay-trade', 'unionpay', 'wechat-fundflow', 'wechat-tradebill'];
const context = { ...anyContext, date: '2026-11-22' as typeof anyContext.date }; // a real day

const readArchive = (contents: readonly ZipContent[]) => readPacked(zipOf(contents), context);

/** What became of an archive: its format, the files read and passed over, and the kinds of its lines in their order. */
async function readPacked(archive: Buffer, ofDay: StatementContext) {
  const container = await openContainer(sourceOfBytes(archive), 'statement.zip');
  if (isRejection(container)) return container;
  const files: (Parameters<typeof recogniseFiles>[0][number] & (typeof container.entries)[number])[] = [];
  for (const entry of container.entries) files.push({ ...entry, head: await startOf(entry, 65_536) });
  const formats = await Promise.all(delivered.map(formatNamed));
  const recognised = await recogniseFiles(files, { delivered: formats, known: delivered });
  if (isRejection(recognised)) return recognised;
  const { format, parts, passedOver } = recognised;
  if (format.reads !== 'lines') throw new Error(`${format.name} is none of ours`);
  const bytes = await allOf(oneAfterAnother(parts));
  const fileName = parts[0]?.fileName ?? '';
  const frame = format.readFrame({ head: bytes, tail: bytes, size: bytes.length }, { ...ofDay, fileName });
  if (isRejection(frame)) return frame;
  const text = decodeAs(format.encoding, bytes.subarray(frame.detailsStart, frame.detailsEnd)) ?? '';
  const read = [...linesOf(text, frame.firstLineNumber)].map((each) =>
    format.parseLine(frame, each.text, each.lineNumber),
  );
  const kinds = read.map((each) => ('line' in each ? each.line.kind : JSON.stringify(each)));
  return { format: format.name, read: parts.length, passedOver: passedOver.map(({ name }) => name), kinds };
}

const trades = {
  name: inGbk('20880000000000010156_20261122_业务明细.csv'),
  content: sample('alipay-trade-2026-11-22.csv'),
};
const summary = {
  name: inGbk('20880000000000010156_20261122_业务明细(汇总).csv'),
  content: inGbk('#支付宝业务汇总查询\n#账号：[20880000000000010156]\n门店编号,门店名称\n合计,\n'),
};
const account = {
  name: inGbk('20880000000000010156_20261122_账务明细.csv'),
  content: sample('alipay-account-2026-11-22.csv'),
};

test.each([
  ['first', [summary, trades]],
  ['last', [trades, summary]],
])("Alipay's trade bill is read, and its summary passed over where it comes %s", async (_, contents) => {
  expect(await readArchive(contents)).toEqual({
    format: 'alipay-trade',
    read: 1,
    passedOver: ['20880000000000010156_20261122_业务明细(汇总).csv'],
    kinds: ['collection', 'collection', 'refund', 'refund', 'refund'],
  });
});

test("Alipay's two bills in one archive, or one with the other's summary, are turned away", async () => {
  expect(await readArchive([trades, account])).toMatchObject({ reason: 'ambiguous_format' });
  expect(await readArchive([account, summary])).toMatchObject({ reason: 'unrecognised_format' });
});

const member = (kind: string, content: Buffer) => ({ name: `INN26112288${kind}_777290058110097`, content });
const zm = member('ZM', sample('INN26112288ZM_777290058110097'));
const zme = member('ZME', sample('INN26112288ZME_777290058110097'));

test("UnionPay's trades and disputes are read as one file, whether the first ends its last line or not", async () => {
  const both = await readArchive([zm, zme]);
  expect(both).toMatchObject({ format: 'unionpay', read: 2, passedOver: [] });
  expect(both).toHaveProperty('kinds.length', 14);
  expect(await readArchive([zm, member('ZME', zme.content.subarray(0, -1))])).toEqual(both);
});

test('UnionPay may send an empty file of disputes', async () => {
  const passedOver = ['INN26112288ZME_777290058110097'];
  expect(await readArchive([zm, member('ZME', Buffer.alloc(0))])).toMatchObject({ read: 1, passedOver });
});

test('a member of a kind that is in no published list is not read, and turns the archive away', async () => {
  expect(await readArchive([zm, member('ZF', zm.content)])).toMatchObject({ reason: 'unrecognised_format' });
});

const real = new URL(
  '../../../../shared/statements/samples/alipay/20880211096256330156_20190916.csv.zip',
  import.meta.url,
);

(existsSync(real) ? test : test.skip)('a real archive, whose name is GBK bytes, is read', async () => {
  const ofDay = { ...context, date: '2019-09-16' as typeof context.date }; // a real day
  const read = await readPacked(readFileSync(real), ofDay);
  expect(read).toMatchObject({ format: 'alipay-trade', read: 1, passedOver: [] });
  expect(read).toHaveProperty('kinds.length', 10);
});
