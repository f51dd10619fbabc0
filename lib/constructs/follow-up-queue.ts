import { Duration } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import type { Stage } from '../stages.ts';
import { LogAlarm } from './log-alarm.ts';
import { WorkQueue } from './work-queue.ts';

/** The queue of payments to look at again, the function that does, and the alarms for those that got stuck. */
export class FollowUpQueue extends WorkQueue {
  constructor(scope: Construct, id: string, { stage }: { readonly stage: Stage }) {
    super(scope, id, {
      stage,
      entry: 'payments/handlers/follow-up-payments.ts',
      purpose: 'Asks channels what became of payments without an answer, and brings them to their end',
      whenItFails: 'Payments whose channel did not answer stay open, and members wait for their money',
      urlVariable: 'FOLLOW_UP_QUEUE_URL',
      timeout: Duration.seconds(30),
      batchSize: 10,
      environment: { TIME_ZONE: stage.timeZone },
    });
    new LogAlarm(this, 'Unanswered', {
      handler: this.worker,
      message: 'payment left to its statement',
      metricName: 'PaymentsLeftToStatement',
      description: 'A channel gave no answer for a day: the payment stays open until a statement shows it',
    });
  }
}
