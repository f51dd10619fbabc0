import { readFileSync } from 'node:fs';
import { describe, expect, test } from '@jest/globals';
import { errorsOf, flawsOf } from './surroundings.ts';

const exampleOf = (id: string): Record<string, unknown> =>
  JSON.parse(readFileSync(new URL(`../../../docs/statement-profiles/${id}.json`, import.meta.url), 'utf8'));

const wrong = (changes: Record<string, unknown>) => errorsOf('statement-profiles', changes);
const fields = {
  ourReference: { columns: ['a'] },
  amount: { columns: ['b'] },
  time: { columns: ['c'], format: 'yyyyMMdd' },
};
const fixedWidth = {
  layout: {
    type: 'fixed-width',
    lineBytes: 20,
    columns: ['a', 'b', 'c'].map((name, index) => ({ name, from: index * 5 + 1, bytes: 5 })),
  },
  recognise: { fileName: '*.txt' },
  fields,
};
const delimited = { type: 'delimited', delimiter: ',', quoted: true, header: 'first-line' };

describe('a statement profile', () => {
  test.each(['city-bank', 'clearing-house'])('is good as the example %s has it', (id) => {
    expect(wrong(exampleOf(id))).toEqual([]);
  });

  test.each<[string, Record<string, unknown>]>([
    ['fields.amount: Invalid input: expected object, received undefined', { fields: { ...fields, amount: undefined } }],
    ['fields: needs ourReference or channelReference', { fields: { ...fields, ourReference: undefined } }],
    ['fields.amount: needs either columns, or debit and credit', { fields: { ...fields, amount: {} } }],
    [
      'fields.amount: needs both debit and credit, or neither',
      { fields: { ...fields, amount: { columns: ['b'], debit: 'd' } } },
    ],
    ['fields.ourReference: needs either columns or a constant', { fields: { ...fields, ourReference: {} } }],
    ['fields.time.format: needs MM and dd', { fields: { ...fields, time: { columns: ['c'], format: 'yyyyHHmm' } } }],
    ['fields.time.format: has MM twice', { fields: { ...fields, time: { columns: ['c'], format: 'yyyyMMMMdd' } } }],
    [
      'fields.time.offset: must be Z or an offset such as +08:00',
      { fields: { ...fields, time: { ...fields.time, offset: 'CST' } } },
    ],
    [
      'fields.time.columns.0: there is no column x in the layout',
      { ...fixedWidth, fields: { ...fields, time: { ...fields.time, columns: ['x'] } } },
    ],
    [
      'layout.columns.3: names a twice',
      {
        ...fixedWidth,
        layout: { ...fixedWidth.layout, columns: [...fixedWidth.layout.columns, { name: 'a', from: 16, bytes: 2 }] },
      },
    ],
    [
      'layout.columns.3: lies beyond lineBytes',
      {
        ...fixedWidth,
        layout: { ...fixedWidth.layout, columns: [...fixedWidth.layout.columns, { name: 'd', from: 16, bytes: 9 }] },
      },
    ],
    [
      'layout.columns: are needed where there is no header, and only there',
      { layout: { ...delimited, header: 'none' }, recognise: { fileName: '*' } },
    ],
    [
      'layout.recordsSpanLines: only quoted fields hold line ends',
      { layout: { ...delimited, quoted: false, recordsSpanLines: true } },
    ],
    ['layout.delimiter: must not be a quote or a line end', { layout: { ...delimited, delimiter: '"' } }],
    ['recognise: names no sign', { recognise: {} }],
    ['numbers.thousands: must not be the decimal mark', { numbers: { unit: 'major', thousands: '.' } }],
    ['kinds: Too small: expected array to have >=1 items', { kinds: [] }],
    [
      'kinds.0.when.0: needs one of equals, startsWith, contains and empty',
      { kinds: [{ kind: 'refund', when: [{ column: 'a' }] }] },
    ],
    ['covers.0: no rule of kinds gives payout', { covers: ['payout'] }],
    [
      'controlRows.0.figures.0: needs either counts or sums',
      { controlRows: [{ at: 'end', figures: [{ name: 'x', field: 1 }] }] },
    ],
    [
      'controlRows.0.figures.0: needs one of field, bytes and extract',
      { controlRows: [{ at: 'end', figures: [{ name: 'x', counts: true }] }] },
    ],
    [
      'controlRows.0.figures.0.bytes: a delimited row has fields, not bytes',
      { controlRows: [{ at: 'end', figures: [{ name: 'x', bytes: { from: 1, bytes: 2 }, counts: true }] }] },
    ],
    [
      'controlRows.1.prefix: is needed to tell the row from others',
      {
        controlRows: [
          { at: 'end', figures: [] },
          { at: 'end', figures: [] },
        ],
      },
    ],
    [
      'ignore.0.rule: must be a lower-case word with underscores',
      { ignore: [{ rule: 'Nothing Here', when: [{ column: 'a', empty: true }] }] },
    ],
    [
      'currencies: has more than 50 names',
      { currencies: Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`${index}`, 'CNY'])) },
    ],
    [': Unrecognized key: "patterns"', { patterns: ['(a+)+'] }],
  ])('is wrong where it is: %s', (error, changes) => {
    expect(wrong(changes)).toContain(error);
  });
});

describe('the formats of a channel', () => {
  test('are those that there are, and profiles that operators wrote', async () => {
    const flaws = (statementFormats: readonly string[]) => flawsOf('channels', { statementFormats });
    expect(await flaws(['sandbox-csv', 'profile:city-bank'])).toEqual([]);
    expect(await flaws(['sandbox-csv', 'sandbox-cvs'])).toEqual([
      'statementFormats.1: there is no statement format sandbox-cvs',
    ]);
    expect(await flaws(['profile:town-bank'])).toEqual(['statementFormats.0: there is no statement profile town-bank']);
    expect(await flaws(['sandbox-csv', 'sandbox-csv'])).toEqual(['statementFormats.1: names sandbox-csv twice']);
    expect(errorsOf('channels', { statementFormats: ['../etc'] })).toEqual([
      'statementFormats.0: is no name of a format',
    ]);
  });
});
