/**
 * `running` until the execution ends. `superseded`: a newer version was concluded first, or after it. `failed`: a fault
 * of ours; the execution can be redriven. `cancelled`: an operator stopped it before it posted anything.
 */
export const batchStatuses = [
  'running',
  'balanced',
  'differing',
  'rejected',
  'superseded',
  'failed',
  'cancelled',
] as const;

export type BatchStatus = (typeof batchStatuses)[number];
