/** Records of a document by their numbers in it: reports and arrivals tell of a line by its number alone. */
import { expect, test } from '@jest/globals';
import { readInTurn } from '../../../functions/reconciliation/reading/flattened.ts';
import type { DocumentFormat, DocumentPart } from '../../../functions/reconciliation/reading/statement-format.ts';
import { context } from '../staged-day.ts';

const ignoredAt = (lineNumber: number): DocumentPart => ({ lineNumber, ignored: 'title', sums: {} });

const formatOf = (lineNumbers: readonly number[]): DocumentFormat => ({
  name: 'any',
  reads: 'document',
  covers: [],
  recognise: () => true,
  read: async function* () {
    for (const lineNumber of lineNumbers) yield ignoredAt(lineNumber);
    yield { control: { sums: {} } };
  },
});

async function numbersOf(lineNumbers: readonly number[], files = 1): Promise<number[]> {
  const file = { fileName: 'x', stream: async function* () {} };
  const numbers: number[] = [];
  for await (const part of readInTurn(
    formatOf(lineNumbers),
    Array.from({ length: files }, () => file),
    context,
  )) {
    if ('ignored' in part) numbers.push(part.lineNumber);
  }
  return numbers;
}

test('are those of the lines on which they begin', async () => {
  expect(await numbersOf([3, 7, 8])).toEqual([3, 7, 8]);
});

test('are told apart where several stand on one line, as in XML without line ends', async () => {
  expect(await numbersOf([1, 1, 1, 2, 9])).toEqual([1, 2, 3, 4, 9]);
});

test('go on from file to file of an archive', async () => {
  expect(await numbersOf([1, 1, 5], 2)).toEqual([1, 2, 5, 6, 7, 10]);
});
