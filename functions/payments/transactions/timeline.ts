/** What happened to a payment, in order: its states, the calls of its channel, and its postings. */
import type { AccountingDate } from '../../kernel/clock.ts';
import type { PostingId } from '../../kernel/ids.ts';
import type { NewPosting, PostingType } from '../../ledger/index.ts';
import type { ChangeSource, ChannelCall, Payment } from '../payment.ts';
import { freezesFirst, returnIdOf } from '../payment.ts';
import { firstStatusOf } from '../payment-changes.ts';
import { isOpen, type PaymentEvent, type PaymentStatus, statusAfter } from '../payment-states.ts';
import { freezePosting, releasePosting, repairPostings, revocationPostings, successPostings } from '../postings.ts';

export type TimelineItem =
  | {
      readonly type: 'state';
      readonly at: Date;
      readonly event: PaymentEvent | 'make';
      readonly status: PaymentStatus;
      readonly source: ChangeSource;
      readonly detail?: string;
    }
  | ({
      readonly type: 'call';
      readonly at: Date;
      readonly channel: string;
      readonly channelOrderNo: string;
    } & Omit<ChannelCall, 'operation'> & { readonly operation: ChannelCall['operation'] | 'verify' })
  | {
      readonly type: 'posting';
      readonly at: Date;
      readonly postingId: PostingId;
      readonly postingType: PostingType;
      /** null of a freeze whose payment has ended: a payment keeps the day of its last posting alone */
      readonly accountingDate: AccountingDate | null;
    };

/** All of it follows from the payment: nothing is read. A posting stands with the change that it was committed with. */
export function timelineOf(payment: Payment): readonly TimelineItem[] {
  const attempts = payment.history.flatMap(({ abandoned }) => abandoned ?? []);
  const items: TimelineItem[] = [...beginningOf(payment)];
  let status: PaymentStatus = payment.kind === 'return' ? 'processing' : firstStatusOf(payment);
  let attempt = 0;
  let round = 1;
  for (const { event, at, source, call, abandoned, claim, refundId } of payment.history) {
    const { channel, channelOrderNo } = attempts[attempt] ?? payment;
    if (call) items.push({ type: 'call', at, channel, channelOrderNo, ...call });
    if (abandoned) attempt += 1;
    status = statusAfter(status, event);
    const returned = event === 'return' ? returnIdOf(payment.id) : undefined;
    const claimed = claim && `the channel says ${claim}`;
    const detail = abandoned?.reason ?? refundId ?? returned ?? claimed ?? failureOf(payment, event);
    if (event !== 'wait') items.push({ type: 'state', at, event, status, source, ...(detail && { detail }) });
    items.push(...postingsAt(payment, event, round).map((posting) => posted(payment, posting, at)));
    if (event === 'revoke') round += 1;
  }
  return items;
}

/** A return is stored when it has happened. */
function beginningOf(payment: Payment): readonly TimelineItem[] {
  if (payment.kind === 'return') return [];
  const made = {
    type: 'state',
    at: payment.createdAt,
    event: 'make',
    status: firstStatusOf(payment),
    source: 'request',
  } as const;
  if (!freezesFirst(payment)) return [made];
  const accountingDate = isOpen(payment.status) ? payment.accountingDate : null;
  return [made, posted({ accountingDate }, freezePosting(payment), payment.createdAt)];
}

const failureOf = ({ failure }: Payment, event: PaymentEvent): string | undefined =>
  event === 'fail' ? failure?.reason : undefined;

function postingsAt(payment: Payment, event: PaymentEvent, round: number): readonly NewPosting[] {
  switch (event) {
    case 'succeed':
      return successPostings(payment, round);
    case 'fail':
      return freezesFirst(payment) ? [releasePosting(payment)] : [];
    case 'repair':
      return repairPostings(payment, round);
    case 'revoke':
      return revocationPostings(payment, round);
    default:
      return [];
  }
}

const posted = (
  { accountingDate }: { readonly accountingDate: AccountingDate | null },
  { id, type }: { readonly id: PostingId; readonly type: PostingType },
  at: Date,
): TimelineItem => ({ type: 'posting', at, postingId: id, postingType: type, accountingDate });
