/** The CDK app: reads the stage and composes the stacks by lifetime. */
import { App, Tags } from 'aws-cdk-lib';
import { AdminStack } from '../lib/stacks/admin-stack.ts';
import { ApiStack } from '../lib/stacks/api-stack.ts';
import { AuditStack } from '../lib/stacks/audit-stack.ts';
import { CasesStack } from '../lib/stacks/cases-stack.ts';
import { ClosingStack } from '../lib/stacks/closing-stack.ts';
import { DataStack } from '../lib/stacks/data-stack.ts';
import { OperationsStack } from '../lib/stacks/operations-stack.ts';
import { PartiesStack } from '../lib/stacks/parties-stack.ts';
import { PaymentsStack } from '../lib/stacks/payments-stack.ts';
import { ReconciliationStack } from '../lib/stacks/reconciliation-stack.ts';
import { ReportsStack } from '../lib/stacks/reports-stack.ts';
import { RoutingStack } from '../lib/stacks/routing-stack.ts';
import { SandboxStack } from '../lib/stacks/sandbox-stack.ts';
import { WebhooksStack } from '../lib/stacks/webhooks-stack.ts';
import { stageNamed, synthesizerFor } from '../lib/stages.ts';

const emulatorOrigin = process.env['AWS_ENDPOINT_URL'];
const app = new App({ defaultStackSynthesizer: synthesizerFor(emulatorOrigin) });
const stageName: unknown = app.node.tryGetContext('stage') ?? 'local';
if (typeof stageName !== 'string' || !/^[a-z][a-z0-9-]{1,19}$/.test(stageName)) {
  throw new Error('the context value `stage` must be 2 to 20 lower-case letters, digits and hyphens');
}
const stage = stageNamed(stageName, emulatorOrigin);
const name = (stack: string) => `FundCenter-${stage.name}-${stack}`;

const data = new DataStack(app, name('Data'), { stage });
const sandbox = stage.sandboxChannel ? new SandboxStack(app, name('Sandbox'), { stage, data }) : undefined;
const reconciliation = new ReconciliationStack(app, name('Reconciliation'), {
  stage,
  data,
  ...(sandbox && { sandbox }),
});
new ClosingStack(app, name('Closing'), { stage, data });
new AuditStack(app, name('Audit'), { stage, data });
const api = new ApiStack(app, name('Api'), { stage, data, ...(sandbox && { sandbox }) });
new PaymentsStack(app, name('Payments'), {
  center: api.center,
  files: api.files,
  looks: api.looks,
  data,
  ...(sandbox && { sandbox }),
});
new ReportsStack(app, name('Reports'), { center: api.center, files: api.files, data });
new PartiesStack(app, name('Parties'), { stage, center: api.center, data, ...(sandbox && { sandbox }) });
new WebhooksStack(app, name('Webhooks'), { stage, data, center: api.center });
new RoutingStack(app, name('Routing'), { stage, data, center: api.center, ...(sandbox && { sandbox }) });
new OperationsStack(app, name('Operations'), {
  stage,
  center: api.center,
  data,
  stateMachine: reconciliation.stateMachine,
  ...(sandbox && { sandbox }),
});
new CasesStack(app, name('Cases'), {
  stage,
  center: api.center,
  files: api.files,
  data,
  stateMachine: reconciliation.stateMachine,
});
new AdminStack(app, name('Admin'), { center: api.center, data, ...(sandbox && { sandbox }) });

Tags.of(app).add('application', 'fund-center');
Tags.of(app).add('stage', stage.name);
