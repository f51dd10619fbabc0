/** A batch of withdrawals: many lines in one request, sent to each channel as one order, and ended one by one. */
import { type AccountId, type BatchId, type BindingId, bareId, type InstitutionId, idFrom } from '../../kernel/ids.ts';
import type { Money } from '../../kernel/money.ts';
import type { Refusal } from '../../kernel/refusal.ts';
import type { Creation, PaymentRefusal } from '../create-payment.ts';

/** `storing`: lines are admitted and stored. `sending`: they go to their channels. `sent`: each has gone, and ends on its own. */
export const batchStatuses = ['storing', 'sending', 'sent'] as const;

export type BatchStatus = (typeof batchStatuses)[number];

export interface Batch {
  readonly id: BatchId;
  readonly institutionId: InstitutionId;
  /** the caller's own number, unique among the batches of its institution */
  readonly reference: string;
  /** the request that made it; only that request may carry it on */
  readonly operationId: string;
  readonly status: BatchStatus;
  readonly createdAt: Date;
  readonly changedAt: Date;
  /** until then whoever took it works on it, and nobody else */
  readonly takenUntil: Date;
  /** of lines that were refused, by their place; a refusal is never taken back */
  readonly refusals: Readonly<Record<string, LineRefusal>>;
  /** counts the changes, so that each is conditional on the one before */
  readonly version: number;
}

export type LineRefusal = Refusal<PaymentRefusal>;

export interface BatchLine {
  /** 1 for the first */
  readonly place: number;
  readonly accountId: AccountId;
  readonly amount: Money;
  readonly bindingId: BindingId;
  /** as any payment's, unique within the institution */
  readonly reference: string;
}

/** One order to one channel, with the lines that go there. */
export interface BatchOrder {
  /** 1 for the first of the batch */
  readonly sequence: number;
  readonly channel: string;
  readonly merchantNo: string;
  /** the attempts that it carries */
  readonly channelOrderNos: readonly string[];
  /** `sending`: the channel is asked, and perhaps was; asked again it gets the same number */
  readonly state: 'sending' | 'answered';
}

/** The id follows from the reference, so that a repeated request finds what the first one made. */
export const batchIdOf = (institutionId: InstitutionId, reference: string): BatchId =>
  idFrom('batch', institutionId, reference);

/** Ours for the channel: 28 letters and digits, within the 32 that channels allow. */
export const batchNoOf = (id: BatchId, sequence: number): string => `${bareId(id)}${String(sequence).padStart(2, '0')}`;

/** What the numbers of a batch's parts at the channel begin with. */
export const batchReferenceOf = (batchNo: string): string => batchNo.slice(batchNo.indexOf('_') + 1);

/** The batch whose part a number of ours at the channel names; any other text gives what no batch has. */
export const batchReferenceIn = (channelBatchNo: string): string => channelBatchNo.slice(0, -2);

/** What makes the payment of a line; whoever carries the batch on makes the same one. */
export const creationOf = (
  { id, institutionId }: Pick<Batch, 'id' | 'institutionId'>,
  { accountId, amount, bindingId, reference }: BatchLine,
): Creation => ({
  kind: 'withdrawal',
  product: 'payout',
  ...{ institutionId, accountId, amount, bindingId, reference },
  operationId: id,
  batchNo: id,
});

export const isRefused = ({ refusals }: Pick<Batch, 'refusals'>, { place }: BatchLine): boolean =>
  Object.hasOwn(refusals, String(place));
