/** What the two requests that make a payment have in common. */

import type * as z from 'zod';
import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { type Answer, accepted, created } from '../../runtime/answer.ts';
import type { HttpRequest } from '../../runtime/http.ts';
import type { PaymentCommand } from '../create-payment.ts';
import type { Payment } from '../payment.ts';
import type { withdrawalBodySchema } from '../transaction-schemas.ts';
import { transactionView } from '../transaction-view.ts';

type PaymentRequest = Pick<
  HttpRequest<undefined, undefined, z.infer<typeof withdrawalBodySchema>>,
  'caller' | 'body' | 'operationId'
>;

/** @throws Error for an operator, whom the routes do not let in. */
export function paymentCommand({ caller, body, operationId }: PaymentRequest): PaymentCommand {
  if (caller.kind !== 'institution') throw new Error('only an institution makes payments');
  const { accountId, bindingId, reference } = body;
  const { institutionId } = caller;
  return { institutionId, operationId, accountId, bindingId, reference, amount: moneyFromJson(body.amount) };
}

/** 202 while the channel's answer is unknown, else 201: a payment that the channel refused was made as well. */
export function paymentAnswer<Code extends string>(outcome: Payment | Refusal<Code>): Answer | Refusal<Code> {
  if (isRefusal(outcome)) return outcome;
  const transaction = transactionView(outcome);
  return outcome.status === 'processing' ? accepted(transaction) : created(transaction);
}
