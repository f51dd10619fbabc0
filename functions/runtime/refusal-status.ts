/** Every refusal code of every context with its HTTP status: the only place that knows both. */
type RefusalCode =
  | 'not_found'
  | 'already_decided'
  | 'already_unbound'
  | 'card_already_bound'
  | 'card_refused'
  | 'channel_unavailable'
  | 'four_eyes_required'
  | 'idempotency_mismatch'
  | 'member_exists'
  | 'merchant_taken'
  | 'no_merchant'
  | 'unknown_channel'
  | 'verification_failed'
  | 'verification_unavailable'
  | 'account_closed'
  | 'account_not_found'
  | 'account_not_active'
  | 'binding_mismatch'
  | 'binding_not_active'
  | 'currency_mismatch'
  | 'institution_not_active'
  | 'institution_required'
  | 'amount_too_large'
  | 'insufficient_funds'
  | 'no_channel_available'
  | 'product_not_available'
  | 'account_blocked'
  | 'account_not_empty'
  | 'account_not_payable'
  | 'below_floor'
  | 'blocked_by_operator'
  | 'exceeds_hold'
  | 'exceeds_original'
  | 'expiry_past'
  | 'hold_ended'
  | 'hold_expired'
  | 'not_reversible'
  | 'not_your_hold'
  | 'nothing_changes'
  | 'operators_only'
  | 'same_account'
  | 'slots_only_rise'
  | 'reference_taken'
  | 'statement_too_long'
  | 'too_many_entries'
  | 'day_not_closed'
  | 'day_too_large'
  | 'no_pages_in_files'
  | 'no_settlement_account'
  | 'unknown_cursor';

const statusOf: Record<RefusalCode, number> = {
  not_found: 404,
  already_decided: 409,
  already_unbound: 409,
  card_already_bound: 409,
  card_refused: 422,
  channel_unavailable: 422,
  four_eyes_required: 403,
  idempotency_mismatch: 422,
  member_exists: 409,
  merchant_taken: 409,
  no_merchant: 409,
  unknown_channel: 422,
  verification_failed: 422,
  verification_unavailable: 422,
  account_closed: 409,
  account_not_found: 404,
  account_not_active: 422,
  binding_mismatch: 422,
  binding_not_active: 422,
  currency_mismatch: 422,
  institution_not_active: 409,
  institution_required: 400,
  amount_too_large: 422,
  insufficient_funds: 422,
  no_channel_available: 422,
  product_not_available: 422,
  account_blocked: 409,
  account_not_empty: 409,
  account_not_payable: 422,
  below_floor: 409,
  blocked_by_operator: 403,
  exceeds_hold: 422,
  exceeds_original: 422,
  expiry_past: 422,
  hold_ended: 409,
  hold_expired: 409,
  not_reversible: 422,
  not_your_hold: 403,
  nothing_changes: 409,
  operators_only: 403,
  same_account: 422,
  slots_only_rise: 422,
  reference_taken: 409,
  statement_too_long: 422,
  too_many_entries: 422,
  day_not_closed: 409,
  day_too_large: 422,
  no_pages_in_files: 400,
  no_settlement_account: 422,
  unknown_cursor: 400,
};

/** @throws Error for a code that is missing from the table, which is a mistake of ours. */
export function refusalStatus(code: string): number {
  const status = Object.hasOwn(statusOf, code) ? statusOf[code as RefusalCode] : undefined; // own keys are the codes
  if (status === undefined) throw new Error(`the refusal ${code} has no HTTP status`);
  return status;
}
