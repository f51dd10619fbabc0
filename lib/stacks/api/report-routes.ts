import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  getBusinessDatesRoute,
  getGeneralLedgerRoute,
  getJournalRoute,
  getTrialBalanceRoute,
} from '../../../functions/ledger/report-routes.ts';
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

  for (const [id, route, entry, prefix] of [
    ['GetGeneralLedger', getGeneralLedgerRoute, 'ledger/handlers/get-general-ledger.ts', 'general-ledger'],
    ['GetJournal', getJournalRoute, 'ledger/handlers/get-journal.ts', 'journal'],
  ] as const) {
    const link = api.serve(id, route, {
      entry,
      whenItFails: `Finance cannot fetch the ${prefix.replace('-', ' ')} of closed days`,
      environment: { ...environment, BOOKS_BUCKET: booksBucket.bucketName },
    });
    ledgerTable.grant(link, 'dynamodb:GetItem');
    // whoever has the link may do what the function that signed it may
    link.addToRolePolicy(
      new PolicyStatement({ actions: ['s3:GetObject'], resources: [booksBucket.arnForObjects(`${prefix}/*`)] }),
    );
  }
}
