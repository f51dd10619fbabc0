/** Every refusal code of every context with its HTTP status: the only place that knows both. */
type RefusalCode =
  | 'not_found'
  | 'account_closed'
  | 'account_not_found'
  | 'account_not_active'
  | 'binding_mismatch'
  | 'binding_not_active'
  | 'currency_mismatch'
  | 'institution_not_active'
  | 'institution_required'
  | 'insufficient_funds'
  | 'no_channel_available'
  | 'product_not_available'
  | 'reference_taken'
  | 'statement_too_long';

const statusOf: Record<RefusalCode, number> = {
  not_found: 404,
  account_closed: 409,
  account_not_found: 404,
  account_not_active: 422,
  binding_mismatch: 422,
  binding_not_active: 422,
  currency_mismatch: 422,
  institution_not_active: 422,
  institution_required: 400,
  insufficient_funds: 422,
  no_channel_available: 422,
  product_not_available: 422,
  reference_taken: 409,
  statement_too_long: 422,
};

/** @throws Error for a code that is missing from the table, which is a mistake of ours. */
export function refusalStatus(code: string): number {
  const status = Object.hasOwn(statusOf, code) ? statusOf[code as RefusalCode] : undefined; // own keys are the codes
  if (status === undefined) throw new Error(`the refusal ${code} has no HTTP status`);
  return status;
}
