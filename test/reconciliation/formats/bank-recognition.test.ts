/** Each bank's file is in one format of all that there are, whatever its letters are written in. */
import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from '@jest/globals';
import { formatNamed } from '../../../functions/reconciliation/reading/catalogue.ts';
import { recogniseFiles } from '../../../functions/reconciliation/reading/recognition.ts';

const known = readdirSync(new URL('../../../functions/reconciliation/formats/', import.meta.url)).map((name) =>
  name.replace('.ts', ''),
);
const folder = (name: string) => new URL(`samples/${name}/`, import.meta.url);
const samples = ['camt', 'mt940', 'bai2'].flatMap((format) =>
  readdirSync(folder(format))
    .filter((name) => name !== 'SOURCES.md')
    .map((name) => [format, name, readFileSync(new URL(name, folder(format)))] as const),
);
const recognised = async (name: string, head: Buffer) =>
  recogniseFiles([{ name, fileName: name, head }], { delivered: await Promise.all(known.map(formatNamed)), known });

test.each(samples)('%s is what %s is in', async (format, name, bytes) => {
  expect(await recognised(name, bytes)).toMatchObject({ format: { name: format } });
});

test.each([
  [
    'camt',
    '<?xml version="1.0" encoding="ISO-8859-1"?><Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.02"><Nm>Müller &amp; Söhne, José Ñ é</Nm>',
  ],
  ['mt940', ':20:S\r\n:25:1/2\r\n:60F:C261122EUR1,\r\n:61:261123C1,NTRFX\r\n:86:Müller é \r\n'],
])('%s in Latin-1 is recognised', async (format, text) => {
  expect(await recognised('x', Buffer.from(text, 'latin1'))).toMatchObject({ format: { name: format } });
});
