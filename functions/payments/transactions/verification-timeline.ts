/** What happened to a verification, in order: its states, the calls of its channels, and what its verdict was charged with. */
import { chargesOf, isVerdict, requestNoOf, type Verification, verificationStatusAfter } from '../../parties/index.ts';
import type { TimelineItem } from './timeline.ts';

type Event = Verification['history'][number]['event'];

/** A state has no `source`: a verification keeps no record of who learnt of it. */
export type VerificationTimelineItem =
  | {
      readonly type: 'state';
      readonly at: Date;
      readonly event: Event | 'make';
      readonly status: Verification['status'];
      readonly detail?: string;
    }
  | Exclude<TimelineItem, { type: 'state' }>;

/** All of it follows from the verification: nothing is read. One that an earlier success answered is made as it stays. */
export function verificationTimeline(verification: Verification): readonly VerificationTimelineItem[] {
  const { id, createdAt, cachedFrom, history, failure } = verification;
  let status: Verification['status'] = cachedFrom ? 'succeeded' : 'processing';
  let attempt = 1;
  const items: VerificationTimelineItem[] = [
    { type: 'state', at: new Date(createdAt), event: 'make', status, ...(cachedFrom && { detail: cachedFrom }) },
  ];
  for (const { event, at: text, channel, call } of history) {
    const at = new Date(text);
    if (call && channel) {
      const channelOrderNo = requestNoOf({ id, attempt });
      items.push({ type: 'call', at, channel, channelOrderNo, ...shownCall(event, call) });
    }
    if (event === 'reroute') attempt += 1;
    status = verificationStatusAfter(status, event);
    const detail = event === 'reroute' ? call?.code : status === 'failed' ? failure?.reason : undefined;
    if (event !== 'fall_silent') items.push({ type: 'state', at, event, status, ...(detail && { detail }) });
    if (isVerdict(event)) items.push(...chargedAt(verification, at));
  }
  return items;
}

function shownCall(
  event: Event,
  { operation, code, durationMs }: NonNullable<Verification['history'][number]['call']>,
) {
  const outcome = code === 'not_found' ? code : (outcomes[event] ?? 'succeeded');
  return {
    operation: operation === 'verify' ? operation : 'query',
    outcome,
    ...(outcome !== 'succeeded' && outcome !== code && { code }),
    durationMs,
  } as const;
}

/** In the words of all calls; with what is not named here a channel has confirmed the facts. */
const outcomes: Readonly<Partial<Record<Event, 'refused' | 'refused_here' | 'unknown'>>> = {
  refuse: 'refused',
  reroute: 'refused_here',
  give_up: 'refused_here',
  fall_silent: 'unknown',
};

function chargedAt(verification: Verification, at: Date): readonly VerificationTimelineItem[] {
  const { accountingDate } = verification;
  if (accountingDate === undefined) return [];
  return chargesOf(verification).map(({ id: postingId, type: postingType }) => ({
    type: 'posting',
    at,
    postingId,
    postingType,
    accountingDate,
  }));
}
