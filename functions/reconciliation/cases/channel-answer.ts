/** What a channel answered when it was asked about an order of ours that its statement does not have. */
import type { QueryResult } from '../../channels/index.ts';
import type { Money } from '../../kernel/money.ts';

/** `unknown`: no answer in time, or none that decides anything. `not_asked`: for the reason in its detail. */
export const channelAnswerStatuses = [
  'succeeded',
  'failed',
  'awaiting_payer',
  'not_found',
  'unknown',
  'not_asked',
] as const;

export interface ChannelAnswer {
  readonly status: (typeof channelAnswerStatuses)[number];
  /** absent where it was not asked */
  readonly askedAt?: Date | undefined;
  /** what was carried out, where the channel tells it */
  readonly amount?: Money | undefined;
  /** the channel's own number */
  readonly channelReference?: string | undefined;
  /** the channel's code of a refusal, the cause of its silence, or why it was not asked */
  readonly detail?: string | undefined;
}

export function channelAnswerOf(result: QueryResult, askedAt: Date): ChannelAnswer {
  switch (result.outcome) {
    case 'succeeded': {
      const { channelTradeNo, amount } = result;
      return { status: 'succeeded', askedAt, channelReference: channelTradeNo, ...(amount && { amount }) };
    }
    case 'refused': {
      const { channelTradeNo, reason } = result;
      return { status: 'failed', askedAt, detail: reason, ...(channelTradeNo && { channelReference: channelTradeNo }) };
    }
    case 'awaiting_payer':
    case 'not_found':
      return { status: result.outcome, askedAt };
    case 'unknown':
      return { status: 'unknown', askedAt, detail: result.cause.slice(0, 200) };
  }
}

export const notAsked = (detail: string): ChannelAnswer => ({ status: 'not_asked', detail });

/** Whether the channel says that it never moved the money. */
export const denies = (answer: ChannelAnswer | undefined): boolean =>
  answer?.status === 'failed' || answer?.status === 'not_found';
