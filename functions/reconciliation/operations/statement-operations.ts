/** What operators' work on statements needs, handed in. Each use case takes only its own part. */
import type { Reconciliation } from '../reconciliation.ts';
import type { Executions } from './executions.ts';
import type { StartRequests } from './start-request.ts';
import type { StatementBucket } from './statement-bucket.ts';

export interface StatementOperations extends Pick<Reconciliation, 'table' | 'commit' | 'clock' | 'channels'> {
  readonly executions: Executions;
  readonly bucket: StatementBucket;
  readonly startRequests: StartRequests;
}
