import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  getBusinessDatesRoute,
  getGeneralLedgerRoute,
  getJournalRoute,
  getTrialBalanceRoute,
} from '../../../functions/ledger/reports/report-routes.ts';
import type { CenterApi } from '../../constructs/center-api.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of business days and their reports, each with the least that its function may do. */
export function addReportRoutes(api: CenterApi, { ledgerTable, booksBucket }: DataStack): void {
  const environment = { LEDGER_TABLE: ledgerTable.tableName };
  const trialBalance = api.serve('GetTrialBalance', getTrialBalanceRoute, {
    entry: 'ledger/handlers/get-trial-balance.ts',
    whenItFails: 'Finance gets no trial balance',
    // of an open day every entry is looked at
    timeout: Duration.seconds(29),
    memoryMegabytes: 1024,
    environment,
  });
  ledgerTable.grant(trialBalance, 'dynamodb:GetItem', 'dynamodb:Query');

  const businessDates = api.serve('GetBusinessDates', getBusinessDatesRoute, {
    entry: 'ledger/handlers/get-business-dates.ts',
    whenItFails: 'Nobody sees which business day is open and which are closed',
    environment,
  });
  ledgerTable.grant(businessDates, 'dynamodb:GetItem', 'dynamodb:Query');

  const withBooks = { ...environment, BOOKS_BUCKET: booksBucket.bucketName };
  const generalLedger = api.serve('GetGeneralLedger', getGeneralLedgerRoute, {
    entry: 'ledger/handlers/get-general-ledger.ts',
    whenItFails: 'Finance cannot fetch the general ledger of closed days',
    environment: withBooks,
  });
  const journal = api.serve('GetJournal', getJournalRoute, {
    entry: 'ledger/handlers/get-journal.ts',
    whenItFails: 'Finance cannot fetch the journal of closed days',
    environment: withBooks,
  });
  for (const [reader, folder] of [[generalLedger, 'general-ledger'] as const, [journal, 'journal'] as const]) {
    ledgerTable.grant(reader, 'dynamodb:GetItem');
    // whoever has the link may do what the function that signed it may
    const resources = [booksBucket.arnForObjects(`${folder}/*`)];
    reader.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  }
}
