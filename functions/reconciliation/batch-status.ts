/**
 * `running` until the execution ends. `superseded`: a newer version was concluded first, or after it. `failed`: a fault
 * of ours; the execution can be redriven. `cancelled`: an operator stopped it before it posted anything. `reopened`: it was
 * balanced, and its settlement has been taken back since.
 */
export const batchStatuses = [
  'running',
  'balanced',
  'differing',
  'rejected',
  'superseded',
  'failed',
  'cancelled',
  'reopened',
] as const;

export type BatchStatus = (typeof batchStatuses)[number];
