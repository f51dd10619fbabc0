/** 长款, 短款, 金额不符, 手续费不符, 状态不符, 重复, 退票 */
export const differenceTypes = [
  'missing_in_books',
  'missing_at_channel',
  'amount_mismatch',
  'fee_mismatch',
  'status_mismatch',
  'duplicate',
  'returned',
] as const;

export type DifferenceType = (typeof differenceTypes)[number];
