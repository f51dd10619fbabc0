/** The same proposal for many cases: each has an approval of its own, so that one that can't be done holds up no other. */
import { type DifferenceId, idFrom } from '../../kernel/ids.ts';
import { inLanes } from '../../kernel/in-lanes.ts';
import { isRefusal } from '../../kernel/refusal.ts';
import type { DifferenceState } from './case-states.ts';
import type { Cases } from './cases.ts';
import { proposeResolution, type ResolutionProposal } from './propose.ts';

export interface BulkOutcome {
  readonly id: DifferenceId;
  readonly status: DifferenceState | null;
  readonly approvalId: string | null;
  readonly refused: { readonly code: string; readonly detail: string } | null;
}

const atOnce = 5;

/** In the order of the ids. The cost of each proposal. */
export function proposeResolutions(
  cases: Cases,
  { ids, operationId, ...proposal }: Omit<ResolutionProposal, 'id'> & { readonly ids: readonly DifferenceId[] },
): Promise<readonly BulkOutcome[]> {
  return inLanes(ids, atOnce, async (id): Promise<BulkOutcome> => {
    const proposed = await proposeResolution(cases, { ...proposal, id, operationId: operationOf(operationId, id) });
    return isRefusal(proposed)
      ? { id, status: null, approvalId: null, refused: { code: proposed.refused, detail: proposed.detail } }
      : { id, status: proposed.state, approvalId: proposed.proposal?.approvalId ?? null, refused: null };
  });
}

/** Each has an operation of its own, which sorts by time as theirs does. */
const operationOf = (operationId: string, id: DifferenceId): string =>
  `${operationId.slice(0, 10)}${idFrom('appr', operationId, id).slice(-16)}`;
