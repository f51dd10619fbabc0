/** What the requests that make a payment have in common. */
import type * as z from 'zod';
import { institutionOf } from '../../kernel/caller.ts';
import { moneyFromJson } from '../../kernel/money.ts';
import { isRefusal, type Refusal } from '../../kernel/refusal.ts';
import { type Answer, accepted, created } from '../../runtime/answer.ts';
import type { HttpRequest } from '../../runtime/http.ts';
import type { PaymentCommand } from '../create-payment.ts';
import type { Payment } from '../payment.ts';
import { isOpen } from '../payment-states.ts';
import type { topUpBodySchema, withdrawalBodySchema } from '../transaction-schemas.ts';
import { transactionView } from '../transaction-view.ts';

type PaymentRequest = Pick<
  HttpRequest<undefined, undefined, z.infer<typeof withdrawalBodySchema | typeof topUpBodySchema>>,
  'caller' | 'body' | 'operationId'
>;

export function paymentCommand({ caller, body, operationId }: PaymentRequest): PaymentCommand {
  const { accountId, reference } = body;
  const institutionId = institutionOf(caller);
  return { institutionId, operationId, accountId, reference, amount: moneyFromJson(body.amount) };
}

/** 202 while its end is to come, else 201: a payment that the channel refused was made as well. */
export function paymentAnswer<Code extends string>(outcome: Payment | Refusal<Code>): Answer | Refusal<Code> {
  if (isRefusal(outcome)) return outcome;
  const transaction = transactionView(outcome);
  return isOpen(outcome.status) ? accepted(transaction) : created(transaction);
}
