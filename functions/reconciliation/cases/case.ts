/** A difference as a case: who does what about it, and what became of that. Values and how they change. */
import type { AccountId, ApprovalId, DifferenceId, InstitutionId, PostingId } from '../../kernel/ids.ts';
import type { Currency } from '../../kernel/money.ts';
import type { DifferenceFacts } from '../difference.ts';
import type { StatementDay } from '../statement-key.ts';
import { type CaseEvent, type DifferenceState, stateAfter } from './case-states.ts';
import type { ChannelAnswer } from './channel-answer.ts';
import type { GrossAndFee } from './gross-and-fee.ts';
import { isRepair, type Resolution } from './resolution.ts';
import type { Urgency } from './urgency.ts';

export interface Difference {
  readonly id: DifferenceId;
  readonly series: StatementDay;
  readonly facts: DifferenceFacts;
  readonly digest: string;
  readonly state: DifferenceState;
  /** the version of the statement that found it */
  readonly openedIn: number;
  /** the version that no longer showed it */
  readonly closedIn?: number | undefined;
  /** the version that did not show it while its resolution could not be taken back */
  readonly keptIn?: number | undefined;
  /** where the files of later versions show it, where that is another line; oldest first */
  readonly movedTo?: readonly LinePlace[] | undefined;
  readonly settlementAccountId: AccountId;
  readonly currency: Currency;
  readonly foundAt: Date;
  /** from here on known once it is open */
  readonly institutionId?: InstitutionId | undefined;
  readonly openedAt?: Date | undefined;
  readonly urgency?: Urgency | undefined;
  readonly postingId?: PostingId | undefined;
  readonly reversalPostingId?: PostingId | undefined;
  /** of a payment that the statement lacks */
  readonly channelAnswer?: ChannelAnswer | undefined;
  /** what waits for another operator: a resolution, or the reopening of a resolved one */
  readonly proposal?: CaseProposal | undefined;
  readonly resolved?: Resolved | undefined;
  /** counts the changes, so that each is conditional on the one before */
  readonly revision: number;
  /** what happened since it was found, oldest first; only ever added to */
  readonly history: readonly HistoryEntry[];
}

export interface LinePlace {
  /** of the statement */
  readonly version: number;
  readonly lineNumber?: number | undefined;
}

export interface CaseProposal {
  readonly approvalId: ApprovalId;
  /** absent where it is to be reopened */
  readonly resolution?: Resolution | undefined;
  readonly moves?: GrossAndFee | undefined;
}

export interface Resolved {
  readonly resolution: Resolution;
  readonly at: Date;
  /** absent where nothing had to move */
  readonly postingId?: PostingId | undefined;
  /** where an account was credited or debited */
  readonly moves?: GrossAndFee | undefined;
}

export interface HistoryEntry extends Actor {
  readonly event: CaseEvent;
  readonly at: Date;
  readonly resolution?: Resolution | undefined;
  readonly moves?: GrossAndFee | undefined;
  readonly postingId?: PostingId | undefined;
  /** of the statement, where one led to it */
  readonly version?: number | undefined;
}

/** Who did it and why: an operator, a policy, or neither where a statement did. */
export interface Actor {
  /** client id of an operator */
  readonly by?: string | undefined;
  readonly reason?: string | undefined;
  readonly approvalId?: ApprovalId | undefined;
  readonly policy?: { readonly id: string; readonly version: number } | undefined;
}

/** What it is called within its day: a difference that vanished and came back is another item of the same id. */
export const isSame = (
  left: Pick<Difference, 'id' | 'openedIn'>,
  right: Pick<Difference, 'id' | 'openedIn'>,
): boolean => left.id === right.id && left.openedIn === right.openedIn;

/** The line that shows it, and since which version: as the newest version has it, or one that is not newer than the given one. */
export function placeOf({ facts, openedIn, movedTo = [] }: Difference, version = Number.POSITIVE_INFINITY): LinePlace {
  const found = { version: openedIn, lineNumber: facts.lineNumber };
  return movedTo.findLast((place) => place.version <= version) ?? found;
}

/** Whether its day's newest version shows it, or has not been asked. */
export const isLive = ({ state, closedIn }: Difference): boolean => state !== 'superseded' && closedIn === undefined;

export const isRepaired = ({ resolved }: Difference): boolean =>
  resolved !== undefined && isRepair(resolved.resolution);

type Step = Omit<HistoryEntry, 'event'>;

/** Its channel was asked before it is opened. */
export const askedDifference = (difference: Difference, channelAnswer: ChannelAnswer, step: Step): Difference => ({
  ...next(difference, 'ask', step),
  channelAnswer,
});

export const openCase = (
  difference: Difference,
  facts: Pick<Difference, 'institutionId' | 'urgency' | 'postingId'>,
  step: Step,
): Difference => ({
  ...next(difference, 'open', { ...step, postingId: facts.postingId }),
  ...facts,
  openedAt: step.at,
});

export const postponeCase = (difference: Difference, urgency: Urgency, step: Step): Difference => ({
  ...next(difference, 'postpone', step),
  urgency,
});

export const proposeResolution = (
  difference: Difference,
  proposal: CaseProposal & { readonly resolution: Resolution },
  step: Step,
): Difference => ({
  ...next(difference, 'propose', { ...step, ...proposal }),
  proposal,
});

export const rejectResolution = (difference: Difference, step: Step): Difference =>
  withoutProposal(next(difference, 'reject', step));

/** @param reversalPostingId of its own posting, where the payment takes its place */
export const resolveCase = (
  difference: Difference,
  resolved: Resolved,
  step: Step & Pick<Difference, 'reversalPostingId'>,
): Difference => {
  const { reversalPostingId, ...facts } = step;
  const { at: _at, ...what } = resolved;
  return {
    ...withoutProposal(next(difference, 'resolve', { ...facts, ...what })),
    resolved,
    ...(reversalPostingId && { reversalPostingId }),
  };
};

export const proposeReopening = (difference: Difference, proposal: CaseProposal, step: Step): Difference => ({
  ...next(difference, 'propose_reopening', { ...step, approvalId: proposal.approvalId }),
  proposal,
});

export const rejectReopening = (difference: Difference, step: Step): Difference =>
  withoutProposal(next(difference, 'reject_reopening', step));

/** Its resolution is taken back: it is held in suspense again. */
export const reopenCase = (difference: Difference, urgency: Urgency | undefined, step: Step): Difference => {
  const { resolved: _taken, ...reopened } = withoutProposal(next(difference, 'reopen', step));
  return { ...reopened, urgency };
};

export const leaveCase = (difference: Difference, closedIn: number, step: Step): Difference => ({
  ...next(difference, 'leave', { ...step, version: closedIn }),
  closedIn,
});

export const keepCase = (difference: Difference, keptIn: number, step: Step): Difference => ({
  ...next(difference, 'keep', { ...step, version: keptIn }),
  keptIn,
});

export const awaitRerun = (difference: Difference, step: Step): Difference => next(difference, 'await_rerun', step);

export const supersedeCase = (
  difference: Difference,
  closed: { readonly closedIn: number; readonly reversalPostingId?: PostingId | undefined },
  step: Step,
): Difference => ({
  ...withoutProposal(
    next(difference, 'supersede', { ...step, version: closed.closedIn, postingId: closed.reversalPostingId }),
  ),
  ...closed,
});

function next(difference: Difference, event: CaseEvent, step: Step): Difference {
  return {
    ...difference,
    state: stateAfter(difference.state, event),
    revision: difference.revision + 1,
    history: [...difference.history, { event, ...step }],
  };
}

function withoutProposal(difference: Difference): Difference {
  const { proposal: _decided, ...rest } = difference;
  return rest;
}
