/**
 * Stripe's itemised report of payouts alone: a file of what was settled to our bank and of what came back. Its columns are those of
 * the other itemised reports, with the payout and its effective date in place of source and time.
 */
import { firstCsvRecord } from '../reading/csv-records.ts';
import type { DocumentFormat } from '../reading/statement-format.ts';
import { isItemised, readItemised } from './stripe-itemised.ts';

export const format: DocumentFormat = {
  name: 'stripe-payouts',
  reads: 'document',
  covers: ['settlement', 'settlement_return'],
  recognise: (start) => isItemised(start) && firstCsvRecord(start.head).includes('payout_id'),
  read: readItemised,
};
