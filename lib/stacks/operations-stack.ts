import { Duration, Stack, type StackProps } from 'aws-cdk-lib';
import type { StateMachine } from 'aws-cdk-lib/aws-stepfunctions';
import type { Construct } from 'constructs';
import type { CenterApi } from '../constructs/center-api.ts';
import { ExpectedStatementSweep } from '../constructs/expected-statement-sweep.ts';
import { grantReceiving, type StatementReceptionProps } from '../constructs/statement-reception.ts';
import { WorkQueue } from '../constructs/work-queue.ts';
import type { Stage } from '../stages.ts';
import { addCalendarRoutes } from './api/calendar-routes.ts';
import { addOperationsRoutes } from './api/operations-routes.ts';
import { addUploadRoutes } from './api/upload-routes.ts';
import type { DataStack } from './data-stack.ts';
import type { SandboxStack } from './sandbox-stack.ts';

export interface OperationsStackProps extends StackProps {
  readonly stage: Stage;
  readonly center: CenterApi;
  readonly data: DataStack;
  /** the one that reconciles statements */
  readonly stateMachine: StateMachine;
  /** absent where the sandbox channel is not deployed */
  readonly sandbox?: SandboxStack;
}

/** What people do around reconciliations: expect files and bring them, start, stop and watch them. */
export class OperationsStack extends Stack {
  constructor(scope: Construct, id: string, props: OperationsStackProps) {
    const { stage, center, data, stateMachine, sandbox, ...stackProps } = props;
    super(scope, id, stackProps);
    const starts = this.startRequests(stage, { data, stateMachine, sandbox });
    addOperationsRoutes(center.from(this), { data, stateMachine, starts });
    addUploadRoutes(center.from(this), data, sandbox);
    addCalendarRoutes(center.from(this), data, sandbox);
    new ExpectedStatementSweep(this, 'Sweep', { stage, data, sandbox });
  }

  /** A file is read once for its hash before it is started, which takes longer than an answer may. */
  private startRequests(stage: Stage, props: StatementReceptionProps): WorkQueue {
    const starts = new WorkQueue(this, 'StartRequests', {
      stage,
      entry: 'reconciliation/handlers/start-statement.ts',
      purpose: 'Registers files that an operator wants started, and starts their reconciliation',
      whenItFails: 'Statements that operators start are not reconciled',
      urlVariable: 'START_REQUEST_QUEUE_URL',
      // 2 GiB are read once for their hash
      timeout: Duration.minutes(5),
      memoryMegabytes: 1024,
      batchSize: 1,
    });
    grantReceiving(starts.worker, props);
    return starts;
  }
}
