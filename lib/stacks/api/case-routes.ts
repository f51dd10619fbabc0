import { Duration } from 'aws-cdk-lib';
import { PolicyStatement } from 'aws-cdk-lib/aws-iam';
import {
  addAttachmentRoute,
  addCommentRoute,
  getAttachmentRoute,
  getCaseRoute,
  getProofRoute,
  getSuspenseRoute,
  listCasesRoute,
  proposeResolutionRoute,
  proposeResolutionsRoute,
  reopenCaseRoute,
  rerunReconciliationRoute,
} from '../../../functions/reconciliation/cases/case-routes.ts';
import type { RouteAdder } from '../../constructs/center-api.ts';
import type { HandedFiles } from '../../constructs/handed-files.ts';
import type { DataStack } from '../data-stack.ts';

/** The routes of cases, each with the least that its function may do. */
export function addCaseRoutes(
  api: RouteAdder,
  data: DataStack,
  { stateMachineArn, files }: { readonly stateMachineArn: string; readonly files: HandedFiles },
): void {
  addCaseReaders(api, data);
  addProof(api, data, files);
  addProposals(api, data);
  addNotes(api, data);
  addRerun(api, data, stateMachineArn);
}

function addCaseReaders(api: RouteAdder, data: DataStack): void {
  const { reconciliationTable, ledgerTable, statementBucket } = data;
  const environment = { RECONCILIATION_TABLE: reconciliationTable.tableName };
  const list = api.serve('ListCases', listCasesRoute, {
    entry: 'reconciliation/handlers/list-cases.ts',
    whenItFails: 'Nobody sees which differences are open, and which are overdue',
    environment,
  });
  reconciliationTable.grant(list, 'dynamodb:Query');

  const get = api.serve('GetCase', getCaseRoute, {
    entry: 'reconciliation/handlers/get-case.ts',
    whenItFails: 'Nobody sees what became of a difference',
    environment: { ...environment, STATEMENT_BUCKET: statementBucket.bucketName },
  });
  reconciliationTable.grant(get, 'dynamodb:GetItem', 'dynamodb:Query');
  // whether the bytes of its papers have come
  const resources = [statementBucket.arnForObjects('attachments/*')];
  get.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));

  const suspense = api.serve('GetSuspense', getSuspenseRoute, {
    entry: 'reconciliation/handlers/get-suspense.ts',
    whenItFails: 'Finance does not see what is held in suspense',
    environment: { ...environment, LEDGER_TABLE: ledgerTable.tableName },
  });
  reconciliationTable.grant(suspense, 'dynamodb:Query');
  ledgerTable.grant(suspense, 'dynamodb:GetItem', 'dynamodb:Query');
}

function addProof(api: RouteAdder, { reconciliationTable, statementBucket }: DataStack, files: HandedFiles): void {
  const proof = api.serve('ServeProof', getProofRoute, {
    entry: 'reconciliation/handlers/get-proof.ts',
    whenItFails: 'Nobody gets the proof of a settled day',
    timeout: Duration.seconds(29),
    environment: { RECONCILIATION_TABLE: reconciliationTable.tableName },
  });
  reconciliationTable.grant(proof, 'dynamodb:GetItem');
  // whoever has the link may do what the function that signed it may
  const resources = [statementBucket.arnForObjects('reports/*')];
  proof.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject', 's3:GetObjectVersion'], resources }));
  files.letHandOver(proof, 'reports');
}

function addProposals(api: RouteAdder, data: DataStack): void {
  const { reconciliationTable, accessTable, ledgerTable, paymentsTable, channelsTable } = data;
  const environment = {
    RECONCILIATION_TABLE: reconciliationTable.tableName,
    ACCESS_TABLE: accessTable.tableName,
    LEDGER_TABLE: ledgerTable.tableName,
    PAYMENTS_TABLE: paymentsTable.tableName,
    CHANNELS_TABLE: channelsTable.tableName,
  };
  const propose = api.serve('ProposeResolution', proposeResolutionRoute, {
    entry: 'reconciliation/handlers/propose-resolution.ts',
    whenItFails: 'Operators cannot say what is to be done about a difference',
    environment,
  });
  const proposeMany = api.serve('ProposeResolutions', proposeResolutionsRoute, {
    entry: 'reconciliation/handlers/propose-resolutions.ts',
    whenItFails: 'Operators have to propose the resolution of each difference one by one',
    environment,
  });
  for (const handler of [propose, proposeMany]) {
    // the proposal is checked against what it names; a write-off account is opened when it is first needed
    ledgerTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    paymentsTable.grant(handler, 'dynamodb:GetItem');
  }
  const reopen = api.serve('ReopenCase', reopenCaseRoute, {
    entry: 'reconciliation/handlers/reopen-case.ts',
    whenItFails: 'Operators cannot have a resolution taken back',
    environment,
  });
  for (const handler of [propose, proposeMany, reopen]) {
    reconciliationTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
    accessTable.grant(handler, 'dynamodb:PutItem');
  }
}

function addNotes(api: RouteAdder, { reconciliationTable, statementBucket }: DataStack): void {
  const environment = { RECONCILIATION_TABLE: reconciliationTable.tableName };
  const withBucket = { ...environment, STATEMENT_BUCKET: statementBucket.bucketName };
  const resources = [statementBucket.arnForObjects('attachments/*')];
  const comment = api.serve('AddComment', addCommentRoute, {
    entry: 'reconciliation/handlers/add-comment.ts',
    whenItFails: 'Nobody can comment on a difference',
    environment,
  });
  const attach = api.serve('AddAttachment', addAttachmentRoute, {
    entry: 'reconciliation/handlers/add-attachment.ts',
    whenItFails: 'Nobody can add a paper to a difference',
    environment: withBucket,
  });
  // whoever has the link may do what the function that signed it may
  attach.addToRolePolicy(new PolicyStatement({ actions: ['s3:PutObject'], resources }));
  for (const handler of [comment, attach]) {
    reconciliationTable.grant(handler, 'dynamodb:GetItem', 'dynamodb:Query', 'dynamodb:PutItem');
  }
  const fetch = api.serve('GetAttachment', getAttachmentRoute, {
    entry: 'reconciliation/handlers/get-attachment.ts',
    whenItFails: 'Nobody can read the papers of a difference',
    environment: withBucket,
  });
  fetch.addToRolePolicy(new PolicyStatement({ actions: ['s3:GetObject'], resources }));
  reconciliationTable.grant(fetch, 'dynamodb:GetItem', 'dynamodb:Query');
}

function addRerun(api: RouteAdder, { reconciliationTable }: DataStack, stateMachineArn: string): void {
  const rerun = api.serve('RerunReconciliation', rerunReconciliationRoute, {
    entry: 'reconciliation/handlers/rerun-reconciliation.ts',
    whenItFails: 'Operators cannot have a statement worked on again',
    environment: { RECONCILIATION_TABLE: reconciliationTable.tableName, STATE_MACHINE_ARN: stateMachineArn },
  });
  reconciliationTable.grant(rerun, 'dynamodb:GetItem', 'dynamodb:PutItem', 'dynamodb:UpdateItem');
  rerun.addToRolePolicy(new PolicyStatement({ actions: ['states:StartExecution'], resources: [stateMachineArn] }));
}
