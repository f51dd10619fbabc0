import { expect, test } from '@jest/globals';
import { format as adyenSettlement } from '../../../functions/reconciliation/formats/adyen-settlement.ts';
import { format as paypalStl } from '../../../functions/reconciliation/formats/paypal-stl.ts';
import { format as stripeItemised } from '../../../functions/reconciliation/formats/stripe-itemised.ts';
import { flattenDocument, lineReader } from '../../../functions/reconciliation/reading/flattened.ts';
import { chunksOf, context } from '../staged-day.ts';
import { readDocument, sample } from './read-document.ts';

test.each([
  { format: stripeItemised, name: 'stripe/balance-change.csv' },
  { format: adyenSettlement, name: 'adyen/settlement_detail_report_batch_41.csv' },
  { format: paypalStl, name: 'paypal/STL-20260301.01.009.CSV' },
  { format: paypalStl, name: 'paypal/TRR-20260301.01.008.CSV' },
])('the records of $name are the same once they are laid out one a line', async ({ format, name }) => {
  const file = Buffer.concat([sample(name), Buffer.from('"a stray"quote\n')]);
  const written = flattenDocument(format.read(chunksOf(file, 100), context));
  let text = '';
  let end = await written.next();
  for (; !end.done; end = await written.next()) text += end.value.toString();
  const { reads, control } = await readDocument(format, file);
  const { parseLine } = lineReader(format);
  const lines = text.trimEnd().split('\n');
  expect(lines.map((line, index) => parseLine({ columns: [] }, line, index + 1))).toEqual(reads);
  expect(end.value).toEqual(control);
});
