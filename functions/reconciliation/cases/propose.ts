/** An operator says what is to be done about a case; another one decides. What moves no money happens at once. */
import type { DifferenceId } from '../../kernel/ids.ts';
import { money, moneyToJson } from '../../kernel/money.ts';
import { isRefusal, type Refusal, refuse } from '../../kernel/refusal.ts';
import { changeWrite, readDifference } from '../difference-store.ts';
import {
  type Actor,
  type Difference,
  isLive,
  isRepaired,
  postponeCase,
  proposeReopening as withReopening,
  proposeResolution as withResolution,
} from './case.ts';
import { allowsEvent } from './case-states.ts';
import type { Cases } from './cases.ts';
import { type GrossAndFee, grossAndFeeOf } from './gross-and-fee.ts';
import { prepareResolution, type ResolutionRefusal } from './prepare-resolution.ts';
import { checkResolution, type Resolution } from './resolution.ts';
import { resolutionView } from './resolution-view.ts';

export interface ResolutionProposal {
  readonly id: DifferenceId;
  readonly resolution: Resolution;
  readonly reason: string;
  /** client id of an operator */
  readonly by: string;
  readonly operationId: string;
}

export type ProposalRefusal = ResolutionRefusal | 'not_found' | 'case_not_open';

/** how often it looks again when somebody else changed the case meanwhile */
const maximumTries = 5;

/**
 * Laws, in this order: there is such a case; it is open (`case_not_open`); its type allows the resolution; what the
 * resolution names allows it as things stand, which is checked again when it is approved. 4 to 6 read units, 10 write units.
 *
 * @returns the case, `proposed`; `open` with another due time for `await_correction`, which needs nobody else
 */
export async function proposeResolution(
  cases: Cases,
  proposal: ResolutionProposal,
): Promise<Difference | Refusal<ProposalRefusal>> {
  const { id, resolution, reason, by, operationId } = proposal;
  const { table, clock, commit } = cases;
  for (let tries = 1; tries <= maximumTries; tries++) {
    const difference = await readDifference(table, id);
    if (!difference) return refuse('not_found', 'There is no such difference.');
    const actor = { by, reason };
    const approval = proposing(cases, difference, { kind: 'resolve_difference', actor, operationId, resolution });
    const { approvalId } = approval;
    if (difference.history.some((entry) => entry.approvalId === approvalId)) return difference; // a retry meets its own work
    if (!isLive(difference) || !allowsEvent(difference.state, 'propose')) return notOpen(difference);

    const step = { at: clock(), ...actor };
    if (resolution.kind === 'await_correction') {
      const refused = checkResolution(difference, resolution);
      if (refused) return refused;
      const dueAt = new Date(step.at.getTime() + resolution.hours * 60 * 60 * 1_000);
      const severity = difference.urgency?.severity ?? 'low';
      const postponed = postponeCase(difference, { severity, dueAt }, { ...step, resolution, approvalId });
      if ((await commit([changeWrite(table, difference, postponed)])).committed) return postponed;
      continue;
    }
    const prepared = await prepareResolution(cases, { difference, resolution, actor });
    if (isRefusal(prepared)) return prepared;
    const moves = movedBy(difference, resolution);
    const proposed = withResolution(difference, { approvalId, resolution, ...(moves && { moves }) }, step);
    const other = resolution.kind === 'offset' ? await readDifference(table, resolution.differenceId) : undefined;
    const partner = { kind: 'offset', differenceId: id } as const;
    const result = await commit([
      approval.write,
      changeWrite(table, difference, proposed),
      ...(other ? [changeWrite(table, other, withResolution(other, { approvalId, resolution: partner }, step))] : []),
    ]);
    if (result.committed) return proposed;
  }
  return refuse('case_not_open', 'Others are changing the case at this moment.');
}

/** Laws, in this order: there is such a case; it is resolved, and not by a change of its payment. 3 read units, 10 write units. */
export async function proposeReopening(
  cases: Cases,
  { id, reason, by, operationId }: Omit<ResolutionProposal, 'resolution'>,
): Promise<Difference | Refusal<'not_found' | 'not_reopenable'>> {
  const { table, clock, commit } = cases;
  for (let tries = 1; tries <= maximumTries; tries++) {
    const difference = await readDifference(table, id);
    if (!difference) return refuse('not_found', 'There is no such difference.');
    const actor = { by, reason };
    const approval = proposing(cases, difference, { kind: 'reopen_difference', actor, operationId });
    const { approvalId } = approval;
    if (difference.history.some((entry) => entry.approvalId === approvalId)) return difference;
    if (isRepaired(difference)) {
      return refuse(
        'not_reopenable',
        'Its payment was corrected: a statement that says otherwise opens another difference.',
      );
    }
    if (!isLive(difference) || !allowsEvent(difference.state, 'propose_reopening')) {
      return refuse('not_reopenable', `The difference is ${difference.state}, not resolved.`);
    }
    const proposed = withReopening(difference, { approvalId }, { at: clock(), ...actor });
    const result = await commit([approval.write, changeWrite(table, difference, proposed)]);
    if (result.committed) return proposed;
  }
  return refuse('not_reopenable', 'Others are changing the case at this moment.');
}

/** What an account is to be credited or debited with. */
const movedBy = (difference: Difference, { kind }: Resolution): GrossAndFee | undefined =>
  kind === 'credit_account' || kind === 'debit_account' ? grossAndFeeOf(difference) : undefined;

const notOpen = ({ state }: Difference) => refuse('case_not_open', `The difference is ${state}, not open.`);

/** The approval tells the other operator all that there is to decide on. */
function proposing(
  { propose, clock }: Cases,
  difference: Difference,
  {
    kind,
    actor: { by = '', reason },
    operationId,
    resolution,
  }: {
    readonly kind: Parameters<Cases['propose']>[0]['kind'];
    readonly actor: Actor;
    readonly operationId: string;
    readonly resolution?: Resolution;
  },
) {
  const { id, series, facts, currency } = difference;
  const { channel, merchantNo, date } = series;
  const { type, adjustment, paymentId } = facts;
  const amount = moneyToJson(money(adjustment, currency));
  const payload = {
    ...{ differenceId: id, type, amount, channel, merchantNo, date, reason },
    ...(paymentId && { paymentId }),
    ...(resolution && { resolution: resolutionView(resolution, movedBy(difference, resolution), currency) }),
  };
  return propose({ kind, subjectId: id, proposedBy: by, proposedAt: clock(), payload, operationId });
}
