/** How cases look to callers. */
import type * as z from 'zod';
import { money, moneyToJson } from '../../kernel/money.ts';
import { differenceView } from '../reconciliation-view.ts';
import type { Difference } from './case.ts';
import type { CaseAttachment, CaseComment } from './case-notes-store.ts';
import type { attachmentSchema, caseSchema, commentSchema, suspenseSchema, wholeCaseSchema } from './case-schemas.ts';
import { inSuspense } from './case-states.ts';
import type { ChannelAnswer } from './channel-answer.ts';
import type { WholeCase } from './find-cases.ts';
import { offeredResolutions } from './resolution.ts';
import { resolutionView } from './resolution-view.ts';
import { suggestedResolution } from './suggested-resolution.ts';
import type { SuspenseRollForward } from './suspense-roll-forward.ts';
import { daysOpen, isOverdue, severityAt } from './urgency.ts';

/** Branded ids come out of the schemas' own transforms; before that they are text. */
type View<Schema extends z.ZodType> = z.input<Schema>;

export function caseView(difference: Difference, now: Date): View<typeof caseSchema> {
  const { series, urgency, openedAt, proposal, resolved, currency, channelAnswer } = difference;
  const waiting = inSuspense(difference.state) ? urgency : undefined;
  return {
    ...differenceView(difference),
    ...series,
    version: difference.openedIn,
    institutionId: difference.institutionId ?? null,
    settlementAccountId: difference.settlementAccountId,
    severity: waiting ? severityAt(waiting, now) : (urgency?.severity ?? null),
    dueAt: urgency?.dueAt.toISOString() ?? null,
    overdue: waiting !== undefined && isOverdue(waiting, now),
    openedAt: openedAt?.toISOString() ?? null,
    daysOpen: waiting && openedAt ? daysOpen(openedAt, now) : null,
    offered: waiting ? [...offeredResolutions(difference)] : [],
    channelAnswer: channelAnswer ? channelAnswerView(channelAnswer) : null,
    suggestion: waiting ? (suggestedResolution(difference) ?? null) : null,
    approvalId: proposal?.approvalId ?? null,
    proposal: proposal?.resolution ? resolutionView(proposal.resolution, proposal.moves, currency) : null,
    resolution: resolved
      ? {
          resolution: resolutionView(resolved.resolution, resolved.moves, currency),
          resolvedAt: resolved.at.toISOString(),
          postingId: resolved.postingId ?? null,
        }
      : null,
  };
}

const channelAnswerView = ({ status, askedAt, amount, channelReference, detail }: ChannelAnswer) => ({
  status,
  askedAt: askedAt?.toISOString() ?? null,
  amount: amount ? moneyToJson(amount) : null,
  channelReference: channelReference ?? null,
  detail: detail ?? null,
});

export const wholeCaseView = (
  { difference, comments, attachments }: WholeCase,
  now: Date,
): View<typeof wholeCaseSchema> => ({
  ...caseView(difference, now),
  history: difference.history.map((entry) => ({
    event: entry.event,
    at: entry.at.toISOString(),
    by: entry.by ?? null,
    reason: entry.reason ?? null,
    // what was postponed needed nobody's approval: there it only names the request
    approvalId: entry.event === 'postpone' ? null : (entry.approvalId ?? null),
    policy: entry.policy ?? null,
    resolution: entry.resolution ? resolutionView(entry.resolution, entry.moves, difference.currency) : null,
    postingId: entry.postingId ?? null,
    version: entry.version ?? null,
  })),
  comments: comments.map(commentView),
  attachments: attachments.map(({ uploaded, ...attachment }) => ({ ...attachmentView(attachment), uploaded })),
});

export const commentView = ({ at, ...comment }: CaseComment): View<typeof commentSchema> => ({
  ...comment,
  at: at.toISOString(),
});

export const attachmentView = ({ at, ...attachment }: CaseAttachment): View<typeof attachmentSchema> => ({
  ...attachment,
  at: at.toISOString(),
});

export function suspenseView({
  settlementAccountId,
  currency,
  types,
}: SuspenseRollForward): View<typeof suspenseSchema> {
  const shown = (amount: bigint) => moneyToJson(money(amount, currency));
  return {
    settlementAccountId,
    currency,
    types: types.map(({ type, accountId, opening, closing, days, openCases }) => ({
      type,
      accountId,
      opening: shown(opening),
      closing: shown(closing),
      days: days.map((day) => ({
        date: day.date,
        opening: shown(day.opening),
        new: shown(day.added),
        takenBack: shown(day.takenBack),
        cleared: shown(day.cleared),
        closing: shown(day.closing),
      })),
      openCases: { count: openCases.count, amount: shown(openCases.amount) },
    })),
  };
}
