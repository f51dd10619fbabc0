/** The day: members put money in and take some out; what a channel leaves open is followed up until it ends. */
import { setTimeout as sleep } from 'node:timers/promises';
import { expectStatus, type Reply } from '../outsider/api-client.ts';
import { type Json, textAt, valueAt } from '../outsider/json.ts';
import { inParallel } from './in-parallel.ts';
import type { Member } from './open-business.ts';
import type { Order } from './script.ts';

export interface Payment {
  readonly kind: 'top-up' | 'withdrawal';
  readonly member: Member;
  readonly order: Order;
  readonly reference: string;
  /** how it was answered at first */
  readonly answer: Order['answer'];
  /** as the center shows it; null where it was not accepted */
  readonly transaction: Json;
}

export const statusOf = ({ transaction }: Payment): string =>
  transaction === null ? 'not accepted' : textAt(transaction, 'status');

export const topUpAll = (members: readonly Member[], run: string, tell: (done: number) => void): Promise<Payment[]> =>
  placeAll(members, tell, (member) => {
    const { accountId, bindingId, externalUserId, topUp: order } = member;
    const reference = `${run}-in-${externalUserId}`;
    const body = { accountId, amount: cny(order.amount), product: 'withholding', bindingId, reference };
    return place({ kind: 'top-up', member, order, reference }, body);
  });

export function withdrawAll(members: readonly Member[], run: string, tell: (done: number) => void): Promise<Payment[]> {
  const withdrawing = members.flatMap((member) => (member.withdrawal ? [{ member, order: member.withdrawal }] : []));
  return placeAll(withdrawing, tell, ({ member, order: { amount, ends, answer } }) => {
    const { accountId, payoutBindingId: bindingId, externalUserId } = member;
    const reference = `${run}-out-${externalUserId}`;
    const body = { accountId, amount: cny(amount), bindingId, reference };
    return place({ kind: 'withdrawal', member, order: { amount, ends, answer }, reference }, body);
  });
}

function placeAll<Item>(
  items: readonly Item[],
  tell: (done: number) => void,
  placeOne: (item: Item) => Promise<Payment>,
): Promise<Payment[]> {
  let done = 0;
  return inParallel(items, async (item) => {
    const payment = await placeOne(item);
    done += 1;
    tell(done);
    return payment;
  });
}

type Placed = Omit<Payment, 'answer' | 'transaction'>;

async function place(placed: Placed, body: object): Promise<Payment> {
  const path = placed.kind === 'top-up' ? '/v1/top-ups' : '/v1/withdrawals';
  const reply = await placed.member.institution.client.post(path, body);
  if (isInsufficientFunds(reply)) return { ...placed, answer: 'insufficient funds', transaction: null };
  const transaction = expectStatus(reply, 201, 202);
  return { ...placed, answer: reply.status === 202 ? 'unknown' : 'final', transaction };
}

const isInsufficientFunds = ({ status, body }: Reply): boolean =>
  status === 422 && valueAt(body, 'code') === 'insufficient_funds';

const cny = (amount: number) => ({ amount, currency: 'CNY' });

const patienceMs = 90_000;

/**
 * Asks again for the payments whose end is still to come, until each has reached the one that the script foresees.
 *
 * @param tell is told how many are open
 */
export async function followUp(payments: readonly Payment[], tell: (open: number) => void): Promise<Payment[]> {
  const until = Date.now() + patienceMs;
  let current = [...payments];
  for (;;) {
    const open = current.filter((payment) => statusOf(payment) === 'processing' && payment.order.ends !== 'processing');
    tell(open.length);
    if (open.length === 0 || Date.now() > until) return current;
    await sleep(500);
    const refreshed = new Map(
      await inParallel(
        open,
        async (payment): Promise<[string, Payment]> => [payment.reference, await refresh(payment)],
      ),
    );
    current = current.map((payment) => refreshed.get(payment.reference) ?? payment);
  }
}

/** The payment as the center shows it now, found by the institution's own reference. */
export async function refresh(payment: Payment): Promise<Payment> {
  if (payment.transaction === null) return payment;
  const path = `/v1/transactions/by-reference/${payment.reference}`;
  return { ...payment, transaction: expectStatus(await payment.member.institution.client.get(path), 200) };
}
