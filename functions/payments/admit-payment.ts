/** The checks of a new payment, in documented order, before anything is stored. */
import {
  type Agreements,
  chargedFee,
  feeOf,
  feeOn,
  findRoutes,
  type LeftReason,
  needsAgreement,
  type Product,
  type Reservation,
  type Route,
  type Verdict,
} from '../channels/index.ts';
import { accountingDateAt } from '../kernel/clock.ts';
import type { AccountId, BindingId, InstitutionId } from '../kernel/ids.ts';
import { type Money, maximumMovedAmount } from '../kernel/money.ts';
import { type Refusal, refuse } from '../kernel/refusal.ts';
import { lookUpAccount } from '../ledger/index.ts';
import { type Binding, findBinding, findInstitution } from '../parties/index.ts';
import type { Charge, PaymentKind } from './payment.ts';
import type { Payments } from './payments.ts';

export type AdmissionRefusal =
  | 'amount_too_large'
  | 'institution_not_active'
  | 'not_found'
  | 'account_not_active'
  | 'currency_mismatch'
  | 'unknown_bank'
  | 'binding_mismatch'
  | 'binding_not_active'
  | 'charge_exceeds_amount'
  | RouteRefusal;

/** Why no channel takes it; the detail says of each candidate why it was left. */
export type RouteRefusal =
  | 'no_channel_available'
  | 'amount_out_of_range'
  | 'limit_exceeded'
  | 'insufficient_reserve'
  | 'outside_hours'
  | 'under_maintenance';

export interface PaymentFacts {
  readonly kind: Exclude<PaymentKind, 'refund' | 'return'>;
  readonly institutionId: InstitutionId;
  readonly accountId: AccountId;
  /** absent where the payer comes to the channel: then the bank is named */
  readonly bindingId?: BindingId | undefined;
  readonly bank?: string | undefined;
  readonly amount: Money;
  readonly product: Product;
  /** what the payment itself holds already, where it is carried on */
  readonly held?: readonly Reservation[] | undefined;
}

export interface Admission {
  /** where it may go, first choice first */
  readonly routes: readonly [Route, ...Route[]];
  readonly charges: readonly Charge[];
  readonly bank?: string | undefined;
}

type Needs = Pick<Payments, 'parties' | 'channels' | 'ledger' | 'clock' | 'timeZone'>;

/**
 * Where the payment may go and what is charged for it. 4 read units: institution, account, binding, merchant numbers.
 *
 * The account is looked at before a channel is asked; its block or closing may still come in between, and then a top-up
 * is booked all the same, since the money has come, while a withdrawal's freeze is refused.
 */
export async function admitPayment(
  dependencies: Needs,
  facts: PaymentFacts,
): Promise<Admission | Refusal<AdmissionRefusal>> {
  const { parties, ledger } = dependencies;
  const { institutionId, accountId, bindingId, amount, kind } = facts;
  if (amount.amount > maximumMovedAmount) {
    return refuse('amount_too_large', `A payment may be at most ${maximumMovedAmount} minor units.`);
  }
  const [institution, account, binding] = await Promise.all([
    findInstitution(parties, institutionId),
    lookUpAccount(ledger, accountId),
    bindingId && findBinding(parties, bindingId),
  ]);
  if (institution?.status !== 'active') {
    return refuse('institution_not_active', 'The institution is not active.');
  }
  const payable = account?.kind === 'member' || account?.kind === 'institution';
  if (account?.institutionId !== institutionId || !payable) {
    return refuse('not_found', 'There is no such member or institution account.');
  }
  const open = account.status === 'active' || (account.status === 'debit_blocked' && kind === 'top_up');
  if (!open) return refuse('account_not_active', `The account is ${account.status.replace('_', ' ')}.`);
  if (account.currency !== amount.currency) {
    return refuse('currency_mismatch', `The account is kept in ${account.currency}.`);
  }
  if (bindingId !== undefined) {
    const refusal = refuseBinding(binding || undefined, facts);
    if (refusal) return refusal;
  }
  return route(dependencies, facts, binding || undefined);
}

function refuseBinding(binding: Binding | undefined, { institutionId, accountId }: PaymentFacts) {
  if (binding?.institutionId !== institutionId) return refuse('not_found', 'There is no such card binding.');
  if (binding.accountId !== accountId) return refuse('binding_mismatch', 'The card is bound to another account.');
  return binding.status === 'active'
    ? undefined
    : refuse('binding_not_active', `The card binding is ${binding.status}.`);
}

async function route(
  { channels, clock, timeZone }: Needs,
  facts: PaymentFacts,
  binding: Binding | undefined,
): Promise<Admission | Refusal<AdmissionRefusal>> {
  const { institutionId, product, amount, accountId, bindingId, held } = facts;
  const bank = facts.bank ?? binding?.bank;
  const agreements: Agreements | undefined = needsAgreement(product) ? binding?.agreements : undefined;
  const at = clock();
  const [{ routes, verdicts }, configuration] = await Promise.all([
    findRoutes(channels, { institutionId, product, amount, bank, accountId, bindingId, agreements, held, at }),
    channels.configuration(),
  ]);
  if (facts.bank !== undefined && !configuration.banks.some(({ code }) => code === facts.bank)) {
    return refuse('unknown_bank', `There is no bank ${facts.bank}.`);
  }
  const [first, ...others] = routes;
  if (!first) return refuseRoutes(product, verdicts);

  const day = accountingDateAt(at, timeZone);
  const charges = (['member', 'institution'] as const).flatMap((payer): Charge[] => {
    const fee = chargedFee(configuration, { institutionId, product, payer });
    const charged = fee ? feeOf(feeOn(fee.schedule, day), amount.amount) : 0n;
    return charged > 0n ? [{ amount: charged, payer }] : [];
  });
  const byMember = charges.find(({ payer }) => payer === 'member')?.amount ?? 0n;
  if (facts.kind === 'top_up' && byMember > amount.amount) {
    return refuse('charge_exceeds_amount', `The fee of ${byMember} minor units is more than the amount.`);
  }
  return { routes: [first, ...others], charges, bank };
}

/** The nearest miss names the refusal: a channel that would have taken another amount, or at another time. */
const misses: readonly (readonly [readonly LeftReason[], RouteRefusal])[] = [
  [['insufficient_reserve'], 'insufficient_reserve'],
  [['limit_exceeded'], 'limit_exceeded'],
  [['below_minimum', 'above_maximum'], 'amount_out_of_range'],
  [['outside_hours'], 'outside_hours'],
  [['under_maintenance'], 'under_maintenance'],
];

export function refuseRoutes(product: Product, verdicts: readonly Verdict[]): Refusal<RouteRefusal> {
  const left = verdicts.flatMap((each) => (each.verdict === 'left' ? [each] : []));
  const [, code] = misses.find(([reasons]) => left.some(({ reason }) => reasons.includes(reason))) ?? [];
  const reasons = left.map(({ channel, reason }) => `${channel}: ${reason}`).join('; ');
  const detail = `No channel of the institution takes this ${product} now${reasons ? ` (${reasons})` : ''}.`;
  return refuse(code ?? 'no_channel_available', detail);
}
