import { approvalIdOf, proposeApprovalWrite } from '../../access/index.ts';
import type { Cases } from '../../reconciliation/index.ts';
import { accessTable } from './access.ts';
import { lazily } from './base.ts';
import { reconciliation } from './reconciliation.ts';

export const cases = /* @__PURE__ */ lazily((): Cases => {
  const { table, commit, clock, ledger, payments, channels } = reconciliation();
  return {
    ...{ table, commit, clock, ledger, payments, channels },
    propose: ({ operationId, ...proposal }) => {
      const approvalId = approvalIdOf(operationId);
      return { approvalId, write: proposeApprovalWrite(accessTable(), { id: approvalId, ...proposal }) };
    },
  };
});
