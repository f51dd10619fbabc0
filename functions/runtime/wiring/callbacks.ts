import { SQSClient } from '@aws-sdk/client-sqs';
import { type Callbacks, type Contradictions, lookQueue } from '../../payments/index.ts';
import { noteContradiction, StatementAtWork } from '../../reconciliation/index.ts';
import { environmentValue } from '../environment.ts';
import { lazily } from './base.ts';
import { payments } from './payments.ts';
import { reconciliation } from './reconciliation.ts';

export const looks = /* @__PURE__ */ lazily(() => lookQueue(new SQSClient({}), environmentValue('LOOK_QUEUE_URL')));

/** Payments call no neighbour that calls them: what a contradiction becomes is put together here. */
const contradictions: Contradictions = {
  tell: async (contradiction) => {
    try {
      await noteContradiction(reconciliation(), contradiction);
      return 'told';
    } catch (error) {
      if (error instanceof StatementAtWork) return 'later';
      throw error;
    }
  },
};

export const callbacks = /* @__PURE__ */ lazily((): Callbacks => {
  const { table, commit, clock, timeZone, ledger, channels } = payments();
  return { table, commit, clock, timeZone, ledger, channels, contradictions, looks: looks() };
});
